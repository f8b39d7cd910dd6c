import { DevregError } from "../errors.ts";
import type { ReadonlyRegistry, Registry } from "./content.ts";
import {
  type LayoutParts,
  LayoutRepository,
  ReadonlyLayoutRepository,
} from "./layout-repository.ts";
import { rootsOf } from "./layout-roots.ts";
import { isRepositoryName } from "./reference.ts";

/**
 * Reads repositories from an OCI image layout on disk: one pool of blobs, and an index.json whose
 * roots are named `<repository>:<tag>`, or `<repository>@<digest>` when they have no tag. What other
 * processes add is seen at once.
 */
export class ReadonlyLayoutRegistry implements ReadonlyRegistry {
  readonly #parts: LayoutParts;

  constructor(parts: LayoutParts) {
    this.#parts = parts;
  }

  async *repositories(): AsyncIterable<string> {
    yield* await repositoryNames(this.#parts);
  }

  repository(name: string): ReadonlyLayoutRepository {
    return new ReadonlyLayoutRepository(name, this.#parts);
  }
}

/**
 * Keeps repositories in an OCI image layout on disk, as {@link ReadonlyLayoutRegistry} reads them.
 * Files are published whole, index.json last, so that a process killed at any point leaves a layout
 * in which every tag is complete. One process writes at a time.
 */
export class LayoutRegistry implements Registry {
  readonly #parts: LayoutParts;

  constructor(parts: LayoutParts) {
    this.#parts = parts;
  }

  async *repositories(): AsyncIterable<string> {
    yield* await repositoryNames(this.#parts);
  }

  /** Gives the repository of that name. @throws {DevregError} INPUT_INVALID when it is no name */
  repository(name: string): LayoutRepository {
    if (!isRepositoryName(name)) {
      throw new DevregError("INPUT_INVALID", `Cannot open repository "${name}": not a valid name`);
    }
    return new LayoutRepository(name, this.#parts);
  }
}

async function repositoryNames({ index, unnamed }: LayoutParts): Promise<readonly string[]> {
  const read = await index.read();
  const names = new Set(read.repositories.keys());
  if (unnamed !== undefined && rootsOf(read, unnamed, unnamed).length > 0) names.add(unnamed);
  return [...names].sort();
}
