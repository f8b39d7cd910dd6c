import type { IndexEntry, IndexVersion, RegistryIndex } from "../../generator/index.ts";
import type { IndexQuery } from "../contract/index.ts";
import type { EntryFilter } from "./entry-filter.ts";
import { fieldFilters } from "./filter-fields.ts";
import { rangeFilters } from "./filter-ranges.ts";

/** Every entry is looked at for every query: what would be made for each is made once. */
const NO_VERSIONS: readonly IndexVersion[] = [];

/** What filtering left, and which kind of filter left nothing. */
export interface Filtered {
  readonly entries: RegistryIndex;
  /** True when ranges and flags alone let nothing through, whatever the texts would have. */
  readonly emptiedByRange: boolean;
}

/**
 * Gives the entries that match every parameter, in the order of the index, each with those of its
 * versions that match every parameter. An entry that had versions and would keep none is dropped.
 */
export function filterIndex(index: RegistryIndex, query: IndexQuery): Filtered {
  const ranges = rangeFilters(query);
  const ranged = applyFilters(index, ranges);
  const emptiedByRange = ranges.length > 0 && ranged.length === 0;
  return { entries: applyFilters(ranged, fieldFilters(query)), emptiedByRange };
}

function applyFilters(index: RegistryIndex, filters: readonly EntryFilter[]): RegistryIndex {
  if (filters.length === 0) return index;
  const left: IndexEntry[] = [];
  for (const entry of index) {
    const kept = applyAll(entry, filters);
    if (kept !== undefined) left.push(kept);
  }
  return left;
}

function applyAll(entry: IndexEntry, filters: readonly EntryFilter[]): IndexEntry | undefined {
  const all = entry.versions ?? NO_VERSIONS;
  let kept: readonly IndexVersion[] = all;
  for (const filter of filters) {
    const matching = filter(entry);
    if (matching === undefined) return undefined;
    if (matching.length < all.length) {
      kept = kept.filter((version) => matching.includes(version));
    }
  }
  if (kept.length === all.length) return entry;
  return kept.length === 0 ? undefined : { ...entry, versions: [...kept] };
}
