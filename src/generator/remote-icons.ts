import { DevregError } from "../errors.ts";
import { ICON_BYTES } from "../limits.ts";
import { digestOf, hexOf } from "../oci-client/index.ts";
import type { FetchedProject } from "./fetch/index.ts";
import { iconDataAddress, iconFormatOf } from "./icons-format.ts";
import type { PackagedFile } from "./package-stack.ts";
import { fileFinder } from "./project-files.ts";

/** An icon that lies in the repository of a sample. */
export interface RemoteIcon {
  /** Where it lay: "<address>#<commit>:<path>". */
  readonly origin: string;
  /** "icons/<sha256>.<extension>" */
  readonly file: PackagedFile;
  /** An address that holds the icon itself: a path means nothing to clients. */
  readonly address: string;
}

/** Tells whether an icon is meant as a path, not as an address. */
export function isIconPath(icon: string | undefined): icon is string {
  return icon !== undefined && icon !== "" && !URL.canParse(icon);
}

/**
 * Takes an icon out of a project. Only an image is one, as for icons that have an address.
 *
 * @throws {DevregError} NOT_FOUND, LIMIT_EXCEEDED, INPUT_INVALID
 */
export function takeIcon({ tree, provenance }: FetchedProject, icon: string): RemoteIcon {
  const path = icon.replace(/^(?:\.?\/)+/, "");
  const bytes = fileFinder(tree)(path)?.bytes;
  const fail = (code: "NOT_FOUND" | "LIMIT_EXCEEDED" | "INPUT_INVALID", state: string) =>
    new DevregError(code, `Cannot use icon "${icon}": ${state}`, {
      hint: "Set icon to the address of an image, or to its path in the sample's repository",
    });
  if (bytes === undefined) throw fail("NOT_FOUND", "the sample's repository does not have it");
  if (bytes.byteLength > ICON_BYTES) throw fail("LIMIT_EXCEEDED", `over ${ICON_BYTES} bytes`);
  const format = iconFormatOf(bytes);
  if (format === undefined) throw fail("INPUT_INVALID", "it is no image that browsers show");
  const commit = provenance.kind === "git" ? provenance.commit : provenance.sha256;
  const name = `icons/${hexOf(digestOf(bytes))}.${format.extension}`;
  return {
    origin: `${provenance.url}#${commit}:${path}`,
    file: { name, bytes },
    address: iconDataAddress(bytes, format),
  };
}
