import { textOf, utf8 } from "../../bytes.ts";
import { dockerfileImages, type InspectedFile, manifestImages } from "../discover/index.ts";
import type { ImageNaming } from "./new-reference.ts";
import { proveRenamed, renamedImages, spliceImages } from "./rewrite-text.ts";

/** A file with new names. */
export interface RewrittenFile {
  readonly bytes: Uint8Array;
  /** How many places name another image than before. */
  readonly changed: number;
}

/**
 * Renames images in a manifest or a Dockerfile; all other bytes stay. What was there is not kept, so
 * that new names are what later runs start from.
 *
 * @throws {DevregError} INPUT_INVALID when an image is written so that it cannot be replaced
 */
export function rewriteDocument(file: InspectedFile, naming: ImageNaming): RewrittenFile {
  const renamed = renamedImages(file.images, file.context, naming).filter(
    ({ mention, text }) => mention.text !== text,
  );
  if (renamed.length === 0) return { bytes: file.bytes, changed: 0 };
  const bytes = utf8(spliceImages(textOf(file.bytes), renamed));
  const read = file.kind === "manifest" ? manifestImages : dockerfileImages;
  proveRenamed(file.path, file, read(file.path, bytes, file.context), renamed);
  return { bytes, changed: renamed.length };
}
