import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { ioError } from "../atomic-file.ts";
import { type ByteStream, formatBytes } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import { LAYOUT_FILES, LAYOUT_INDEX_BYTES, LAYOUT_MARKER_BYTES } from "../limits.ts";
import type { FetchOptions } from "./content.ts";
import type { Descriptor } from "./descriptor.ts";
import { algorithmOf, type Digest, hexOf, parseDigest } from "./digest.ts";
import { ReadonlyLayoutRegistry } from "./layout.ts";
import { tooManyFiles } from "./layout-files.ts";
import type { LayoutOptions } from "./layout-folder.ts";
import { GraphReader } from "./layout-graph.ts";
import { parseLayoutIndex } from "./layout-index.ts";
import {
  checkMarker,
  isLayoutFileName,
  LAYOUT_BLOBS,
  LAYOUT_INDEX,
  LAYOUT_MARKER,
} from "./layout-marker.ts";
import type { LayoutFile, LayoutFiles, ReadonlyContentPool } from "./layout-ports.ts";
import { rangeOf, readAt, readRange } from "./layout-range.ts";
import type { ReadonlyLayoutParts } from "./layout-repository.ts";
import { type TarCursor, type TarEntry, tarEntries } from "./tar-entries.ts";

/** Reads an image layout from one tar file where it stands; nothing is unpacked. */
export class TarLayoutRegistry extends ReadonlyLayoutRegistry {
  readonly #close: () => Promise<void>;

  constructor(parts: ReadonlyLayoutParts, close: () => Promise<void>) {
    super(parts);
    this.#close = close;
  }

  /** Closes the file; what is still being read from it fails. */
  close(): Promise<void> {
    return this.#close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/**
 * Opens an image layout in a tar file to read. All headers are read at once, so that a file that
 * ends early is found out now; content is read, and verified, when it is fetched. Where two entries
 * have the same name the last one counts.
 *
 * @throws {DevregError} INPUT_INVALID when it is no tar or no image layout; BUNDLE_INVALID when it
 *   is damaged or ends early; LIMIT_EXCEEDED, UNSUPPORTED, IO
 */
export async function openTarLayout(
  path: string,
  options: LayoutOptions = {},
): Promise<TarLayoutRegistry> {
  const file = await openRegularFile(path);
  try {
    const archive = await readArchive(file, path);
    const index = parseLayoutIndex(await archive.readSmall(LAYOUT_INDEX, LAYOUT_INDEX_BYTES));
    checkMarker(path, await archive.readSmall(LAYOUT_MARKER, LAYOUT_MARKER_BYTES));
    const pool = new TarPool(archive);
    const parts = {
      pool,
      index: { read: async () => index },
      graphs: new GraphReader(pool),
      files: new TarFiles(archive),
      unnamed: options.unnamed,
    };
    return new TarLayoutRegistry(parts, () => file.close());
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Gives the name that content has in an image layout. Spec: image-spec v1.1, Image Layout, Blobs. */
export function blobName(digest: Digest): string {
  return `${LAYOUT_BLOBS}/${algorithmOf(digest)}/${hexOf(parseDigest(digest))}`;
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

async function openRegularFile(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    if ((await file.stat()).isFile()) return file;
    await file.close();
  } catch (error) {
    throw ioError("open", path, error);
  }
  throw new DevregError("INPUT_INVALID", `Cannot read "${path}": it is not a regular file`, {
    hint: "Name a tar, or pipe it in and name - instead",
  });
}

async function readArchive(file: FileHandle, path: string): Promise<TarArchive> {
  const { size } = await file.stat();
  const entries = new Map<string, TarEntry>();
  for await (const entry of tarEntries(new FileCursor(file, path, size), path)) {
    if (entry.kind === "file") entries.set(entry.name, entry);
  }
  return new TarArchive(file, path, entries);
}

class FileCursor implements TarCursor {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #size: number;
  position = 0;

  constructor(file: FileHandle, path: string, size: number) {
    this.#file = file;
    this.#path = path;
    this.#size = size;
  }

  async take(length: number): Promise<Uint8Array> {
    const bytes = await readAt(this.#file, this.#path, this.position, length);
    this.position += bytes.byteLength;
    return bytes;
  }

  async skip(length: number): Promise<number> {
    const skipped = Math.min(length, this.#size - this.position);
    this.position += skipped;
    return skipped;
  }
}

/** An open tar, and where its files stand in it. */
class TarArchive {
  readonly path: string;
  readonly entries: ReadonlyMap<string, TarEntry>;
  readonly #file: FileHandle;

  constructor(file: FileHandle, path: string, entries: ReadonlyMap<string, TarEntry>) {
    this.path = path;
    this.entries = entries;
    this.#file = file;
  }

  open(name: string, options: FetchOptions = {}): ByteStream | undefined {
    const entry = this.entries.get(name);
    if (entry === undefined) return undefined;
    const range = rangeOf(entry.size, options, entry.offset);
    return readRange(this.#file, this.path, range, options.signal);
  }

  async readSmall(name: string, limitBytes: number): Promise<Uint8Array> {
    const entry = this.entries.get(name);
    if (entry === undefined) throw noLayoutFile(this.path, name);
    if (entry.size > limitBytes) throw layoutFileTooLarge(this.path, name, limitBytes);
    return readAt(this.#file, this.path, entry.offset, entry.size);
  }
}

class TarPool implements ReadonlyContentPool {
  readonly #archive: TarArchive;

  constructor(archive: TarArchive) {
    this.#archive = archive;
  }

  async sizeOf(digest: Digest): Promise<number | undefined> {
    return this.#archive.entries.get(blobName(digest))?.size;
  }

  async holds(target: Descriptor): Promise<boolean> {
    return (await this.sizeOf(target.digest)) === target.size;
  }

  async read(digest: Digest, options?: FetchOptions): Promise<ByteStream | undefined> {
    return this.#archive.open(blobName(digest), options);
  }
}

class TarFiles implements LayoutFiles {
  readonly #archive: TarArchive;

  constructor(archive: TarArchive) {
    this.#archive = archive;
  }

  async list(): Promise<readonly LayoutFile[]> {
    const names = [...this.#archive.entries.keys()].filter(isLayoutFileName).sort();
    if (names.length > LAYOUT_FILES) throw tooManyFiles(this.#archive.path);
    return names.flatMap((name) => this.#find(name) ?? []);
  }

  async stat(name: string): Promise<LayoutFile | undefined> {
    return this.#find(name);
  }

  async open(name: string, options?: FetchOptions): Promise<ByteStream | undefined> {
    return isLayoutFileName(name) ? this.#archive.open(name, options) : undefined;
  }

  #find(name: string): LayoutFile | undefined {
    const entry = isLayoutFileName(name) ? this.#archive.entries.get(name) : undefined;
    return entry && { name, size: entry.size, mode: entry.mode };
  }
}
