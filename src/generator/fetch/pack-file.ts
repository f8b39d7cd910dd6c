import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { inflateSync } from "node:zlib";
import { DevregError } from "../../errors.ts";
import { GIT_OBJECT_BYTES } from "../../limits.ts";
import { type EntryHeader, readEntryHeader } from "../git-history-pack.ts";

/** An entry of a pack, its content unpacked: that of an object, or a delta. */
export interface PackEntry extends EntryHeader {
  readonly content: Buffer;
  /** Where the next entry starts. */
  readonly end: number;
}

/** How much is read at once where entries are read one after the other. */
const SLAB_BYTES = 1024 * 1024;
/** How much is read at once elsewhere; most entries are smaller. */
const PIECE_BYTES = 8 * 1024;
/** An entry's header is 10 bytes of size and 20 of a base at most. */
const HEADER_BYTES = 32;

/** A pack without an index, read in step with its caller. */
export class PackFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly #file: number;
  #slab: Buffer = Buffer.alloc(0);
  #slabStart = 0;

  /** Opens the file. Call {@link close} when done. */
  constructor(path: string) {
    this.path = path;
    this.#file = openSync(path, "r");
    this.sizeBytes = fstatSync(this.#file).size;
  }

  /** Reads some bytes; fewer at the end. They are valid until the next call. */
  read(offset: number, length: number): Buffer {
    const slabEnd = this.#slabStart + this.#slab.byteLength;
    const wanted = Math.max(0, Math.min(length, this.sizeBytes - offset));
    if (offset < this.#slabStart || offset + wanted > slabEnd) {
      const onward = offset >= this.#slabStart && offset <= slabEnd;
      const slab = Buffer.allocUnsafe(Math.max(onward ? SLAB_BYTES : PIECE_BYTES, wanted));
      this.#slab = slab.subarray(0, readSync(this.#file, slab, 0, slab.byteLength, offset));
      this.#slabStart = offset;
    }
    const start = offset - this.#slabStart;
    return this.#slab.subarray(start, start + wanted);
  }

  /** Unpacks the entry at an offset. @throws {DevregError} INPUT_INVALID, LIMIT_EXCEEDED */
  entry(offset: number): PackEntry {
    const header = this.#header(offset);
    if (header.size > GIT_OBJECT_BYTES) {
      const message = `Cannot fetch the git repository: an object is over ${GIT_OBJECT_BYTES} bytes`;
      throw new DevregError("LIMIT_EXCEEDED", message);
    }
    const start = offset + header.headerBytes;
    const { content, usedBytes } = this.#inflate(start, header.size);
    return { ...header, content, end: start + usedBytes };
  }

  /** Closes the file. */
  close(): void {
    closeSync(this.#file);
  }

  /** Makes an error about the pack. */
  damaged(state: string, cause?: unknown): DevregError {
    return new DevregError("INPUT_INVALID", `Cannot read the pack of a git server: ${state}`, {
      cause,
      hint: "Check the server's repository with git fsck",
    });
  }

  #header(offset: number): EntryHeader {
    try {
      return readEntryHeader(this.read(offset, HEADER_BYTES));
    } catch (cause) {
      throw this.damaged("it ends within an object", cause);
    }
  }

  #inflate(offset: number, size: number): { content: Buffer; usedBytes: number } {
    // Deflate says itself where it ends. Content that cannot be compressed grows a little.
    for (let length = size + (size >> 3) + 64; ; length *= 2) {
      const raw = this.read(offset, length);
      try {
        return inflateCounted(raw, size);
      } catch (cause) {
        const more = raw.byteLength === length && length < 4 * size + SLAB_BYTES;
        if (!more || !endedEarly(cause)) throw this.damaged("an object is damaged", cause);
      }
    }
  }
}

function inflateCounted(raw: Buffer, size: number): { content: Buffer; usedBytes: number } {
  const options = { maxOutputLength: Math.max(1, size), info: true };
  // With `info` the answer also tells how much was read, which the types do not know.
  const { buffer, engine } = inflateSync(raw, options) as unknown as {
    readonly buffer: Buffer;
    readonly engine: { readonly bytesWritten: number };
  };
  if (buffer.byteLength !== size) throw new Error("its size is wrong");
  return { content: buffer, usedBytes: engine.bytesWritten };
}

function endedEarly(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "Z_BUF_ERROR";
}
