import type { Descriptor } from "./descriptor.ts";
import {
  entryOf,
  keyOf,
  type LayoutEntry,
  type LayoutIndex,
  type LayoutRoots,
} from "./layout-index.ts";

const NO_ROOTS: LayoutRoots = new Map();

/** Lists a repository's roots; those that name no repository are given to the one named `unnamed`. */
export function rootsOf(
  index: LayoutIndex,
  repository: string,
  unnamed?: string,
): readonly LayoutEntry[] {
  const named = [...(index.repositories.get(repository) ?? NO_ROOTS).values()];
  const others = index.others.filter((entry) => (entry.repository ?? unnamed) === repository);
  return [...named, ...others];
}

/**
 * Points a tag of a repository at a root. What the tag pointed at before stays a root, found by its
 * digest. Gives the same index when nothing changes.
 */
export function withTag(
  index: LayoutIndex,
  repository: string,
  tag: string,
  descriptor: Descriptor,
): LayoutIndex {
  const before = index.repositories.get(repository) ?? NO_ROOTS;
  const displaced = before.get(keyOf(descriptor.digest, tag))?.descriptor;
  if (displaced?.digest === descriptor.digest) return index;
  const roots = new Map(before);
  roots.delete(keyOf(descriptor.digest));
  roots.set(keyOf(descriptor.digest, tag), entryOf(repository, descriptor, tag));
  if (displaced !== undefined && !isRoot(roots, displaced)) {
    roots.set(keyOf(displaced.digest), entryOf(repository, displaced));
  }
  return withRoots(index, repository, roots);
}

/**
 * Adds an untagged root to a repository, and takes away the untagged ones that are found below it
 * from now on. Gives the same index when nothing changes.
 */
export function withRoot(
  index: LayoutIndex,
  repository: string,
  descriptor: Descriptor,
  below: readonly Descriptor[] = [],
): LayoutIndex {
  const before = index.repositories.get(repository) ?? NO_ROOTS;
  const covered = below.filter((child) => before.has(keyOf(child.digest)));
  const known = isRoot(before, descriptor);
  if (known && covered.length === 0) return index;
  const roots = new Map(before);
  for (const child of covered) roots.delete(keyOf(child.digest));
  if (!known) roots.set(keyOf(descriptor.digest), entryOf(repository, descriptor));
  return withRoots(index, repository, roots);
}

function withRoots(index: LayoutIndex, repository: string, roots: LayoutRoots): LayoutIndex {
  return { ...index, repositories: new Map(index.repositories).set(repository, roots) };
}

function isRoot(roots: LayoutRoots, descriptor: Descriptor): boolean {
  return roots.values().some((entry: LayoutEntry) => entry.descriptor.digest === descriptor.digest);
}
