/**
 * Gives the path of an address with its escapes undone, part by part; a part in which they are broken
 * stays as it is.
 */
export function decodedPath({ pathname }: URL): string {
  return pathname.split("/").map(decodePart).join("/");
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
