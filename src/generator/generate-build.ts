import type { Build, BuildInfo, BuildSource, OfflineInfo } from "./build.ts";
import { buildInfo } from "./build-info.ts";
import type { IndexIcons } from "./generate-icons.ts";
import { formatIndexInTurns, readBack } from "./index-json.ts";
import type { RegistryIndex } from "./index-schema.ts";
import { MemoryBuildFiles } from "./memory-build.ts";
import { packStackArtifacts, type StackArtifacts } from "./pack-stack.ts";
import type { PackagedFile } from "./package-stack.ts";
import { publicSource } from "./public-source.ts";
import type { PublishableExtra, PublishableStack, PublishableVersion } from "./publishable.ts";

/** What a build is assembled from. */
export interface BuildParts {
  readonly index: RegistryIndex;
  readonly stacks: readonly PublishableStack[];
  readonly files: ReadonlyMap<PublishableVersion, readonly PackagedFile[]>;
  readonly extras: readonly PublishableExtra[];
  readonly icons: IndexIcons;
  /** Further files by their path in the build; they take the place of others. */
  readonly more?: readonly PackagedFile[] | undefined;
  /** Of an offline build. */
  readonly offline?: OfflineInfo | undefined;
  readonly sources: readonly BuildSource[];
  readonly toolVersion: string;
}

/** A build in memory, and what its stack versions are in a registry. */
export interface AssembledBuild {
  readonly build: Build & { readonly info: BuildInfo };
  readonly artifacts: StackArtifacts;
}

/** Puts the files of a build together in memory and records what it holds. */
export async function assembleBuild(parts: BuildParts): Promise<AssembledBuild> {
  const files = new MemoryBuildFiles([
    ...contentFiles(parts),
    ...[...parts.icons.files, ...(parts.more ?? [])].map(
      ({ name, bytes }) => [name, bytes] as const,
    ),
  ]);
  const { icons } = parts;
  const indexBytes = await formatIndexInTurns(parts.index);
  // Read back, so that a build in memory and the same build on disk have one and the same index.
  const index = readBack(indexBytes);
  const draft = { index, indexBytes, files, info: undefined };
  const artifacts = await packStackArtifacts(draft);
  const info = buildInfo({
    index,
    sources: parts.sources.map(publicSource),
    toolVersion: parts.toolVersion,
    artifacts: artifacts.artifacts,
    icons: icons.icons,
    iconsMissing: icons.missing.length,
    offline: parts.offline,
  });
  return { build: { ...draft, info }, artifacts };
}

/** Gives the files of stack versions and samples, by their paths in a build. */
export function* contentFiles(
  parts: Pick<BuildParts, "stacks" | "files" | "extras">,
): Iterable<readonly [string, Uint8Array]> {
  yield* stackFiles(parts);
  yield* sampleFiles(parts.extras);
}

function* stackFiles({
  stacks,
  files,
}: Pick<BuildParts, "stacks" | "files">): Iterable<readonly [string, Uint8Array]> {
  for (const version of stacks.flatMap(({ versions }) => versions)) {
    for (const { name, bytes } of files.get(version) ?? []) {
      yield [`${version.buildFolder}/${name}`, bytes];
    }
  }
}

function* sampleFiles(
  extras: readonly PublishableExtra[],
): Iterable<readonly [string, Uint8Array]> {
  for (const { devfile } of extras.flatMap(({ samples }) => samples)) {
    if (devfile !== undefined) yield [devfile.path, devfile.bytes];
  }
}
