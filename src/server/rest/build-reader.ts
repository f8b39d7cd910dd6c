import type { Build, BuildFile } from "../../generator/index.ts";
import { ANSWER_CACHE_BYTES, CACHED_FILE_BYTES, FILTER_CACHE_ENTRIES } from "../../limits.ts";
import { OCTET_STREAM } from "../../oci-client/index.ts";
import {
  BoundedCache,
  isCompressible,
  mediaTypeOf,
  PLAIN_TEXT,
  REVALIDATE,
  type ReplyOptions,
  Representation,
  representRanges,
  SANDBOX_POLICY,
} from "../http/index.ts";
import { type ArchivedFile, ArchiveReader } from "./archive-reader.ts";
import { answerLargeFile, type LargeFile } from "./large-file.ts";

/** How a file is answered with. */
export interface AnswerOptions extends ReplyOptions {
  readonly look?: FileLook;
  readonly cacheControl?: string;
}

/** How much of a file tells whether it is text. */
const SNIFFED_BYTES = 512;

/** How a file is shown: as what it is, or as the text that a devfile answer is. */
export type FileLook = "file" | "text";

/** Reads files of one build as representations; small ones are kept for a while. */
export class BuildReader {
  readonly #build: Build;
  readonly #since: Date;
  readonly #archives: ArchiveReader;
  readonly #kept = new BoundedCache<Representation>(
    { name: "files", entries: FILTER_CACHE_ENTRIES, bytes: ANSWER_CACHE_BYTES },
    (file) => file.parts.bytes.byteLength,
  );

  /** @param since when the build was loaded: no file of it changed after that */
  constructor(build: Build, since: Date) {
    this.#build = build;
    this.#since = since;
    this.#archives = new ArchiveReader(build);
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
    const file = await this.#find(path);
    if (file === undefined) return undefined;
    const bytes = file.bytes ?? (await this.#build.files.read(path));
    const type = look === "text" ? PLAIN_TEXT : typeOf(path, bytes);
    const representation = new Representation({
      bytes,
      type,
      policy: SANDBOX_POLICY,
      compressible: look === "text" && isCompressible(type),
      ...versionOf(file, this.#since),
      ...(cacheControl === undefined ? {} : { cacheControl }),
    });
    if (file.size <= CACHED_FILE_BYTES) this.#kept.set(key, representation);
    return representation;
  }

  /** Answers with a file, whole or in part, as what it is; undefined when there is none. */
  async answer(
    request: Request,
    path: string,
    { look = "file", cacheControl, ...options }: AnswerOptions = {},
  ): Promise<Response | undefined> {
    const large = await this.#openLarge(path, look, cacheControl);
    if (large !== undefined) return answerLargeFile(request, large, options);
    const file = await this.open(path, look, cacheControl);
    return file && representRanges(request, file, options);
  }

  async #openLarge(
    path: string,
    look: FileLook,
    cacheControl = REVALIDATE,
  ): Promise<LargeFile | undefined> {
    const stat = await this.#build.files.stat(path);
    if (stat?.modified === undefined || stat.size <= CACHED_FILE_BYTES) return undefined;
    const blob = this.#build.files.blob?.(path);
    if (blob === undefined) return undefined;
    const { modified } = stat;
    const type = look === "text" ? PLAIN_TEXT : mediaTypeOf(path);
    const etag = `"${versionName(stat.size, modified)}"`;
    return { blob, etag, modified, type, policy: SANDBOX_POLICY, cacheControl };
  }

  /** A file beside the devfile, else one that was packed into the archive of its version. */
  async #find(path: string): Promise<(BuildFile & Partial<ArchivedFile>) | undefined> {
    return (await this.#build.files.stat(path)) ?? (await this.#archives.find(path));
  }
}

/**
 * Names like "Dockerfile" tell nothing: text is told by its bytes. Parity: the Go server looks at
 * them too.
 */
function typeOf(path: string, bytes: Uint8Array): string {
  const type = mediaTypeOf(path);
  if (type !== OCTET_STREAM) return type;
  const start = bytes.subarray(0, SNIFFED_BYTES);
  return isText(start) ? PLAIN_TEXT : type;
}

function isText(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return false;
  try {
    // A character may be cut in two at the end, which a stream may go on with.
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** A large file on disk is told apart by size and date, a small one by its content. */
function versionOf(
  { size, modified }: BuildFile,
  since: Date,
): { modified: Date; version?: string } {
  if (modified === undefined) return { modified: since };
  if (size <= CACHED_FILE_BYTES) return { modified };
  return { modified, version: versionName(size, modified) };
}

function versionName(size: number, modified: Date): string {
  return `${size.toString(16)}-${modified.getTime().toString(16)}`;
}
