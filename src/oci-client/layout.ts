import { DevregError } from "../errors.ts";
import type { ReadonlyRegistry, Registry } from "./content.ts";
import { isLayoutName } from "./layout-name.ts";
import type { LayoutFiles } from "./layout-ports.ts";
import {
  type LayoutParts,
  LayoutRepository,
  type ReadonlyLayoutParts,
  ReadonlyLayoutRepository,
} from "./layout-repository.ts";
import { rootsOf } from "./layout-roots.ts";

/**
 * Reads repositories from an OCI image layout: one pool of blobs, and an index.json whose roots are
 * named `<repository>:<tag>`, or `<repository>@<digest>` when they have no tag. What other processes
 * add to a folder is seen at once.
 */
export class ReadonlyLayoutRegistry implements ReadonlyRegistry {
  readonly #parts: ReadonlyLayoutParts;

  constructor(parts: ReadonlyLayoutParts) {
    this.#parts = parts;
  }

  /** What stands beside the content. */
  get files(): LayoutFiles {
    return this.#parts.files;
  }

  async *repositories(): AsyncIterable<string> {
    yield* await repositoryNames(this.#parts);
  }

  repository(name: string): ReadonlyLayoutRepository {
    return new ReadonlyLayoutRepository(name, this.#parts);
  }
}

/**
 * Keeps repositories in an OCI image layout, as {@link ReadonlyLayoutRegistry} reads them. In a
 * folder, files are published whole, index.json last, so that a process killed at any point leaves a
 * layout in which every tag is complete. One process writes at a time.
 */
export class LayoutRegistry implements Registry {
  readonly #parts: LayoutParts;

  constructor(parts: LayoutParts) {
    this.#parts = parts;
  }

  /** What stands beside the content. */
  get files(): LayoutFiles {
    return this.#parts.files;
  }

  async *repositories(): AsyncIterable<string> {
    yield* await repositoryNames(this.#parts);
  }

  /** Gives the repository of that name. @throws {DevregError} INPUT_INVALID when it is no name */
  repository(name: string): LayoutRepository {
    if (!isLayoutName(name)) {
      throw new DevregError("INPUT_INVALID", `Cannot open repository "${name}": not a valid name`);
    }
    return new LayoutRepository(name, this.#parts);
  }
}

async function repositoryNames({
  index,
  unnamed,
}: ReadonlyLayoutParts): Promise<readonly string[]> {
  const read = await index.read();
  const names = new Set(read.repositories.keys());
  if (unnamed !== undefined && rootsOf(read, unnamed, unnamed).length > 0) names.add(unnamed);
  return [...names].sort();
}
