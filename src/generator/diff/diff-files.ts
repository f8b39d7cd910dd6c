import { eachBounded } from "../../concurrent.ts";
import { FILE_CONCURRENCY } from "../../limits.ts";
import type { Build } from "../build.ts";
import { stackName } from "../build-folder.ts";
import { type BuildPlace, buildPlaces } from "../build-places.ts";
import { compareBytewise } from "../ordering.ts";
import { type IndexItem, itemName } from "./diff-index.ts";

/** The files that both builds have of an item, and that are not the same. */
export interface ChangedFileNames {
  readonly item: IndexItem;
  /** Sorted. */
  readonly files: readonly string[];
}

/** Compares the files of every version that both builds have; gives those that differ. */
export async function diffFiles(before: Build, after: Build): Promise<ChangedFileNames[]> {
  const old = new Map((await buildPlaces(before)).map((place) => [keyOf(place), place]));
  const pairs = (await buildPlaces(after)).flatMap((place) => {
    const earlier = old.get(keyOf(place));
    return earlier === undefined || isSame(before, earlier, after, place)
      ? []
      : [{ earlier, place }];
  });
  const changed = await eachBounded(pairs, FILE_CONCURRENCY, async ({ earlier, place }) => {
    const files = await changedNames(before, earlier.folder, after, place.folder);
    return { item: itemOf(place), files };
  });
  return changed.filter(({ files }) => files.length > 0);
}

function itemOf({ type, name, version }: BuildPlace): IndexItem {
  return { type, name, ...(version === undefined ? {} : { version }) };
}

function keyOf(place: BuildPlace): string {
  return itemName(itemOf(place));
}

/** Equal digests of the stack artifacts spare reading the files. */
function isSame(before: Build, earlier: BuildPlace, after: Build, place: BuildPlace): boolean {
  const digestOf = ({ info }: Build, { entry, type, version }: BuildPlace) =>
    type === "stack" ? info?.stacks[`${stackName(entry)}:${version}`] : undefined;
  const digest = digestOf(after, place);
  return digest !== undefined && digest === digestOf(before, earlier);
}

async function changedNames(
  before: Build,
  from: string,
  after: Build,
  to: string,
): Promise<readonly string[]> {
  const had = new Set(await before.files.list(from));
  const both = (await after.files.list(to)).filter((name) => had.has(name));
  const differing: string[] = [];
  for (const name of both) {
    const [old, now] = await Promise.all([
      before.files.read(`${from}/${name}`),
      after.files.read(`${to}/${name}`),
    ]);
    if (!Buffer.from(old).equals(now)) differing.push(name);
  }
  return differing.sort(compareBytewise);
}
