import { z } from "zod";
import { textOf, utf8 } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import type { BuildInfo, BuildSource, OfflineInfo } from "./build.ts";
import type { RegistryIndex } from "./index-schema.ts";
import { compareBytewise } from "./ordering.ts";
import type { StackArtifact } from "./pack-stack.ts";

/** The format of build.json and of the index artifact's config: "major.minor". */
export const BUILD_FORMAT = "1.0";

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

const texts = z.record(z.string(), z.string());
const count = z.number().int().nonnegative();
const sourceSchema = z.object({
  url: z.string().exactOptional(),
  commit_hash: z.string().exactOptional(),
  commit_time: z.string().exactOptional(),
});
const submoduleSchema = z.object({ path: z.string(), url: z.string(), commit_hash: z.string() });
const projectSchema = z.object({
  sha256: z.string(),
  url: z.string(),
  commit_hash: z.string().exactOptional(),
  source_sha256: z.string().exactOptional(),
  submodules: z.array(submoduleSchema).exactOptional(),
});
const offlineSchema = z.object({
  publicUrl: z.string().exactOptional(),
  restOnly: count,
  parents: z.object({ registry: count, flattened: count }),
  projects: z.record(z.string(), projectSchema),
});
const infoSchema = z.object({
  format: z.string(),
  tool: z.object({ name: z.literal("devreg"), version: z.string() }),
  sources: z.array(sourceSchema),
  commit_time: z.string().exactOptional(),
  counts: z.object({
    stacks: count,
    stackVersions: count,
    samples: count,
    sampleVersions: count,
    icons: count,
    iconsMissing: count,
  }),
  stacks: texts,
  icons: texts,
  offline: offlineSchema.exactOptional(),
});
/** What a record of any format must have to say which version of devreg reads it. */
const headSchema = z.object({
  format: z.string().regex(/^[0-9]+(\.[0-9]+)*$/),
  tool: z.object({ name: z.string(), version: z.string() }),
});

/**
 * Reads build.json; fields that a newer minor format added are dropped.
 *
 * @throws {DevregError} UNSUPPORTED for a newer major format; INPUT_INVALID for anything else
 */
export function parseBuildInfo(bytes: Uint8Array, file = "build.json"): BuildInfo {
  const json = parseJson(bytes, file);
  const head = headSchema.safeParse(json);
  if (head.success && Number.parseInt(head.data.format, 10) > Number.parseInt(BUILD_FORMAT, 10)) {
    const { format, tool } = head.data;
    throw new DevregError(
      "UNSUPPORTED",
      `Cannot read "${file}": its format ${format} is newer than ${BUILD_FORMAT}`,
      { hint: `Use ${tool.name} ${tool.version}, which wrote it, or a newer version` },
    );
  }
  const parsed = infoSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(file, `${issue?.path.map(String).join(".")}: ${issue?.message}`);
}

function parseJson(bytes: Uint8Array, file: string): unknown {
  try {
    return JSON.parse(textOf(bytes));
  } catch (cause) {
    throw invalid(file, "it is not JSON", cause);
  }
}

function invalid(file: string, state: string, cause?: unknown): DevregError {
  return new DevregError("INPUT_INVALID", `Cannot read "${file}": ${state}`, {
    cause,
    hint: "Generate the build again",
  });
}

function sortRecord(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => compareBytewise(a, b)));
}
