import { utf8 } from "../bytes.ts";
import type { BuildInfo, BuildSource, OfflineInfo } from "./build.ts";
import { BUILD_FORMAT, infoSchema, parseRecord } from "./build-info-schema.ts";
import type { RegistryIndex } from "./index-schema.ts";
import { compareBytewise } from "./ordering.ts";
import type { StackArtifact } from "./pack-stack.ts";

/** What the record of a build is made from. */
export interface BuildInfoParts {
  readonly index: RegistryIndex;
  readonly sources: readonly BuildSource[];
  readonly toolVersion: string;
  readonly artifacts: readonly StackArtifact[];
  /** The file of each icon address that was fetched. */
  readonly icons: Readonly<Record<string, string>>;
  /** How many icon addresses have no file. */
  readonly iconsMissing: number;
  /** Of an offline build. */
  readonly offline?: OfflineInfo | undefined;
}

/** Makes the record of a build; the same parts, in whatever order, give the same record. */
export function buildInfo(parts: BuildInfoParts): BuildInfo {
  const time = newestCommitTime(parts.sources);
  return {
    format: BUILD_FORMAT,
    tool: { name: "devreg", version: parts.toolVersion },
    sources: parts.sources,
    ...(time === undefined ? {} : { commit_time: time }),
    counts: {
      ...countEntries(parts.index),
      icons: new Set(Object.values(parts.icons)).size,
      iconsMissing: parts.iconsMissing,
    },
    stacks: stackDigests(parts.artifacts),
    icons: sortRecord(parts.icons),
    ...(parts.offline === undefined ? {} : { offline: parts.offline }),
  };
}

/** Gives the committer date of the newest source; undefined when none is known. */
export function newestCommitTime(sources: readonly BuildSource[]): string | undefined {
  // All are in UTC and of one form, so the order of the text is the order in time.
  return sources
    .flatMap(({ commit_time }) => (commit_time === undefined ? [] : [commit_time]))
    .sort()
    .at(-1);
}

/** Counts stacks and samples; an entry without versions counts as having one. */
export function countEntries(
  index: RegistryIndex,
): Omit<BuildInfo["counts"], "icons" | "iconsMissing"> {
  const stacks = index.filter(({ type }) => type === "stack");
  const samples = index.filter(({ type }) => type === "sample");
  const versions = (entries: RegistryIndex) =>
    entries.reduce((sum, entry) => sum + (entry.versions?.length ?? 1), 0);
  return {
    stacks: stacks.length,
    stackVersions: versions(stacks),
    samples: samples.length,
    sampleVersions: versions(samples),
  };
}

/** Gives the manifest digest of each stack artifact by "name:version", sorted by that. */
export function stackDigests(
  artifacts: readonly StackArtifact[],
): Readonly<Record<string, string>> {
  return sortRecord(
    Object.fromEntries(
      artifacts.map(({ stack, version, descriptor }) => [
        `${stack}:${version}`,
        descriptor.digest as string,
      ]),
    ),
  );
}

/** Writes build.json. */
export function formatBuildInfo(info: BuildInfo): Uint8Array {
  return utf8(`${JSON.stringify(info, null, 2)}\n`);
}

/**
 * Reads build.json; fields that a newer minor format added are dropped.
 *
 * @throws {DevregError} UNSUPPORTED for a newer major format; INPUT_INVALID for anything else
 */
export function parseBuildInfo(bytes: Uint8Array, file = "build.json"): BuildInfo {
  return parseRecord(infoSchema, bytes, file, "Generate the build again");
}

function sortRecord(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => compareBytewise(a, b)));
}
