import { z } from "zod";
import { textOf, utf8 } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import { algorithmOf, type Digest, hexOf, isDigest, parseDigest } from "./digest.ts";

/** The file that makes a folder or an archive an image layout. */
export const LAYOUT_MARKER = "oci-layout";
/** The file that names the roots of an image layout. */
export const LAYOUT_INDEX = "index.json";
/** The folder of an image layout that holds content by digest. */
export const LAYOUT_BLOBS = "blobs";
/** The folder of a layout that holds unfinished files; other tools do not look at it. */
export const PARTIAL_FOLDER = ".partial";

const OWN_NAMES: ReadonlySet<string> = new Set([
  LAYOUT_MARKER,
  LAYOUT_INDEX,
  LAYOUT_BLOBS,
  PARTIAL_FOLDER,
]);
const LAYOUT_VERSION = "1.0.0";
const markerSchema = z.looseObject({ imageLayoutVersion: z.string() });

/** Tells whether a name of the top level is one that an image layout itself uses. */
export function isOwnName(name: string): boolean {
  return OWN_NAMES.has(name);
}

/** Tells whether a file of that name may stand beside the content of an image layout. */
export function isLayoutFileName(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && !/[/\0]/.test(name) && !isOwnName(name);
}

/** Gives the name that content has in an image layout. Spec: image-spec v1.1, Image Layout, Blobs. */
export function blobName(digest: Digest): string {
  return `${LAYOUT_BLOBS}/${algorithmOf(digest)}/${hexOf(parseDigest(digest))}`;
}

/** Gives the digest that a name of content says; undefined for any other name. */
export function blobDigest(name: string): Digest | undefined {
  const [folder, algorithm, hex, more] = name.split("/", 4);
  const text = `${algorithm}:${hex}`;
  return folder === LAYOUT_BLOBS && more === undefined && isDigest(text) ? text : undefined;
}

/** Writes the oci-layout file. Spec: image-spec v1.1, Image Layout, oci-layout file. */
export function formatMarker(): Uint8Array {
  return utf8(JSON.stringify({ imageLayoutVersion: LAYOUT_VERSION }));
}

/**
 * Checks that an oci-layout file is one, of a version that devreg reads.
 *
 * @throws {DevregError} INPUT_INVALID, UNSUPPORTED
 */
export function checkMarker(layout: string, bytes: Uint8Array): void {
  const version = parseMarker(layout, textOf(bytes));
  if (version.split(".")[0] === LAYOUT_VERSION.split(".")[0]) return;
  throw new DevregError(
    "UNSUPPORTED",
    `Cannot open image layout "${layout}": it has version "${version}"`,
    { hint: `This version of devreg reads image layouts ${LAYOUT_VERSION}` },
  );
}

function parseMarker(layout: string, text: string): string {
  try {
    return markerSchema.parse(JSON.parse(text)).imageLayoutVersion;
  } catch (cause) {
    throw new DevregError(
      "INPUT_INVALID",
      `Cannot open image layout "${layout}": its file "${LAYOUT_MARKER}" is not valid`,
      { cause },
    );
  }
}
