import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { ioError } from "../atomic-file.ts";
import type { ByteStream } from "../bytes.ts";
import { DevregError, type ErrorCode } from "../errors.ts";
import { FILE_CHUNK_BYTES } from "../limits.ts";
import type { FetchOptions } from "./content.ts";
import type { Descriptor } from "./descriptor.ts";
import { verifyStream } from "./verify.ts";

/** Where in a file content stands, in bytes; `end` is the first byte behind it. */
export interface FileRange {
  readonly start: number;
  readonly end: number;
}

/** Gives the part of content of that size that a fetch asks for, its bytes beginning at `base`. */
export function rangeOf(size: number, { offset, length }: FetchOptions, base = 0): FileRange {
  const start = Math.min(offset ?? 0, size);
  const end = Math.min(start + (length ?? size), size);
  return { start: base + start, end: base + end };
}

/**
 * Opens a regular file to read; a link or a pipe that was put in its place is neither followed nor
 * waited for.
 *
 * @throws {DevregError} IO
 */
export async function openPlainFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    throw ioError("open", path, error);
  }
}

/** Reads a part of a file by its path; the file is open only while the stream is read. */
export async function* readFileRange(
  path: string,
  range: FileRange,
  signal?: AbortSignal,
): ByteStream {
  const file = await openPlainFile(path);
  try {
    yield* readRange(file, path, range, signal);
  } finally {
    await file.close();
  }
}

/**
 * Reads a part of an open file, which stays open. A file that became shorter ends the stream;
 * whoever verifies sees that bytes are missing.
 *
 * @throws {DevregError} IO, ABORTED
 */
export async function* readRange(
  file: FileHandle,
  path: string,
  { start, end }: FileRange,
  signal?: AbortSignal,
): ByteStream {
  let position = start;
  while (position < end) {
    if (signal?.aborted) throw new DevregError("ABORTED", `Cannot read "${path}": aborted`);
    const chunk = await readAt(file, path, position, Math.min(FILE_CHUNK_BYTES, end - position));
    if (chunk.byteLength === 0) return;
    position += chunk.byteLength;
    yield chunk;
  }
}

/** Reads up to that many bytes of an open file; fewer only at its end. @throws {DevregError} IO */
export async function readAt(
  file: FileHandle,
  path: string,
  position: number,
  length: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  try {
    while (filled < length) {
      const { bytesRead } = await file.read(bytes, filled, length - filled, position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
  } catch (error) {
    throw ioError("read", path, error);
  }
  return bytes.subarray(0, filled);
}

/**
 * Reads a stream to its end, and tells whether it is what the descriptor names.
 *
 * @throws {DevregError} whatever the stream fails with
 */
export async function isIntact(target: Descriptor, stream: ByteStream): Promise<boolean> {
  try {
    for await (const _ of verifyStream(target, stream));
    return true;
  } catch (error) {
    if (error instanceof DevregError && WRONG.has(error.code)) return false;
    throw error;
  }
}

const WRONG: ReadonlySet<ErrorCode> = new Set(["DIGEST_MISMATCH", "SIZE_MISMATCH"]);
