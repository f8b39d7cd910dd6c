import type { FileHandle } from "node:fs/promises";
import { type ByteStream, formatBytes } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import { LAYOUT_FILES, TAR_AHEAD_BYTES } from "../mirror-limits.ts";
import type { FetchOptions } from "./content.ts";
import { tooManyFiles } from "./layout-files.ts";
import { blobDigest, isLayoutFileName } from "./layout-marker.ts";
import { rangeOf, readAt, readRange } from "./layout-range.ts";
import { type TarCursor, type TarEntry, tarEntries } from "./tar-entries.ts";

/** An open tar, and where its files stand in it. */
export class TarArchive {
  /** Where the tar is. */
  readonly path: string;
  /** Its files by name. */
  readonly entries: ReadonlyMap<string, TarEntry>;
  readonly #file: FileHandle;

  constructor(file: FileHandle, path: string, entries: ReadonlyMap<string, TarEntry>) {
    this.path = path;
    this.entries = entries;
    this.#file = file;
  }

  /** Reads a part of a file; undefined when there is none of that name. */
  open(name: string, options: FetchOptions = {}): ByteStream | undefined {
    const entry = this.entries.get(name);
    if (entry === undefined) return undefined;
    const range = rangeOf(entry.size, options, entry.offset);
    return readRange(this.#file, this.path, range, options.signal);
  }

  /** Reads a file whole. @throws {DevregError} INPUT_INVALID when it is absent; LIMIT_EXCEEDED */
  async readSmall(name: string, limitBytes: number): Promise<Uint8Array> {
    const entry = this.entries.get(name);
    if (entry === undefined) throw noLayoutFile(this.path, name);
    if (entry.size > limitBytes) throw layoutFileTooLarge(this.path, name, limitBytes);
    return readAt(this.#file, this.path, entry.offset, entry.size);
  }
}

/** Reads all headers of an open tar. @throws {DevregError} as {@link tarEntries} does */
export async function readArchive(file: FileHandle, path: string): Promise<TarArchive> {
  const { size } = await file.stat();
  const entries = new Map<string, TarEntry>();
  const beside = new Set<string>();
  for await (const entry of tarEntries(new FileCursor(file, path, size), path)) {
    if (entry.kind !== "file") continue;
    const { name } = entry;
    if (isLayoutFileName(name)) beside.add(name);
    if (beside.size > LAYOUT_FILES) throw tooManyFiles(path);
    // What lies in other folders is no part of a layout; its name alone could fill the memory.
    if (!name.includes("/") || blobDigest(name) !== undefined) entries.set(name, entry);
  }
  return new TarArchive(file, path, entries);
}

/** Makes the error of a tar that lacks a file of an image layout. */
export function noLayoutFile(tar: string, name: string): DevregError {
  return new DevregError("INPUT_INVALID", `Cannot read "${tar}": it has no ${name}`, {
    hint: "Name a tar that holds an image layout: oci-layout, index.json and blobs",
  });
}

/** Makes the error of a file of an image layout that is larger than devreg takes. */
export function layoutFileTooLarge(tar: string, name: string, limitBytes: number): DevregError {
  return new DevregError(
    "LIMIT_EXCEEDED",
    `Cannot take "${tar}": its ${name} is over ${formatBytes(limitBytes)}`,
  );
}

class FileCursor implements TarCursor {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #size: number;
  /** What was read around the last header: small content leaves the next one in it. */
  #window: Uint8Array = new Uint8Array();
  #start = 0;
  position = 0;

  constructor(file: FileHandle, path: string, size: number) {
    this.#file = file;
    this.#path = path;
    this.#size = size;
  }

  async take(length: number): Promise<Uint8Array> {
    if (this.#ahead(length).byteLength < length) {
      this.#start = this.position;
      this.#window = await readAt(
        this.#file,
        this.#path,
        this.position,
        Math.max(length, TAR_AHEAD_BYTES),
      );
    }
    const bytes = this.#ahead(length);
    this.position += bytes.byteLength;
    return bytes;
  }

  async skip(length: number): Promise<number> {
    const skipped = Math.min(length, this.#size - this.position);
    this.position += skipped;
    return skipped;
  }

  #ahead(length: number): Uint8Array {
    const offset = this.position - this.#start;
    return this.#window.subarray(offset, offset + length);
  }
}
