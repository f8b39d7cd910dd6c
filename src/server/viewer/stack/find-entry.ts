import { distance } from "fastest-levenshtein";
import type { Build, IndexEntry, IndexVersion, RegistryIndex } from "../../../generator/index.ts";
import { SLUG_CHARS, SUGGESTED_NAMES } from "../../../viewer-limits.ts";
import { compareVersions, parseVersion } from "../../rest/version-order.ts";
import { slugOf } from "../slug.ts";

/** A version of an entry, as pages speak of it. */
export interface ShownVersion {
  /** "" for an entry that has no versions. */
  readonly name: string;
  readonly version: IndexVersion | undefined;
  readonly isDefault: boolean;
  readonly isLatest: boolean;
}

interface Names {
  readonly exact: ReadonlyMap<string, IndexEntry>;
  readonly slugs: ReadonlyMap<string, IndexEntry>;
}

/** A longer name is not one that somebody mistyped. */
const COMPARED_CHARS = 60;
/** A shorter word is in too many names. */
const WORD_CHARS = 3;

const known = new WeakMap<RegistryIndex, Names>();

/** Finds the entry of a page by the decoded part of its address: its slug, or its very name. */
export function findEntry({ index }: Pick<Build, "index">, part: string): IndexEntry | undefined {
  const { exact, slugs } = namesOf(index);
  return exact.get(part) ?? slugs.get(slugOf(part));
}

/**
 * Gives the names nearest to one that does not exist: those that differ from it by a slip, the nearest
 * first, then those that have a word of it.
 */
export function nearestNames(names: readonly string[], wanted: string): readonly string[] {
  const short = wanted.slice(0, COMPARED_CHARS).toLowerCase();
  const all = [...namesLike(names, short), ...namesWithWordOf(names, short)];
  return [...new Set(all)].slice(0, SUGGESTED_NAMES);
}

function namesLike(names: readonly string[], short: string): readonly string[] {
  const most = Math.max(2, short.length / 2);
  return names
    .filter(({ length }) => Math.abs(length - short.length) <= most)
    .map((name) => ({ name, far: distance(short, name.toLowerCase()) }))
    .filter(({ far }) => far <= most)
    .sort((a, b) => a.far - b.far)
    .slice(0, SUGGESTED_NAMES)
    .map(({ name }) => name);
}

function namesWithWordOf(names: readonly string[], short: string): readonly string[] {
  const words = short.split(/[^\p{L}\p{N}]+/u).filter(({ length }) => length >= WORD_CHARS);
  return names
    .map((name) => ({ name, count: words.filter((word) => hasWord(name, word)).length }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || a.name.length - b.name.length)
    .slice(0, SUGGESTED_NAMES)
    .map(({ name }) => name);
}

function hasWord(name: string, word: string): boolean {
  return name.slice(0, SLUG_CHARS).toLowerCase().includes(word);
}

/** Gives the versions of an entry in the order of the index; one without a name where it has none. */
export function versionsOf({ versions = [] }: IndexEntry): readonly ShownVersion[] {
  if (versions.length === 0) {
    return [{ name: "", version: undefined, isDefault: true, isLatest: true }];
  }
  const latest = versions.reduce((best, each) => (isNewer(each, best) ? each : best));
  const standard = versions.find((each) => each.default === true) ?? versions[0];
  return versions.map((version) => ({
    name: version.version ?? "",
    version,
    isDefault: version === standard,
    isLatest: version === latest,
  }));
}

/** Chooses a version by what an address says: its number, "latest", else the default. */
export function chooseVersion(
  versions: readonly ShownVersion[],
  wanted: string | null,
): ShownVersion | undefined {
  const standard = versions.find(({ isDefault }) => isDefault);
  if (wanted === null || wanted === "") return standard;
  const named = versions.find(({ name }) => name === wanted);
  if (named !== undefined) return named;
  if (wanted === "latest") return versions.find(({ isLatest }) => isLatest);
  return wanted === "default" ? standard : undefined;
}

/** Gives the version that came before one; undefined for the first. */
export function versionBefore(
  versions: readonly ShownVersion[],
  version: ShownVersion,
): ShownVersion | undefined {
  return versions
    .filter((each) => isNewer(version.version, each.version))
    .reduce<ShownVersion | undefined>(
      (best, each) => (best === undefined || isNewer(each.version, best.version) ? each : best),
      undefined,
    );
}

/** Tells whether one version came after another; what is no version came before all. */
export function isNewer(one: IndexVersion | undefined, other: IndexVersion | undefined): boolean {
  const [own, before] = [parseVersion(one?.version), parseVersion(other?.version)];
  return own !== undefined && (before === undefined || compareVersions(own, before) > 0);
}

/** Of names that come to the same slug the first counts, as in the viewer before. */
function namesOf(index: RegistryIndex): Names {
  const names = known.get(index);
  if (names !== undefined) return names;
  const exact = new Map<string, IndexEntry>();
  const slugs = new Map<string, IndexEntry>();
  for (const entry of index) {
    const slug = slugOf(entry.name);
    if (!exact.has(entry.name)) exact.set(entry.name, entry);
    if (slug !== "" && !slugs.has(slug)) slugs.set(slug, entry);
  }
  const made = { exact, slugs };
  known.set(index, made);
  return made;
}
