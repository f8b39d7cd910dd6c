import { DevregError } from "../errors.ts";
import type { BuildFile, BuildFiles } from "./build.ts";
import { compareBytewise } from "./ordering.ts";

/** What a build in memory holds of one file. */
interface MemoryFile {
  readonly bytes: Uint8Array;
  readonly modified?: Date;
}

/** Keeps the files of a build in memory. Bytes given to it are not copied. */
export class MemoryBuildFiles implements BuildFiles {
  readonly #files = new Map<string, MemoryFile>();
  readonly #folders = new Map<string, Set<string>>();

  /** Takes files by path relative to the build, with the date of those that have one. */
  constructor(
    files: Iterable<readonly [string, Uint8Array]>,
    modified: ReadonlyMap<string, Date> = new Map(),
  ) {
    for (const [path, bytes] of files) {
      const date = modified.get(path);
      this.#files.set(path, date === undefined ? { bytes } : { bytes, modified: date });
      const slash = path.lastIndexOf("/");
      const folder = slash < 0 ? "" : path.slice(0, slash);
      const names = this.#folders.get(folder) ?? new Set();
      this.#folders.set(folder, names.add(path.slice(slash + 1)));
    }
  }

  async paths(): Promise<readonly string[]> {
    return [...this.#files.keys()].sort(compareBytewise);
  }

  async list(folder: string): Promise<readonly string[]> {
    return [...(this.#folders.get(folder) ?? [])].sort(compareBytewise);
  }

  async stat(path: string): Promise<BuildFile | undefined> {
    const file = this.#files.get(path);
    if (file === undefined) return undefined;
    const size = file.bytes.byteLength;
    return file.modified === undefined ? { size } : { size, modified: file.modified };
  }

  async read(path: string): Promise<Uint8Array> {
    const file = this.#files.get(path);
    if (file !== undefined) return file.bytes;
    throw new DevregError("NOT_FOUND", `Cannot read "${path}": the build does not have it`);
  }
}
