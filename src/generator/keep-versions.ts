import type { Build } from "./build.ts";
import { type BuildPlace, buildPlaces } from "./build-places.ts";
import { formatIndex, parseIndex } from "./index-json.ts";
import { keepFiles } from "./kept-files.ts";
import { keepIndex } from "./kept-index.ts";
import { keepInfo } from "./kept-info.ts";
import { OwnDevfiles } from "./own-devfiles.ts";
import { findParents } from "./parents/index.ts";

/** One version of a stack or sample, or an entry without versions, as it is chosen by. */
export interface VersionChoice {
  readonly name: string;
  /** Absent for an entry without versions. */
  readonly version?: string;
  /** "stack" or "sample". */
  readonly type: string;
}

/** A build with less in it. */
export interface KeptVersions {
  /** The build itself where all is kept. */
  readonly build: Build;
  /**
   * What is not in it, in the order of the index: "stack go 1.0.0", with the reason where it was not
   * the choice: 'stack child 2.0.0: its parent "go 1.0.0" is left out'.
   */
  readonly leftOut: readonly string[];
}

/** What is known about the registry of a build beside what its record says. */
export interface KeepOptions {
  /** Addresses by which devfiles know this registry, beside the public one. */
  readonly alsoKnownAs?: readonly string[];
}

/**
 * Makes a build without some stack versions and samples, and without what has one of them as parent
 * or plugin at this registry: one that a reference means before anything is left out, also where
 * another version would be meant afterwards.
 *
 * An entry whose default version is left out gets another one: the highest release that is left,
 * else the first of the index. `generate` never chooses for an author, but forbids entries without a
 * default, and clients that name no version would not find the stack at all. What entries say of
 * all their versions (tags, architectures) stays as it is. How many parents became part of devfiles
 * stays what it was for the whole build.
 *
 * @throws {DevregError} INPUT_INVALID when a devfile of the build cannot be read
 */
export async function keepVersions(
  build: Build,
  keep: (choice: VersionChoice) => boolean,
  options: KeepOptions = {},
): Promise<KeptVersions> {
  const places = await buildPlaces(build);
  const reasons = chooseDropped(places, keep, knownNames(build, options));
  if (reasons.size === 0) return { build, leftOut: [] };
  const [kept, dropped] = [
    places.filter((place) => !reasons.has(place)),
    places.filter((place) => reasons.has(place)),
  ];
  const indexBytes = formatIndex(keepIndex(build.index, kept));
  const index = parseIndex(indexBytes);
  const files = keepFiles(build, kept, dropped);
  const fewer = { index, indexBytes, files, info: build.info };
  const leftOut = dropped.map((place) => `${place.type} ${nameOf(place)}${reasons.get(place)}`);
  return { build: { ...fewer, info: await keepInfo(fewer, kept) }, leftOut };
}

function knownNames({ info }: Build, { alsoKnownAs = [] }: KeepOptions): readonly string[] {
  const publicUrl = info?.offline?.publicUrl;
  return publicUrl === undefined ? alsoKnownAs : [publicUrl, ...alsoKnownAs];
}

/** Gives what is left out, with what is to be said of it after its name. */
function chooseDropped(
  places: readonly BuildPlace[],
  keep: (choice: VersionChoice) => boolean,
  names: readonly string[],
): ReadonlyMap<BuildPlace, string> {
  const reasons = new Map<BuildPlace, string>();
  for (const place of places) {
    const { name, version, type } = place;
    const choice = { name, type, ...(version === undefined ? {} : { version }) };
    if (!keep(choice)) reasons.set(place, "");
  }
  if (reasons.size === 0) return reasons;
  const own = new OwnDevfiles(places, names);
  const parents = new Map(places.map((place) => [place, parentsOf(place, own)]));
  let before: number;
  do {
    before = reasons.size;
    for (const place of places) {
      const missing = parents.get(place)?.find((parent) => reasons.has(parent));
      if (missing === undefined || reasons.has(place)) continue;
      reasons.set(place, `: its parent "${nameOf(missing)}" is left out`);
    }
  } while (reasons.size > before);
  return reasons;
}

function parentsOf({ devfile }: BuildPlace, own: OwnDevfiles<BuildPlace>): readonly BuildPlace[] {
  if (devfile === undefined) return [];
  return findParents(devfile.text, devfile.path).flatMap(
    ({ reference }) => own.find(reference)?.place ?? [],
  );
}

function nameOf({ name, version }: BuildPlace): string {
  return version === undefined ? name : `${name} ${version}`;
}
