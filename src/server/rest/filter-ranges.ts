import type { IndexEntry, IndexVersion } from "../../generator/index.ts";
import type { IndexQuery } from "../contract/index.ts";
import type { EntryFilter } from "./entry-filter.ts";
import { compareVersions, type ParsedVersion, parseVersion } from "./version-order.ts";

const DEPRECATED_TAG = "Deprecated";
const DAY_MS = 24 * 60 * 60 * 1000;

/** Makes a filter of each range given, and of `deprecated`. */
export function rangeFilters(query: IndexQuery): EntryFilter[] {
  return [
    ...versionRange("version", query.minVersion, query.maxVersion),
    ...schemaRange(query),
    ...dayRange(query.minLastModified, query.maxLastModified),
    ...deprecatedFilter(query.deprecated),
  ];
}

/** Makes the filter that keeps versions within a range of schema versions. */
export function schemaRange(
  query: Pick<IndexQuery, "minSchemaVersion" | "maxSchemaVersion">,
): EntryFilter[] {
  const { minSchemaVersion, maxSchemaVersion } = query;
  return versionRange("schemaVersion", minSchemaVersion, maxSchemaVersion);
}

type VersionField = "version" | "schemaVersion";

/** What was parsed once goes with its version; null is for what is no version. */
const parsed: Readonly<Record<VersionField, WeakMap<IndexVersion, ParsedVersion | null>>> = {
  version: new WeakMap(),
  schemaVersion: new WeakMap(),
};

function parsedField(version: IndexVersion, field: VersionField): ParsedVersion | null {
  const known = parsed[field].get(version);
  if (known !== undefined) return known;
  const made = parseVersion(version[field]) ?? null;
  parsed[field].set(version, made);
  return made;
}

/** Both ends are part of the range. What is no version is in no range. */
function versionRange(
  field: VersionField,
  min: string | undefined,
  max: string | undefined,
): EntryFilter[] {
  if (min === undefined && max === undefined) return [];
  const [low, high] = [parseVersion(min), parseVersion(max)];
  return [
    keepVersions((version) => {
      const own = parsedField(version, field);
      if (own === null) return false;
      if (low !== undefined && compareVersions(own, low) < 0) return false;
      return high === undefined || compareVersions(own, high) <= 0;
    }),
  ];
}

/** Compares days in UTC, both ends part of the range. */
function dayRange(min: string | undefined, max: string | undefined): EntryFilter[] {
  if (min === undefined && max === undefined) return [];
  const low = min === undefined ? -Infinity : dayOf(min);
  const high = max === undefined ? Infinity : dayOf(max);
  const inRange = (part: { readonly lastModified?: string }) => {
    const day = part.lastModified === undefined ? Number.NaN : dayOf(part.lastModified);
    return day >= low && day <= high;
  };
  const ofVersions = keepVersions(inRange);
  return [
    (entry) => {
      if (entry.versions?.length) return ofVersions(entry);
      return inRange(entry) ? [] : undefined;
    },
  ];
}

function dayOf(date: string): number {
  return Math.floor(Date.parse(date) / DAY_MS);
}

/** Looks at the tags of the entry and of its default version; versions are not told apart. */
function deprecatedFilter(wanted: IndexQuery["deprecated"]): EntryFilter[] {
  if (wanted === undefined) return [];
  return [
    (entry) => ((wanted === "true") === isDeprecated(entry) ? (entry.versions ?? []) : undefined),
  ];
}

function isDeprecated(entry: IndexEntry): boolean {
  const chosen = entry.versions?.find((version) => version.default === true);
  return [entry.tags, chosen?.tags].some((tags) => tags?.includes(DEPRECATED_TAG));
}

function keepVersions(keep: (version: IndexVersion) => boolean): EntryFilter {
  return (entry) => {
    const kept = (entry.versions ?? []).filter(keep);
    return kept.length > 0 ? kept : undefined;
  };
}
