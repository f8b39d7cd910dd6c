const RELEASE = /^(\d+)\.(\d+)\.(\d+)$/;

/** The number of a release, most significant part first. */
type Release = readonly [number, number, number];

/** Parses x.y.z; undefined for anything else, pre-releases included. Parity: the Go generator. */
export function parseRelease(version: string): Release | undefined {
  const match = RELEASE.exec(version);
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3])];
}

/** Sorts by descending x.y.z; equal ones and those that are no x.y.z (last) keep their order. */
export function sortDescending<Item>(
  items: readonly Item[],
  versionOf: (item: Item) => string,
): Item[] {
  return items
    .map((item) => ({ item, release: parseRelease(versionOf(item)) }))
    .sort((a, b) => compareDescending(a.release, b.release))
    .map(({ item }) => item);
}

function compareDescending(a: Release | undefined, b: Release | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return b[0] - a[0] || b[1] - a[1] || b[2] - a[2];
}
