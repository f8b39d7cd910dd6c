import { join, resolve } from "node:path";
import { writeFileAtomic } from "../atomic-file.ts";
import type { ByteStream } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import { DISCARD_BYTES, LAYOUT_INDEX_BYTES, LAYOUT_MARKER_BYTES } from "../limits.ts";
import { LAYOUT_FILES } from "../mirror-limits.ts";
import type { Digest } from "./digest.ts";
import type { LayoutRegistry } from "./layout.ts";
import { BlobPool } from "./layout-blobs.ts";
import { tooManyFiles } from "./layout-files.ts";
import { createLayout, type LayoutOptions, openLayout } from "./layout-folder.ts";
import { parseLayoutIndex } from "./layout-index.ts";
import { LayoutIndexFile } from "./layout-index-file.ts";
import {
  blobDigest,
  checkMarker,
  isLayoutFileName,
  LAYOUT_INDEX,
  LAYOUT_MARKER,
  PARTIAL_FOLDER,
} from "./layout-marker.ts";
import { layoutFileTooLarge, noLayoutFile } from "./layout-tar-archive.ts";
import { OCTET_STREAM } from "./media-types.ts";
import { damagedContent, type TarEntry, tarEntries, truncated } from "./tar-entries.ts";
import { plainMode } from "./tar-header.ts";
import { StreamCursor } from "./tar-stream-cursor.ts";

/** How a tar that comes as a stream is read. */
export interface TarStreamOptions extends LayoutOptions {
  /** What to call the stream in messages; "-" unless told. */
  readonly shown?: string;
}

/**
 * Reads an image layout that comes as one tar into a folder, and opens it there. Content is verified
 * as it comes; what the folder holds in full is passed over, so running it again finishes what was
 * broken off. The roots of the folder become those of the tar once all of it is there.
 *
 * @throws {DevregError} INPUT_INVALID when it is no tar or no image layout, or the folder holds
 *   something else; BUNDLE_INVALID when it is damaged or ends early; LIMIT_EXCEEDED, UNSUPPORTED, IO
 */
export async function readTarStream(
  stream: ByteStream,
  folder: string,
  options: TarStreamOptions = {},
): Promise<LayoutRegistry> {
  const root = resolve(folder);
  await createLayout(root, options);
  const cursor = new StreamCursor(stream);
  try {
    await new TarReceiver(root, cursor, options.shown ?? "-").receive();
  } finally {
    await cursor.close();
  }
  return openLayout(root, options);
}

class TarReceiver {
  readonly #root: string;
  readonly #cursor: StreamCursor;
  readonly #shown: string;
  readonly #pool: BlobPool;
  readonly #small = new Map<string, Uint8Array>();
  readonly #files = new Set<string>();

  constructor(root: string, cursor: StreamCursor, shown: string) {
    this.#root = root;
    this.#cursor = cursor;
    this.#shown = shown;
    this.#pool = new BlobPool(root);
  }

  async receive(): Promise<void> {
    for await (const entry of tarEntries(this.#cursor, this.#shown)) {
      if (entry.kind === "file") await this.#receiveFile(entry);
    }
    checkMarker(this.#shown, this.#smallFile(LAYOUT_MARKER));
    const index = parseLayoutIndex(this.#smallFile(LAYOUT_INDEX));
    await new LayoutIndexFile(this.#root).edit(() => index);
    // Whoever sends the usual padding behind the end should not find the pipe closed.
    await this.#cursor.skip(DISCARD_BYTES);
  }

  async #receiveFile(entry: TarEntry): Promise<void> {
    const digest = blobDigest(entry.name);
    if (digest !== undefined) await this.#receiveBlob(entry, digest);
    else if (entry.name === LAYOUT_MARKER) await this.#keep(entry, LAYOUT_MARKER_BYTES);
    else if (entry.name === LAYOUT_INDEX) await this.#keep(entry, LAYOUT_INDEX_BYTES);
    else if (isLayoutFileName(entry.name)) await this.#writeFile(entry);
  }

  async #receiveBlob(entry: TarEntry, digest: Digest): Promise<void> {
    const expected = { mediaType: OCTET_STREAM, digest, size: entry.size };
    try {
      await this.#pool.write(expected, () => this.#contentOf(entry));
    } catch (error) {
      const wrong = error instanceof DevregError && error.code === "DIGEST_MISMATCH";
      throw wrong ? damagedContent(this.#shown, entry.name, error) : error;
    }
  }

  async #keep(entry: TarEntry, limitBytes: number): Promise<void> {
    if (entry.size > limitBytes) throw layoutFileTooLarge(this.#shown, entry.name, limitBytes);
    this.#small.set(entry.name, await this.#cursor.take(entry.size));
  }

  async #writeFile(entry: TarEntry): Promise<void> {
    this.#files.add(entry.name);
    if (this.#files.size > LAYOUT_FILES) throw tooManyFiles(this.#shown);
    await writeFileAtomic(join(this.#root, entry.name), () => this.#contentOf(entry), {
      mode: plainMode(entry.mode),
      temporaryFolder: join(this.#root, PARTIAL_FOLDER),
    });
  }

  async *#contentOf({ name, size, offset }: TarEntry): ByteStream {
    yield* this.#cursor.pieces(size);
    const { position } = this.#cursor;
    if (position < offset + size) throw truncated(this.#shown, position, name);
  }

  #smallFile(name: string): Uint8Array {
    const bytes = this.#small.get(name);
    if (bytes === undefined) throw noLayoutFile(this.#shown, name);
    return bytes;
  }
}
