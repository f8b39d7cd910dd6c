import { invariant } from "../../assert.ts";
import { readAll } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";
import {
  type Build,
  diffNames,
  generationTag,
  INDEX_REPOSITORY,
  type PublishedIndexArtifact,
  packIndexArtifact,
  packStackArtifacts,
  readPublishedGeneration,
  type StackArtifact,
  type StackArtifacts,
  type StackSet,
} from "../../generator/index.ts";
import { INDEX_FILES_BYTES } from "../../limits.ts";
import {
  type Descriptor,
  fetchManifest,
  MemoryRegistry,
  type ReadonlyRegistry,
  type ReadonlyRepository,
} from "../../oci-client/index.ts";
import type { UpdateChanges } from "../../server/index.ts";

/** One generation with its artifacts, wherever these lie. */
export interface Generation {
  readonly build: Build;
  readonly stacks: StackSet;
  readonly index: PublishedIndexArtifact;
  /** Images that a bundle brings beside the build. */
  readonly images?: ReadonlyRegistry;
  /** Where stack artifacts are read; "registry" is the one behind, the others are at hand. */
  readonly medium: "memory" | "folder" | "registry";
  /** Who made it: what the command line names, a source that was fetched, or somebody else. */
  readonly origin: "operand" | "source" | "registry";
}

/** How a build is packed. */
export interface PackOptions {
  readonly origin: Generation["origin"];
  /** Images that come with the build. */
  readonly images?: ReadonlyRegistry | undefined;
  /** The stack versions of the build, where they were packed to make it. */
  readonly artifacts?: StackArtifacts | undefined;
  /** Served until now; of a build that was just made, only what differs from it is packed. */
  readonly before?: Generation | undefined;
}

/** Packs a build. @throws {DevregError} as packing does */
export async function packGeneration(
  build: Build,
  { origin, images, artifacts, before }: PackOptions,
): Promise<Generation> {
  const held = before?.stacks.registry;
  const known =
    before && held instanceof MemoryRegistry ? { ...before.stacks, registry: held } : undefined;
  const stacks = artifacts ?? (await packStackArtifacts(build, known));
  const index = await packIndexArtifact(build, stacks);
  return { build, stacks, index, medium: "memory", origin, ...(images && { images }) };
}

/** What reading a generation from a registry may leave unasked. */
export interface ReadGenerationOptions {
  /** What was read or made before: its content is not fetched again. */
  readonly before: Generation | undefined;
  /** Whether the artifacts are at hand. */
  readonly medium: "folder" | "registry";
}

/**
 * Reads the generation of an index artifact. The index is fetched whole, as far as the one before
 * does not have the same parts; of stack versions it is asked for the new ones.
 *
 * @throws {DevregError} as readPublishedBuild(); LIMIT_EXCEEDED for an index that is too large
 */
export async function readGeneration(
  registry: ReadonlyRegistry,
  root: Descriptor,
  { before, medium }: ReadGenerationOptions,
): Promise<Generation> {
  const held = new MemoryRegistry();
  await holdIndex(registry.repository(INDEX_REPOSITORY), root, before, held);
  const joined: ReadonlyRegistry = {
    repositories: () => registry.repositories(),
    repository: (name) => (name === INDEX_REPOSITORY ? held : registry).repository(name),
  };
  const known = knownArtifacts(before);
  const read = await readPublishedGeneration(joined, {
    tag: root.digest,
    known: (repository, digest) => known.get(`${repository}@${digest}`),
  });
  const { build, artifacts, rejected } = read;
  const generation = generationTag(build.info?.sources ?? []);
  const tags = generation === undefined ? ["latest"] : [generation, "latest"];
  return {
    build,
    stacks: { registry, artifacts, rejected },
    index: { registry: held, repository: INDEX_REPOSITORY, tags, descriptor: read.index },
    medium,
    origin: "registry",
  };
}

/** Names a generation: its commit, or the tag of several; undefined where none is known. */
export function generationName({ build }: Generation): string | undefined {
  return generationTag(build.info?.sources ?? []);
}

/** Compares the stack versions of two generations. */
export function changesBetween(before: Generation | undefined, after: Generation): UpdateChanges {
  return diffNames(digestsOf(before?.stacks.artifacts ?? []), digestsOf(after.stacks.artifacts));
}

function digestsOf(artifacts: readonly StackArtifact[]): ReadonlyMap<string, string> {
  return new Map(
    artifacts.map(({ stack, version, descriptor }) => [`${stack}:${version}`, descriptor.digest]),
  );
}

function knownArtifacts(before: Generation | undefined): ReadonlyMap<string, Descriptor> {
  return new Map(
    (before?.stacks.artifacts ?? []).map(({ repository, descriptor }) => [
      `${repository}@${descriptor.digest}`,
      descriptor,
    ]),
  );
}

/** Brings an index artifact into memory. */
async function holdIndex(
  remote: ReadonlyRepository,
  root: Descriptor,
  before: Generation | undefined,
  held: MemoryRegistry,
): Promise<void> {
  const target = held.repository(INDEX_REPOSITORY);
  const old = before?.index.registry.repository(INDEX_REPOSITORY);
  const { manifest, bytes } = await fetchManifest(remote, root);
  const parts = manifest.kind === "image" ? [manifest.config, ...manifest.layers] : [];
  const sum = parts.reduce((total, { size }) => total + size, 0);
  if (sum > 2 * INDEX_FILES_BYTES) {
    throw new DevregError("LIMIT_EXCEEDED", `Cannot read the index ${root.digest}: ${sum} bytes`);
  }
  for (const part of parts) {
    const source = (await old?.exists(part)) ? old : remote;
    invariant(source !== undefined, "what has it is there");
    await target.push(part, await readAll(await source.fetch(part), part.size, part.digest));
  }
  await target.push(root, bytes);
}
