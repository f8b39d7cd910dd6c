import { DevregError } from "../../errors.ts";

/** Gives the name of the zip of a starter project, beside the devfile: "web-offline.zip". */
export function starterZipName(name: string): string {
  if (!/^[^/\\\p{Cc}]+$/u.test(name) || name === "." || name === "..") {
    throw new DevregError(
      "INPUT_INVALID",
      `Cannot store starter project "${name}": its name cannot be that of a file`,
    );
  }
  return `${name}-offline.zip`;
}

/**
 * Gives what zip.location has to be for clients to find the zip of a starter project. Clients GET
 * the text as it stands, so only an address with a public URL serves them all; without one it is
 * the file beside the devfile, which the REST endpoint alone understands.
 *
 * @param folder the version folder inside of a build: "stacks/go/1.1.0"
 */
export function starterAddress(folder: string, name: string, publicUrl?: string): string {
  const file = starterZipName(name);
  if (publicUrl === undefined) return file;
  const path = [...folder.split("/"), file].map(encodeURIComponent).join("/");
  return `${withoutSlash(publicUrl)}/${path}`;
}

/** Tells an address that starterAddress() gave for this project, for some or for this public URL. */
export function isStarterAddress(
  address: string,
  folder: string,
  name: string,
  publicUrl?: string,
): boolean {
  if (publicUrl !== undefined) return address === starterAddress(folder, name, publicUrl);
  return (
    address === starterAddress(folder, name) || address.endsWith(starterAddress(folder, name, ""))
  );
}

/** Takes the slashes off the end of a URL, so that paths can follow it. */
export function withoutSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
