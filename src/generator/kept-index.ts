import type { BuildPlace } from "./build-places.ts";
import { parseGoTime } from "./go-time.ts";
import type { IndexEntry, IndexVersion, RegistryIndex } from "./index-schema.ts";
import { sortDescending } from "./semver.ts";

/** Gives the entries and versions of an index that some places are, in the order of the index. */
export function keepIndex(index: RegistryIndex, kept: readonly BuildPlace[]): RegistryIndex {
  const parts = new Set(kept.map(({ entry, indexVersion }) => indexVersion ?? entry));
  return index.flatMap((entry) => {
    const { versions = [] } = entry;
    if (versions.length === 0) return parts.has(entry) ? [entry] : [];
    const left = versions.filter((version) => parts.has(version));
    if (left.length === versions.length) return [entry];
    return left.length === 0 ? [] : [withVersions(entry, versions, left)];
  });
}

function withVersions(
  entry: IndexEntry,
  all: readonly IndexVersion[],
  left: readonly IndexVersion[],
): IndexEntry {
  const isDefault = ({ default: flag }: IndexVersion) => flag === true;
  const lost = all.some(isDefault) && !left.some(isDefault);
  const [highest] = lost ? sortDescending(left, ({ version = "" }) => version) : [];
  return {
    ...entry,
    versions: left.map((version) =>
      version === highest ? { ...version, default: true } : version,
    ),
    ...(entry.lastModified === undefined ? {} : newest(entry.lastModified, left)),
  };
}

/** The date of an entry is that of its newest version. */
function newest(
  otherwise: string,
  versions: readonly IndexVersion[],
): { readonly lastModified: string } {
  const dates = versions.flatMap(({ lastModified = "" }) => parseGoTime(lastModified) ?? []);
  const [first, ...others] = dates;
  if (first === undefined) return { lastModified: otherwise };
  const latest = others.reduce(
    (best, date) => (date.instantMs > best.instantMs ? date : best),
    first,
  );
  return { lastModified: latest.text };
}
