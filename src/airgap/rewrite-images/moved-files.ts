import { type BuildFile, type BuildFiles, compareBytewise } from "../../generator/index.ts";

/** The files of a build, some of them under another path. */
export class MovedFiles implements BuildFiles {
  readonly #files: BuildFiles;
  /** The former path by the new one. */
  readonly #former: ReadonlyMap<string, string>;
  readonly #gone: ReadonlySet<string>;

  /** @param moved the new path of files by the one they have; a new one that is there is replaced */
  constructor(files: BuildFiles, moved: ReadonlyMap<string, string>) {
    this.#files = files;
    this.#former = new Map([...moved].map(([former, path]) => [path, former]));
    this.#gone = new Set([...moved.keys()].filter((former) => !this.#former.has(former)));
  }

  async paths(): Promise<readonly string[]> {
    const paths = (await this.#files.paths()).filter((path) => !this.#gone.has(path));
    return [...new Set([...paths, ...this.#former.keys()])].sort(compareBytewise);
  }

  async list(folder: string): Promise<readonly string[]> {
    const prefix = folder === "" ? "" : `${folder}/`;
    const namesOf = (paths: Iterable<string>) =>
      [...paths]
        .filter((path) => path.startsWith(prefix) && !path.slice(prefix.length).includes("/"))
        .map((path) => path.slice(prefix.length));
    const gone = new Set(namesOf(this.#gone));
    const names = (await this.#files.list(folder)).filter((name) => !gone.has(name));
    return [...new Set([...names, ...namesOf(this.#former.keys())])].sort(compareBytewise);
  }

  async stat(path: string): Promise<BuildFile | undefined> {
    return this.#gone.has(path) ? undefined : this.#files.stat(this.#former.get(path) ?? path);
  }

  read(path: string): Promise<Uint8Array> {
    return this.#files.read(this.#former.get(path) ?? path);
  }
}
