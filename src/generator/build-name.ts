const NAME_BYTES = 255;

/**
 * Tells whether text can be the name of a folder in a build, on whatever medium, and so a part of
 * an address. It need not be a name or tag that OCI knows.
 */
export function isBuildName(text: string): boolean {
  if (text === "" || text === "." || text === ".." || /[/\\\p{Cc}\ufffd]/u.test(text)) return false;
  return Buffer.byteLength(text) <= NAME_BYTES;
}
