import type { BuildFile, BuildFiles } from "./build.ts";

/** The files of a build, some of them with other content. */
export class OverlaidFiles implements BuildFiles {
  readonly #files: BuildFiles;
  readonly #changed: ReadonlyMap<string, Uint8Array>;

  /** @param changed new contents by path; only of files that are there */
  constructor(files: BuildFiles, changed: ReadonlyMap<string, Uint8Array>) {
    this.#files = files;
    this.#changed = changed;
  }

  paths(): Promise<readonly string[]> {
    return this.#files.paths();
  }

  list(folder: string): Promise<readonly string[]> {
    return this.#files.list(folder);
  }

  async stat(path: string): Promise<BuildFile | undefined> {
    const changed = this.#changed.get(path);
    // When it was changed is not known; its date is that of other content.
    return changed === undefined ? this.#files.stat(path) : { size: changed.byteLength };
  }

  blob(path: string): Blob | undefined {
    return this.#changed.has(path) ? undefined : this.#files.blob?.(path);
  }

  async read(path: string): Promise<Uint8Array> {
    return this.#changed.get(path) ?? (await this.#files.read(path));
  }
}
