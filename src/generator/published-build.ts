import { invariant } from "../assert.ts";
import { eachBounded } from "../concurrent.ts";
import { DevregError } from "../errors.ts";
import { REGISTRY_CONCURRENCY } from "../limits.ts";
import { type Descriptor, parseDigest, type ReadonlyRegistry } from "../oci-client/index.ts";
import type { Build } from "./build.ts";
import { type VersionLocation, versionAddress } from "./build-folder.ts";
import { type IndexConfig, recordName } from "./index-config.ts";
import type { RegistryIndex } from "./index-schema.ts";
import { MemoryBuildFiles } from "./memory-build.ts";
import { INDEX_REPOSITORY, LATEST_TAG } from "./pack-index.ts";
import { chooseAddressable, type RejectedVersion, type StackArtifact } from "./pack-stack.ts";
import { PublishedFiles } from "./published-files.ts";
import { readIndexArtifact } from "./published-index.ts";
import { PublishedVersion } from "./published-version.ts";

/** Which published build is meant. */
export interface PublishedBuildOptions {
  /** Tag or digest of the index artifact; the latest unless told. */
  readonly tag?: string;
  /** The repository of the index artifact, where it is not "devreg/index". */
  readonly repository?: string;
}

/** How a published generation is read. */
export interface PublishedGenerationOptions extends PublishedBuildOptions {
  /** Gives stack artifacts that are known to be there; the registry is not asked for them. */
  readonly known?: (repository: string, digest: string) => Descriptor | undefined;
}

/** A published build with the artifacts that it was read from. */
export interface PublishedGeneration {
  readonly build: Build;
  /** Of the index artifact. */
  readonly index: Descriptor;
  /** In the order of the index. */
  readonly artifacts: readonly StackArtifact[];
  /** Stack versions that no registry can hold. */
  readonly rejected: readonly RejectedVersion[];
}

/**
 * Reads the build that was published to a registry, so that packing it again gives the artifacts
 * that it was read from. The index artifact is read whole; of stack versions it is only asked
 * whether they are there, their files are read when they are asked for.
 *
 * An ordinary build does not tell which stacks have no folder for each version; the files of all of
 * them are at "stacks/<stack>/<version>/". What stack artifacts leave out (meta.yaml, versions that
 * OCI has no address for) is there in an offline build only.
 *
 * @throws {DevregError} NOT_FOUND when it, or a stack version that its index names, is not there;
 *   INPUT_INVALID for what is no index artifact or lacks something; UNSUPPORTED when a newer major
 *   version wrote it; as fetching does
 */
export async function readPublishedBuild(
  registry: ReadonlyRegistry,
  options: PublishedBuildOptions = {},
): Promise<Build> {
  return (await readPublishedGeneration(registry, options)).build;
}

/** Reads a published build as {@link readPublishedBuild} does. @throws {DevregError} as it does */
export async function readPublishedGeneration(
  registry: ReadonlyRegistry,
  { tag = LATEST_TAG, repository = INDEX_REPOSITORY, known }: PublishedGenerationOptions = {},
): Promise<PublishedGeneration> {
  const artifact = await readIndexArtifact(registry.repository(repository), repository, tag);
  const { index, indexBytes, config, descriptor } = artifact;
  const { locations, rejected } = chooseAddressable(locationsOf(index, config));
  const roots = await eachBounded(locations, REGISTRY_CONCURRENCY, (location) =>
    findVersion(registry, location, config, known),
  );
  const versions = locations.map((location, at) => {
    const root = roots[at];
    invariant(root !== undefined, "every stack version was found");
    return { location, root };
  });
  const files = new PublishedFiles(
    new MemoryBuildFiles(artifact.files),
    versions.map(
      ({ location, root }) =>
        new PublishedVersion(registry.repository(location.repository), root, location),
    ),
  );
  const artifacts = versions.map(({ location, root }) => toArtifact(location, root));
  return {
    build: { index, indexBytes, info: config.info, files },
    index: descriptor,
    artifacts,
    rejected,
  };
}

function toArtifact(
  { stack, version, repository, tag }: VersionLocation,
  descriptor: Descriptor,
): StackArtifact {
  return { stack, version: version.version ?? tag, repository, tag, descriptor };
}

function locationsOf(index: RegistryIndex, { unversioned }: IndexConfig): VersionLocation[] {
  return index
    .filter(({ type }) => type === "stack")
    .flatMap((entry) =>
      (entry.versions ?? []).map((version): VersionLocation => {
        const address = versionAddress(entry, version);
        const { stack } = address;
        const isFlat = unversioned.has(recordName({ ...address, version }));
        const below = isFlat || version.version === undefined ? "" : `/${version.version}`;
        return { entry, version, folder: `stacks/${stack}${below}`, ...address };
      }),
    );
}

/** Finds the artifact of a stack version, by digest: its tag may belong to a newer index already. */
async function findVersion(
  registry: ReadonlyRegistry,
  location: VersionLocation,
  { stacks }: IndexConfig,
  known: PublishedGenerationOptions["known"],
): Promise<Descriptor> {
  const name = recordName(location);
  const recorded = Object.hasOwn(stacks, name) ? stacks[name] : undefined;
  const repository = registry.repository(location.repository);
  const root =
    recorded === undefined
      ? undefined
      : (known?.(location.repository, recorded) ??
        (await repository.resolve(parseDigest(recorded))));
  if (root !== undefined) return root;
  const state =
    recorded === undefined ? "it was not published with it" : `${recorded} is not in the registry`;
  const { repository: shown, tag } = location;
  const message = `Cannot read "${shown}:${tag}", which the index names: ${state}`;
  throw new DevregError("NOT_FOUND", message, { hint: "Publish the build again" });
}
