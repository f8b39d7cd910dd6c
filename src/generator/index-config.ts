import { utf8 } from "../bytes.ts";
import type { Build, BuildInfo } from "./build.ts";
import { stackVersions, type VersionLocation } from "./build-folder.ts";
import { countEntries, newestCommitTime, stackDigests } from "./build-info.ts";
import { BUILD_FORMAT, configSchema, offlineSchema, parseRecord } from "./build-info-schema.ts";
import { compareBytewise } from "./ordering.ts";
import type { StackArtifacts } from "./pack-stack.ts";
import { publicSource } from "./public-source.ts";

/** What an index artifact tells of its build. */
export interface IndexConfig {
  /** Undefined for a build of the Go tools. Which version of devreg made the build is not told. */
  readonly info: BuildInfo | undefined;
  /** Manifest digest of each stack artifact, by "name:version". */
  readonly stacks: Readonly<Record<string, string>>;
  /** Stack versions ("go:1.0.0") whose files lie in the folder of their stack. */
  readonly unversioned: ReadonlySet<string>;
}

/** Stands for the version of devreg that made a build, which its index artifact does not tell. */
const UNKNOWN_VERSION = "unknown";

/** Writes the config of an index artifact; the same content gives the same bytes. */
export async function formatIndexConfig(build: Build, stacks: StackArtifacts): Promise<Uint8Array> {
  const sources = build.info?.sources ?? [];
  const time = build.info?.commit_time ?? newestCommitTime(sources);
  const [only] = sources;
  const config = {
    format: BUILD_FORMAT,
    ...(sources.length === 1 && only?.commit_hash !== undefined
      ? { commit_hash: only.commit_hash }
      : {}),
    ...(time === undefined ? {} : { commit_time: time }),
    sources: sources.map(publicSource),
    counts: build.info?.counts ?? countEntries(build.index),
    stacks: stackDigests(stacks.artifacts),
    icons: build.info?.icons ?? {},
    ...(await offlineConfig(build)),
  };
  return utf8(JSON.stringify(config));
}

/**
 * Reads the config of an index artifact.
 *
 * @param file what messages call it
 * @throws {DevregError} UNSUPPORTED for a newer major format; INPUT_INVALID for anything else
 */
export function parseIndexConfig(bytes: Uint8Array, file: string): IndexConfig {
  const config = parseRecord(configSchema, bytes, file, "Publish the build again");
  const { unversioned = [], counts, ...rest } = config;
  const { icons, iconsMissing } = counts;
  return {
    info:
      icons === undefined || iconsMissing === undefined
        ? undefined
        : {
            ...rest,
            tool: { name: "devreg", version: UNKNOWN_VERSION },
            counts: { ...counts, icons, iconsMissing },
          },
    stacks: config.stacks,
    unversioned: new Set(unversioned),
  };
}

/** Names a stack version the way the record of a build does. */
export function recordName({ stack, version, tag }: VersionName): string {
  return `${stack}:${version.version ?? tag}`;
}

type VersionName = Pick<VersionLocation, "stack" | "version" | "tag">;

/** What an ordinary build never tells, so that its artifact stays what it was. */
async function offlineConfig(build: Build): Promise<Record<string, unknown>> {
  if (build.info?.offline === undefined) return {};
  const unversioned = (await stackVersions(build))
    .filter(({ folder, stack }) => folder === `stacks/${stack}`)
    .map(recordName)
    .sort(compareBytewise);
  return {
    offline: offlineSchema.parse(build.info.offline),
    ...(unversioned.length === 0 ? {} : { unversioned }),
  };
}
