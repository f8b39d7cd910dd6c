import type { Build, BuildSource } from "../build.ts";
import { type ChangedFileNames, diffFiles } from "./diff-files.ts";
import { type ChangedItem, diffIndex, type IndexDiff, itemName } from "./diff-index.ts";
import { type ResolveCommit, type SampleCommits, sampleCommits } from "./sample-commits.ts";

export type { ResolveCommit, SampleCommits } from "./sample-commits.ts";

/** An item that both builds have and that is not the same. */
export interface ChangedContent extends ChangedItem {
  /** Files that both have with another content, sorted. */
  readonly files: readonly string[];
}

/** How a build differs from an older one. */
export interface BuildDiff extends IndexDiff {
  readonly changed: readonly ChangedContent[];
  /** What each build was made from, as far as it is recorded. */
  readonly sources: {
    readonly before: readonly BuildSource[];
    readonly after: readonly BuildSource[];
  };
  /** Every sample of the newer build. */
  readonly samples: readonly SampleCommits[];
}

/**
 * Tells how a build differs from an older one: versions of stacks and samples that came and went,
 * fields of the index and files that changed, and the commits behind all of it.
 *
 * @param resolve asks where samples stand; absent where nothing may be asked
 * @throws {DevregError} as reading the builds does
 */
export async function diffBuilds(
  before: Build,
  after: Build,
  resolve?: ResolveCommit,
): Promise<BuildDiff> {
  const index = diffIndex(before.index, after.index);
  const contents = await diffFiles(before, after);
  return {
    ...index,
    changed: joinChanges(index.changed, contents),
    sources: { before: before.info?.sources ?? [], after: after.info?.sources ?? [] },
    samples: await sampleCommits(before, after, resolve),
  };
}

/** Tells whether two builds have the same content. */
export function isUnchanged({ added, removed, changed }: IndexDiff): boolean {
  return added.length + removed.length + changed.length === 0;
}

/** Files may differ of items of which the index says the same. */
function joinChanges(
  changed: readonly ChangedItem[],
  contents: readonly ChangedFileNames[],
): ChangedContent[] {
  const files = new Map(contents.map((each) => [itemName(each.item), each.files]));
  const told = new Set(changed.map(itemName));
  return [
    ...changed.map((item) => ({ ...item, files: files.get(itemName(item)) ?? [] })),
    ...contents
      .filter(({ item }) => !told.has(itemName(item)))
      .map(({ item, files: names }) => ({ ...item, fields: [], files: names })),
  ];
}
