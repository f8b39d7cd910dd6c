import type { BuildFile, BuildFiles } from "./build.ts";
import { compareBytewise } from "./ordering.ts";
import type { PublishedVersion } from "./published-version.ts";

/** The files of a published build: those of stack versions are read from the registry. */
export class PublishedFiles implements BuildFiles {
  readonly #held: BuildFiles;
  readonly #versions: ReadonlyMap<string, PublishedVersion>;

  /** @param held everything that the index artifact carries */
  constructor(held: BuildFiles, versions: readonly PublishedVersion[]) {
    this.#held = held;
    this.#versions = new Map(versions.map((version) => [version.folder, version]));
  }

  async paths(): Promise<readonly string[]> {
    const published = [...this.#versions.values()].flatMap(({ folder, names }) =>
      names.map((name) => `${folder}/${name}`),
    );
    return sorted([...published, ...(await this.#held.paths())]);
  }

  async list(folder: string): Promise<readonly string[]> {
    const names = this.#versions.get(folder)?.names ?? [];
    return sorted([...names, ...(await this.#held.list(folder))]);
  }

  async stat(path: string): Promise<BuildFile | undefined> {
    const found = this.#find(path);
    return found === undefined
      ? this.#held.stat(path)
      : { size: await found.version.size(found.name) };
  }

  async read(path: string): Promise<Uint8Array> {
    const found = this.#find(path);
    return found === undefined ? this.#held.read(path) : found.version.read(found.name);
  }

  #find(path: string): { readonly version: PublishedVersion; readonly name: string } | undefined {
    const slash = path.lastIndexOf("/");
    const version = this.#versions.get(path.slice(0, Math.max(0, slash)));
    const name = path.slice(slash + 1);
    return version?.names.includes(name) ? { version, name } : undefined;
  }
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort(compareBytewise);
}
