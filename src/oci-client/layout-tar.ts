import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { ioError } from "../atomic-file.ts";
import type { ByteStream } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import { LAYOUT_INDEX_BYTES, LAYOUT_MARKER_BYTES } from "../limits.ts";
import type { FetchOptions } from "./content.ts";
import type { Descriptor } from "./descriptor.ts";
import type { Digest } from "./digest.ts";
import { ReadonlyLayoutRegistry } from "./layout.ts";
import type { LayoutOptions } from "./layout-folder.ts";
import { GraphReader } from "./layout-graph.ts";
import { parseLayoutIndex } from "./layout-index.ts";
import {
  blobName,
  checkMarker,
  isLayoutFileName,
  LAYOUT_INDEX,
  LAYOUT_MARKER,
} from "./layout-marker.ts";
import type { LayoutFile, LayoutFiles, ReadonlyContentPool } from "./layout-ports.ts";
import type { ReadonlyLayoutParts } from "./layout-repository.ts";
import { readArchive, type TarArchive } from "./layout-tar-archive.ts";

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
