import { invariant } from "../../assert.ts";
import type { ProjectSource } from "../fetch/index.ts";
import type { Git, IndexEntry, IndexVersion } from "../index-schema.ts";
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
    for (const [at, version] of placed.stack.versions.entries()) {
      versions.set(version, placeOfVersion(placed, version, at, content.files));
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
    icons: iconsOf(entry, entry.versions?.[index]),
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
    project: projectOf(version === undefined ? entry.git : version.git),
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

function iconsOf(entry: IndexEntry, version: IndexVersion | undefined): readonly string[] {
  return [entry.icon, version?.icon].flatMap((icon) => icon ?? []);
}

/** Reads where the index says that the project of a sample is. */
function projectOf(git: Git | undefined): ProjectSource | undefined {
  if (git === undefined) return undefined;
  const remotes =
    git.remotes ?? (git.url === undefined ? {} : { [git.remoteName ?? "origin"]: git.url });
  const checkoutFrom = {
    ...(git.remoteName === undefined ? {} : { remote: git.remoteName }),
    ...(git.revision === undefined ? {} : { revision: git.revision }),
  };
  return {
    kind: "git",
    remotes,
    checkoutFrom,
    ...(git.subDir === undefined ? {} : { subDir: git.subDir }),
  };
}
