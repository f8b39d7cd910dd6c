import type { Build, BuildInfo, BuildSource } from "./build.ts";
import { buildInfo } from "./build-info.ts";
import type { IndexIcons } from "./generate-icons.ts";
import { formatIndex } from "./index-json.ts";
import type { RegistryIndex } from "./index-schema.ts";
import { MemoryBuildFiles } from "./memory-build.ts";
import { packStackArtifacts } from "./pack-stack.ts";
import type { PackagedFile } from "./package-stack.ts";
import type { PublishableExtra, PublishableStack, PublishableVersion } from "./publishable.ts";

/** What a build is assembled from. */
export interface BuildParts {
  /** The stacks of `stacks` in their order, then the extra entries. */
  readonly index: RegistryIndex;
  readonly stacks: readonly PublishableStack[];
  readonly files: ReadonlyMap<PublishableVersion, readonly PackagedFile[]>;
  readonly extras: readonly PublishableExtra[];
  readonly icons: IndexIcons;
  readonly sources: readonly BuildSource[];
  readonly toolVersion: string;
}

/** Puts the files of a build together in memory and records what it holds. */
export async function assembleBuild(
  parts: BuildParts,
): Promise<Build & { readonly info: BuildInfo }> {
  const files = new MemoryBuildFiles([
    ...stackFiles(parts),
    ...sampleFiles(parts.extras),
    ...parts.icons.files.map(({ name, bytes }) => [name, bytes] as const),
  ]);
  const { index, icons } = parts;
  const draft = { index, indexBytes: formatIndex(index), files, info: undefined };
  // Stacks that are only described have no files here, and so no artifact.
  const { artifacts } = await packStackArtifacts({
    ...draft,
    index: index.slice(0, parts.stacks.length),
  });
  const info = buildInfo({
    index,
    sources: parts.sources,
    toolVersion: parts.toolVersion,
    artifacts,
    icons: icons.icons,
    iconsMissing: icons.missing.length,
  });
  return { ...draft, info };
}

function* stackFiles({ stacks, files }: BuildParts): Iterable<readonly [string, Uint8Array]> {
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
