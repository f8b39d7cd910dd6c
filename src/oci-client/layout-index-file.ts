import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { ioError, writeFileAtomic } from "../atomic-file.ts";
import { formatBytes } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import { LAYOUT_INDEX_BYTES } from "../limits.ts";
import { formatLayoutIndex, type LayoutIndex, parseLayoutIndex } from "./layout-index.ts";
import { LAYOUT_INDEX, PARTIAL_FOLDER } from "./layout-marker.ts";
import type { LayoutEdit, RootIndex } from "./layout-ports.ts";

interface Loaded {
  readonly version: string;
  readonly bytes: Uint8Array;
  readonly index: LayoutIndex;
}

interface PendingEdit {
  readonly edit: LayoutEdit;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The index.json of one layout. It is read again whenever the file was replaced, also by another
 * process; edits made side by side are written together.
 */
export class LayoutIndexFile implements RootIndex {
  readonly #root: string;
  #loaded: Loaded | undefined;
  #pending: PendingEdit[] = [];
  #writing = false;

  constructor(root: string) {
    this.#root = root;
  }

  /** Gives the roots as they are on the disk. @throws {DevregError} INPUT_INVALID, IO */
  async read(): Promise<LayoutIndex> {
    return (await this.#load()).index;
  }

  /** Changes the roots; done when the change is on the disk. @throws {DevregError} IO */
  edit(edit: LayoutEdit): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#pending.push({ edit, resolve, reject });
    if (!this.#writing) void this.#writeAll();
    return promise;
  }

  /** Writes batch after batch until nobody waits; each edit learns of its own outcome. */
  async #writeAll(): Promise<void> {
    this.#writing = true;
    while (this.#pending.length > 0) {
      const batch = this.#pending;
      this.#pending = [];
      try {
        await this.#write(batch.map(({ edit }) => edit));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#writing = false;
  }

  async #write(edits: readonly LayoutEdit[]): Promise<void> {
    const before = await this.#load();
    const index = edits.reduce((current, edit) => edit(current), before.index);
    if (index === before.index) return;
    const bytes = formatLayoutIndex(index);
    if (bytes.byteLength > LAYOUT_INDEX_BYTES) throw tooLarge("write");
    await writeFileAtomic(this.#path, bytes, { temporaryFolder: join(this.#root, PARTIAL_FOLDER) });
    // The version is not known; whoever reads next finds the same bytes and need not parse them.
    this.#loaded = { version: "", bytes, index };
  }

  async #load(): Promise<Loaded> {
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    try {
      const file = await open(this.#path, flags);
      try {
        return await this.#loadFrom(file);
      } finally {
        await file.close();
      }
    } catch (error) {
      throw ioError("read", this.#path, error);
    }
  }

  async #loadFrom(file: FileHandle): Promise<Loaded> {
    const known = this.#loaded;
    const { ino, size, mtimeMs, ctimeMs } = await file.stat();
    if (size > LAYOUT_INDEX_BYTES) throw tooLarge("read");
    const version = [ino, size, mtimeMs, ctimeMs].join();
    if (known?.version === version) return known;
    const bytes: Uint8Array = await file.readFile();
    const same = known !== undefined && Buffer.compare(known.bytes, bytes) === 0;
    const loaded = { version, bytes, index: same ? known.index : parseLayoutIndex(bytes) };
    // What was written or read meanwhile is newer than the file that is open here.
    if (this.#loaded === known) this.#loaded = loaded;
    return loaded;
  }

  get #path(): string {
    return join(this.#root, LAYOUT_INDEX);
  }
}

function tooLarge(verb: string): DevregError {
  return new DevregError(
    "LIMIT_EXCEEDED",
    `Cannot ${verb} index.json of the image layout: over ${formatBytes(LAYOUT_INDEX_BYTES)}`,
  );
}
