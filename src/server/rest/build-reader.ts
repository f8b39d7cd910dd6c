import type { Build, BuildFile } from "../../generator/index.ts";
import { ANSWER_CACHE_BYTES, CACHED_FILE_BYTES, FILTER_CACHE_ENTRIES } from "../../limits.ts";
import {
  BoundedCache,
  isCompressible,
  mediaTypeOf,
  PLAIN_TEXT,
  Representation,
  SANDBOX_POLICY,
} from "../http/index.ts";

/** How a file is shown: as what it is, or as the text that a devfile answer is. */
export type FileLook = "file" | "text";

/** Reads files of one build as representations; small ones are kept for a while. */
export class BuildReader {
  readonly #build: Build;
  readonly #kept = new BoundedCache<Representation>(
    { entries: FILTER_CACHE_ENTRIES, bytes: ANSWER_CACHE_BYTES },
    (file) => file.parts.bytes.byteLength,
  );

  constructor(build: Build) {
    this.#build = build;
  }

  /** Gives a file by its path in the build; undefined when there is none. */
  async open(
    path: string,
    look: FileLook,
    cacheControl?: string,
  ): Promise<Representation | undefined> {
    const key = `${look} ${path}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const file = await this.#build.files.stat(path);
    if (file === undefined) return undefined;
    const type = look === "text" ? PLAIN_TEXT : mediaTypeOf(path);
    const representation = new Representation({
      bytes: await this.#build.files.read(path),
      type,
      policy: SANDBOX_POLICY,
      compressible: look === "text" && isCompressible(type),
      ...versionOf(file),
      ...(cacheControl === undefined ? {} : { cacheControl }),
    });
    if (file.size <= CACHED_FILE_BYTES) this.#kept.set(key, representation);
    return representation;
  }
}

/** A large file on disk is told apart by size and date, a small one by its content. */
function versionOf({ size, modified }: BuildFile): { modified?: Date; version?: string } {
  if (modified === undefined) return {};
  if (size <= CACHED_FILE_BYTES) return { modified };
  return { modified, version: `${size.toString(16)}-${modified.getTime().toString(16)}` };
}
