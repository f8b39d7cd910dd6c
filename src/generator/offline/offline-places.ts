import { invariant } from "../../assert.ts";
import { gitProjectOf } from "../git-project.ts";
import type { IndexEntry, IndexVersion } from "../index-schema.ts";
import type { MergedContent } from "../merge-content.ts";
import type { PackagedFile } from "../package-stack.ts";
import type { PublishableVersion } from "../publishable.ts";
import type { SampleVersion } from "../repository.ts";
import type { PlacedExtra, PlacedStack } from "../source-content.ts";
import type { OfflinePlace } from "./place.ts";

/** The places of a build by what they were made from. */
export interface OfflinePlaces {
  readonly all: readonly OfflinePlace[];
  readonly versions: ReadonlyMap<PublishableVersion, OfflinePlace>;
  readonly samples: ReadonlyMap<SampleVersion, OfflinePlace>;
  /** Of stacks that are only described. */
  readonly described: ReadonlyMap<PlacedExtra, OfflinePlace>;
}

const DEVFILE = /^\.?devfile\.yaml$/;

/** Finds everything in a build that clients follow addresses of. */
export function findPlaces(content: MergedContent): OfflinePlaces {
  const versions = new Map<PublishableVersion, OfflinePlace>();
  const samples = new Map<SampleVersion, OfflinePlace>();
  const described = new Map<PlacedExtra, OfflinePlace>();
  for (const placed of content.stackEntries) {
    const shown = versionWithIcon(placed, content.files);
    for (const [at, version] of placed.stack.versions.entries()) {
      const place = placeOfVersion(placed, version, at, content.files);
      versions.set(version, withEntryIcon(place, placed.entry, version === shown));
    }
  }
  for (const placed of content.extraEntries) {
    const { samples: own } = placed.extra;
    if (own.length === 0) described.set(placed, placeOfEntry(placed));
    for (const [at, sample] of own.entries())
      samples.set(sample, placeOfSample(placed, sample, at));
  }
  const all = [...versions.values(), ...samples.values(), ...described.values()];
  return { all, versions, samples, described };
}

function placeOfVersion(
  { entry, at }: PlacedStack,
  version: PublishableVersion,
  index: number,
  packaged: MergedContent["files"],
): OfflinePlace {
  const files = packaged.get(version) ?? [];
  const devfile = files.find(({ name }) => DEVFILE.test(name));
  const file = version.source.devfile?.path;
  invariant(devfile !== undefined && file !== undefined, "a published version has a devfile");
  return {
    name: entry.name,
    version: version.version,
    isDefault: version.source.isDefault,
    folder: version.buildFolder,
    devfile: { ...devfile, file },
    files: files.filter((each) => each !== devfile),
    project: undefined,
    icons: iconsOf(entry.versions?.[index]),
    at: { ...at, file },
  };
}

function placeOfSample(
  { entry, at }: PlacedExtra,
  sample: SampleVersion,
  index: number,
): OfflinePlace {
  const version = sample.extra === undefined ? undefined : entry.versions?.[index];
  const { devfile } = sample;
  const git = version === undefined ? entry.git : version.git;
  return {
    name: entry.name,
    version: version?.version,
    isDefault: version === undefined || version.default === true,
    folder: sample.folder,
    devfile:
      devfile === undefined
        ? undefined
        : { name: "devfile.yaml", file: devfile.path, bytes: devfile.bytes },
    files: NONE,
    project: git && gitProjectOf(git),
    icons: iconsOf(entry, version),
    at: sample.extra?.node.position() ?? at,
  };
}

const NONE: readonly PackagedFile[] = [];

function placeOfEntry({ entry, at }: PlacedExtra): OfflinePlace {
  const icons = [entry, ...(entry.versions ?? [])].flatMap(({ icon }) => icon ?? []);
  const none = { version: undefined, devfile: undefined, project: undefined };
  return { name: entry.name, isDefault: true, folder: "", files: NONE, icons, at, ...none };
}

function iconsOf(...parts: readonly (IndexEntry | IndexVersion | undefined)[]): readonly string[] {
  return parts.flatMap((part) => part?.icon ?? []);
}

/** An icon of the entry that is a file lies beside one of its versions only. */
function withEntryIcon(place: OfflinePlace, { icon }: IndexEntry, isShown: boolean): OfflinePlace {
  if (icon === undefined || !(isShown || URL.canParse(icon))) return place;
  return { ...place, icons: [...place.icons, icon] };
}

/** Gives the version whose folder the entry's icon is looked for in: the default one, if it has it. */
function versionWithIcon(
  { entry, stack }: PlacedStack,
  packaged: MergedContent["files"],
): PublishableVersion | undefined {
  const { versions } = stack;
  const chosen = versions.find(({ source }) => source.isDefault) ?? versions[0];
  const order = chosen === undefined ? versions : [chosen, ...versions];
  const holds = (version: PublishableVersion) =>
    packaged.get(version)?.some(({ name }) => name === entry.icon) === true;
  return order.find(holds) ?? chosen;
}
