import {
  type Build,
  type IndexEntry,
  type IndexVersion,
  stackName,
  versionFolder,
} from "../../generator/index.ts";
import type { SchemaRange } from "../contract/index.ts";
import { schemaRange } from "./filter-ranges.ts";
import { compareVersions, parseVersion } from "./version-order.ts";

/** A version of an entry and the folder of the build that holds its files. */
export interface DevfilePlace {
  readonly entry: IndexEntry;
  /** Absent for an entry without versions. */
  readonly version: IndexVersion | undefined;
  /** "stacks/go/2.0.0", "samples/code-with-quarkus" */
  readonly folder: string;
}

/**
 * The address that stays the same when the default or the newest version changes, relative to the
 * one asked for; undefined where that is the one.
 */
type ExactLocation = string;

/** What an address below /devfiles/ names. */
export type DevfileTarget =
  | { readonly kind: "no-entry"; readonly name: string }
  | { readonly kind: "no-version"; readonly entry: IndexEntry; readonly wanted: string }
  | {
      readonly kind: "devfile";
      readonly place: DevfilePlace;
      readonly location: ExactLocation | undefined;
    }
  | {
      readonly kind: "file";
      readonly place: DevfilePlace;
      readonly path: string;
      /** The part of the address that may have been meant as a version. */
      readonly wanted: string | undefined;
      readonly location: ExactLocation | undefined;
    }
  | { readonly kind: "starter"; readonly place: DevfilePlace; readonly project: string };

const STARTERS = "starter-projects";
const DEFAULT = "default";
const LATEST = "latest";
/** Numbers of semantic versions have no zeros before them: "02" is no version, nor an alias of one. */
const ALIAS = /^(?:0|[1-9]\d{0,8})(?:\.(?:0|[1-9]\d{0,8}))?$/;

/**
 * Finds what the decoded parts of an address below /devfiles/ name. Names may have slashes, the
 * longest name wins; what could be a version ("1.2.0", and "1" or "1.2" where
 * one begins so) and a file is a version. `range` bounds `latest` only.
 */
export async function findDevfile(
  build: Build,
  parts: readonly string[],
  range: SchemaRange,
): Promise<DevfileTarget> {
  const found = findEntry(build, parts);
  if (found === undefined) return { kind: "no-entry", name: parts[0] ?? "" };
  const { entry, rest } = found;
  const [wanted = DEFAULT, ...path] = rest;
  const version = chooseVersion(entry, wanted, range);
  if (version !== undefined) {
    const isOpen = rest.length > 0 && version?.version !== wanted;
    const location = isOpen ? locate(rest, version, path) : undefined;
    return targetIn(build, { entry, version, path, location });
  }
  const newest = newestMatching(entry, wanted);
  if (newest !== undefined) {
    const location = locate(rest, newest, path);
    return targetIn(build, { entry, version: newest, path, location });
  }
  if (wanted === LATEST) return { kind: "no-entry", name: entry.name };
  const fallback = chooseVersion(entry, DEFAULT, range);
  if (wanted === DEFAULT || fallback === undefined) return { kind: "no-version", entry, wanted };
  const location = locate(rest, fallback, rest);
  return targetIn(build, { entry, version: fallback, path: rest, wanted, location });
}

/** Gives the address of a path in a version, relative to that of `asked` below the same entry. */
function locate(
  asked: readonly string[],
  version: IndexVersion | null,
  path: readonly string[],
): ExactLocation | undefined {
  if (version?.version === undefined) return undefined;
  const exact = [version.version, ...path].map(encodeURIComponent).join("/");
  // A first part with a colon would be taken for a scheme.
  return asked.length === 1 ? `./${exact}` : `${"../".repeat(asked.length - 1)}${exact}`;
}

function findEntry(
  build: Build,
  parts: readonly string[],
): { readonly entry: IndexEntry; readonly rest: readonly string[] } | undefined {
  for (let length = parts.length; length > 0; length--) {
    const name = parts.slice(0, length).join("/");
    const entry = build.index.find((each) => each.name === name);
    if (entry !== undefined) return { entry, rest: parts.slice(length) };
  }
  return undefined;
}

/** An entry without versions is its own default and latest version: `null` here. */
function chooseVersion(
  entry: IndexEntry,
  wanted: string,
  range: SchemaRange,
): IndexVersion | null | undefined {
  const versions = entry.versions ?? [];
  if (versions.length === 0) return wanted === DEFAULT || wanted === LATEST ? null : undefined;
  if (wanted === DEFAULT) return versions.find((version) => version.default === true);
  if (wanted === LATEST) return latestOf(entry, range);
  return versions.find((version) => version.version === wanted);
}

/** "1" and "1.2" are the newest version that begins so; a release, if there is one. */
function newestMatching(entry: IndexEntry, wanted: string): IndexVersion | undefined {
  if (!ALIAS.test(wanted)) return undefined;
  const numbers = wanted.split(".").map(Number);
  const matching = (entry.versions ?? []).filter(({ version }) => {
    const parsed = parseVersion(version);
    return parsed !== undefined && numbers.every((number, at) => parsed.numbers[at] === number);
  });
  const releases = matching.filter(({ version }) => parseVersion(version)?.prerelease.length === 0);
  const candidates = releases.length > 0 ? releases : matching;
  return candidates.reduce<IndexVersion | undefined>(
    (best, version) => (best === undefined || isNewer(version, best) ? version : best),
    undefined,
  );
}

function latestOf(entry: IndexEntry, range: SchemaRange): IndexVersion | undefined {
  const [inRange] = schemaRange(range);
  const versions = inRange === undefined ? entry.versions : inRange(entry);
  return versions?.reduce((best, version) => (isNewer(version, best) ? version : best));
}

function isNewer(a: IndexVersion, b: IndexVersion): boolean {
  const [own, other] = [parseVersion(a.version), parseVersion(b.version)];
  return own !== undefined && (other === undefined || compareVersions(own, other) > 0);
}

interface Found {
  readonly entry: IndexEntry;
  readonly version: IndexVersion | null;
  readonly path: readonly string[];
  readonly wanted?: string;
  readonly location?: ExactLocation | undefined;
}

async function targetIn(
  build: Build,
  { entry, version, path, wanted, location }: Found,
): Promise<DevfileTarget> {
  const place = {
    entry,
    version: version ?? undefined,
    folder: await folderOf(build, entry, version),
  };
  const [first, project] = path;
  if (first === undefined) return { kind: "devfile", place, location };
  if (first === STARTERS && project !== undefined && path.length === 2) {
    return { kind: "starter", place, project };
  }
  return { kind: "file", place, path: `${place.folder}/${path.join("/")}`, wanted, location };
}

/** Looking a folder up costs a trip to the disk; the objects of an index live as long as it. */
const folders = new WeakMap<IndexEntry | IndexVersion, Promise<string>>();

function folderOf(build: Build, entry: IndexEntry, version: IndexVersion | null): Promise<string> {
  const key = version ?? entry;
  const known = folders.get(key);
  if (known !== undefined) return known;
  const folder = findFolder(build, entry, version);
  folders.set(key, folder);
  folder.catch(() => folders.delete(key));
  return folder;
}

async function findFolder(
  build: Build,
  entry: IndexEntry,
  version: IndexVersion | null,
): Promise<string> {
  if (entry.type !== "sample") {
    return version === null ? `stacks/${stackName(entry)}` : versionFolder(build, entry, version);
  }
  const above = `samples/${entry.name}`;
  if (version?.version === undefined) return above;
  const folder = `${above}/${version.version}`;
  return (await build.files.list(folder)).length > 0 ? folder : above;
}
