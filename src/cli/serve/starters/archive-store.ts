import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { STARTERS_HELD_BYTES, STARTERS_KEPT, STARTERS_KEPT_BYTES } from "../../../api-limits.ts";
import { ioError, makeFolder, writeFileAtomic } from "../../../atomic-file.ts";
import { eachBounded } from "../../../concurrent.ts";
import { FILE_CONCURRENCY } from "../../../limits.ts";
import type { CacheHolding, StarterZip } from "../../../server/index.ts";

/** Keeps archives by the digest of their bytes, those used last. */
export interface ArchiveStore extends CacheHolding {
  /** Gives an archive; undefined when it is not kept, or not any more. */
  find(sha256: string): Promise<StarterZip | undefined>;
  /** Keeps an archive and lets go of those unused longest. @throws {DevregError} IO */
  keep(sha256: string, zip: Uint8Array): Promise<StarterZip>;
}

const NAME = /^([0-9a-f]{64})\.zip$/;

/** What may be kept at most, and how what is let go of is removed. */
class Shelf {
  readonly #sizes = new Map<string, number>();
  readonly #limitBytes: number;
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get entries(): number {
    return this.#sizes.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Marks an archive as used now; gives those that there is no room for any more. */
  use(sha256: string, sizeBytes: number): readonly string[] {
    this.drop(sha256);
    this.#sizes.set(sha256, sizeBytes);
    this.#bytes += sizeBytes;
    const dropped: string[] = [];
    for (const oldest of this.#sizes.keys()) {
      if (this.#sizes.size <= STARTERS_KEPT && this.#bytes <= this.#limitBytes) break;
      if (oldest === sha256) break;
      this.drop(oldest);
      dropped.push(oldest);
    }
    return dropped;
  }

  drop(sha256: string): void {
    this.#bytes -= this.#sizes.get(sha256) ?? 0;
    this.#sizes.delete(sha256);
  }
}

/** Keeps archives in memory, for where nothing can be written. */
export class MemoryArchiveStore implements ArchiveStore {
  readonly #shelf = new Shelf(STARTERS_HELD_BYTES);
  readonly #held = new Map<string, Uint8Array>();

  get entries(): number {
    return this.#shelf.entries;
  }

  get bytes(): number {
    return this.#shelf.bytes;
  }

  async find(sha256: string): Promise<StarterZip | undefined> {
    const zip = this.#held.get(sha256);
    if (zip !== undefined) this.#shelf.use(sha256, zip.byteLength);
    return zip;
  }

  async keep(sha256: string, zip: Uint8Array): Promise<StarterZip> {
    if (zip.byteLength > STARTERS_HELD_BYTES) return zip;
    this.#held.set(sha256, zip);
    for (const dropped of this.#shelf.use(sha256, zip.byteLength)) this.#held.delete(dropped);
    return zip;
  }
}

/** Keeps archives as files of a folder that is its own. */
export class FolderArchiveStore implements ArchiveStore {
  readonly #folder: string;
  readonly #shelf = new Shelf(STARTERS_KEPT_BYTES);

  private constructor(folder: string) {
    this.#folder = folder;
  }

  get entries(): number {
    return this.#shelf.entries;
  }

  get bytes(): number {
    return this.#shelf.bytes;
  }

  /** Opens the folder, which is made if need be, with what an earlier run left. @throws {DevregError} IO */
  static async open(folder: string): Promise<FolderArchiveStore> {
    const store = new FolderArchiveStore(folder);
    await makeFolder(folder);
    try {
      const names = await readdir(folder);
      const files = await eachBounded(names, FILE_CONCURRENCY, async (name) => {
        const { size, mtimeMs } = await stat(join(folder, name));
        return { name, size, mtimeMs };
      });
      for (const { name, size } of files.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
        const sha256 = NAME.exec(name)?.[1];
        // What a killed process left half written has another name.
        if (sha256 === undefined) await rm(join(folder, name), { recursive: true, force: true });
        else await store.#use(sha256, size);
      }
      return store;
    } catch (error) {
      throw ioError("read", folder, error);
    }
  }

  async find(sha256: string): Promise<StarterZip | undefined> {
    const file = Bun.file(this.#pathOf(sha256));
    if (!(await file.exists())) {
      this.#shelf.drop(sha256);
      return undefined;
    }
    await this.#use(sha256, file.size);
    return file;
  }

  async keep(sha256: string, zip: Uint8Array): Promise<StarterZip> {
    await writeFileAtomic(this.#pathOf(sha256), zip);
    await this.#use(sha256, zip.byteLength);
    return zip;
  }

  async #use(sha256: string, sizeBytes: number): Promise<void> {
    for (const dropped of this.#shelf.use(sha256, sizeBytes)) {
      await rm(this.#pathOf(dropped), { force: true });
    }
  }

  #pathOf(sha256: string): string {
    return join(this.#folder, `${sha256}.zip`);
  }
}
