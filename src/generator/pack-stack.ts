import { utf8 } from "../bytes.ts";
import { eachBounded } from "../concurrent.ts";
import { DevregError } from "../errors.ts";
import { FILE_CONCURRENCY } from "../limits.ts";
import {
  ANNOTATION_TITLE,
  type Descriptor,
  isRepositoryName,
  isTag,
  MemoryRegistry,
  type MemoryRepository,
  OCTET_STREAM,
} from "../oci-client/index.ts";
import { Pace } from "../turn.ts";
import { VERSIONS_IN_A_ROW } from "../turn-limits.ts";
import type { Build } from "./build.ts";
import { stackVersions, type VersionLocation } from "./build-folder.ts";
import type { IndexVersion } from "./index-schema.ts";

/** The config of every stack artifact: two bytes, kept for the clients that look at its type. */
export const DEVFILE_CONFIG = "application/vnd.devfileio.devfile.config.v2+json";
/** The layer that is the devfile. */
export const DEVFILE_LAYER = "application/vnd.devfileio.devfile.layer.v1";
/** The layer that is a Visual Studio extension. */
export const VSX_LAYER = "application/vnd.devfileio.vsx.layer.v1.tar";

/** One stack version as an OCI artifact. */
export interface StackArtifact {
  readonly stack: string;
  readonly version: string;
  /** "devfile-catalog/go" */
  readonly repository: string;
  /** "2.0.0" */
  readonly tag: string;
  readonly descriptor: Descriptor;
}

/** The stack versions of a build as OCI artifacts. */
export interface StackArtifacts {
  /** Holds them all. */
  readonly registry: MemoryRegistry;
  /** In the order of the index. */
  readonly artifacts: readonly StackArtifact[];
  /** What no registry can hold, though the index names it; in the order of the index. */
  readonly rejected: readonly RejectedVersion[];
}

/** A stack version that OCI has no address for. */
export interface RejectedVersion {
  readonly repository: string;
  readonly tag: string;
  /** INPUT_INVALID, saying why. */
  readonly error: DevregError;
}

const CONFIG_BYTES = utf8("{}");
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  "devfile.yaml": DEVFILE_LAYER,
  ".devfile.yaml": DEVFILE_LAYER,
  "logo.svg": "image/svg+xml",
  "logo.png": "image/png",
  "archive.tar": "application/x-tar",
};
const NOT_PUSHED = new Set(["meta.yaml"]);

/**
 * Packs each stack version of a build that has resources; the same build gives the same digests.
 *
 * Parity: index/server/pkg/server/registry.go (media types, title annotations, meta.yaml left out);
 * zip files are pushed here and dropped there. A name or version that cannot be a repository or a tag
 * is no reason to go without the rest.
 *
 * @param before the artifacts of an earlier build; what the record of this one has the same digest for
 *   is taken over from there, so give it only with a record that was made with the build
 * @throws {DevregError} NOT_FOUND when a resource is missing
 */
export async function packStackArtifacts(
  build: Build,
  before?: StackArtifacts,
): Promise<StackArtifacts> {
  const registry = new MemoryRegistry();
  const { locations, rejected } = chooseAddressable(await stackVersions(build));
  const pace = new Pace(VERSIONS_IN_A_ROW);
  const known = new Map(before?.artifacts.map((artifact) => [addressOf(artifact), artifact]));
  const artifacts = await eachBounded(locations, FILE_CONCURRENCY, async (location) => {
    await pace.did(1);
    const { stack, repository, tag } = location;
    const target = registry.repository(repository);
    const same = known.get(addressOf(location));
    if (before && same && same.descriptor.digest === recordedDigest(build, location)) {
      target.adopt(before.registry.repository(repository), same.descriptor, tag);
      return same;
    }
    const descriptor = await packVersion(build, location, target);
    return { stack, version: location.version.version ?? tag, repository, tag, descriptor };
  });
  return { registry, artifacts, rejected };
}

function addressOf({ repository, tag }: { repository: string; tag: string }): string {
  return `${repository}:${tag}`;
}

function recordedDigest({ info }: Build, { stack, version, tag }: VersionLocation) {
  const name = `${stack}:${version.version ?? tag}`;
  return info !== undefined && Object.hasOwn(info.stacks, name) ? info.stacks[name] : undefined;
}

/** Gives the media type of the layer that carries a resource. */
export function layerMediaType(resource: string): string {
  if (resource.endsWith(".vsx")) return VSX_LAYER;
  if (resource.endsWith(".zip")) return "application/zip";
  return MEDIA_TYPES[resource] ?? OCTET_STREAM;
}

/** Gives the resources of a stack version that its artifact carries, in the order of its layers. */
export function layerNames({ resources = [] }: IndexVersion): readonly string[] {
  return resources.filter((resource) => !NOT_PUSHED.has(resource));
}

/** Where a stack version would be in a registry. */
type Addressed = Pick<VersionLocation, "repository" | "tag" | "version">;

/** Chooses the stack versions with resources that OCI has an address for. */
export function chooseAddressable<Location extends Addressed>(
  all: readonly Location[],
): { readonly locations: readonly Location[]; readonly rejected: readonly RejectedVersion[] } {
  const locations: Location[] = [];
  const rejected: RejectedVersion[] = [];
  const taken = new Set<string>();
  for (const location of all.filter(({ version }) => (version.resources ?? []).length > 0)) {
    const { repository, tag } = location;
    const address = `${repository}:${tag}`;
    const error = addressFault(location, taken.has(address));
    taken.add(address);
    if (error === undefined) locations.push(location);
    else rejected.push({ repository, tag, error });
  }
  return { locations, rejected };
}

async function packVersion(
  build: Build,
  { version, folder, tag }: VersionLocation,
  target: MemoryRepository,
): Promise<Descriptor> {
  const config = target.add(DEVFILE_CONFIG, CONFIG_BYTES);
  const layers: Descriptor[] = [];
  for (const resource of layerNames(version)) {
    const bytes = await build.files.read(`${folder}/${resource}`);
    const title = { [ANNOTATION_TITLE]: resource };
    layers.push(target.add(layerMediaType(resource), bytes, title));
  }
  return target.addManifest({ config, layers }, tag);
}

function addressFault({ repository, tag }: Addressed, taken: boolean): DevregError | undefined {
  const address = `${repository}:${tag}`;
  if (!isRepositoryName(repository)) {
    return invalid(
      address,
      "the stack's name cannot be the name of a repository",
      "Use lower-case letters, digits and single separators (. _ -) in the name of the folder",
    );
  }
  if (!isTag(tag)) {
    return invalid(
      address,
      "the version cannot be a tag",
      "Use letters, digits, dots, underscores and hyphens, at most 128 of them",
    );
  }
  return taken
    ? invalid(address, "another stack version of the index has this address")
    : undefined;
}

function invalid(what: string, state: string, hint?: string): DevregError {
  const detail = hint === undefined ? {} : { hint };
  return new DevregError("INPUT_INVALID", `Cannot pack stack version "${what}": ${state}`, detail);
}
