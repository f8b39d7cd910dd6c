import type { ContentGraph } from "./layout-graph.ts";
import {
  EMPTY_LAYOUT_INDEX,
  type LayoutEntry,
  type LayoutIndex,
  type LayoutRoots,
} from "./layout-index.ts";
import type { LayoutEdit, RootIndex } from "./layout-ports.ts";

/** Roots of a layout that are in memory until they are written. */
export class MemoryRootIndex implements RootIndex {
  #index = EMPTY_LAYOUT_INDEX;

  async read(): Promise<LayoutIndex> {
    return this.#index;
  }

  async edit(edit: LayoutEdit): Promise<void> {
    this.#index = edit(this.#index);
  }
}

/**
 * Takes away the untagged roots that are found below another root of their repository, so that the
 * roots do not depend on the order in which they came.
 */
export async function withoutCovered(
  index: LayoutIndex,
  graphOf: (root: LayoutEntry["descriptor"]) => Promise<ContentGraph>,
): Promise<LayoutIndex> {
  const repositories = new Map<string, LayoutRoots>();
  for (const [name, roots] of index.repositories) {
    repositories.set(name, await uncovered(roots, graphOf));
  }
  return { ...index, repositories };
}

async function uncovered(
  roots: LayoutRoots,
  graphOf: (root: LayoutEntry["descriptor"]) => Promise<ContentGraph>,
): Promise<LayoutRoots> {
  const untagged = [...roots].filter(([, { tag }]) => tag === undefined);
  if (untagged.length === 0 || roots.size === 1) return roots;
  const covered = new Set<string>();
  for (const { descriptor } of roots.values()) {
    const { manifests } = await graphOf(descriptor);
    for (const digest of manifests.keys()) if (digest !== descriptor.digest) covered.add(digest);
  }
  const gone = new Set(
    untagged.filter(([, { descriptor }]) => covered.has(descriptor.digest)).map(([key]) => key),
  );
  return new Map([...roots].filter(([key]) => !gone.has(key)));
}
