import { createHash } from "node:crypto";
import {
  ANNOTATION_REVISION,
  ANNOTATION_SOURCE,
  ANNOTATION_TITLE,
  buildManifest,
  type Descriptor,
  type MemoryRegistry,
} from "../oci-client/index.ts";
import type { Build, BuildSource } from "./build.ts";
import { stackVersions } from "./build-folder.ts";
import { formatIndexConfig } from "./index-config.ts";
import { compareBytewise } from "./ordering.ts";
import { chooseAddressable, layerNames, type StackArtifacts } from "./pack-stack.ts";
import { packTar } from "./package-stack-archive.ts";
import { publicAddress } from "./public-source.ts";

/** The type of the index artifact, and of its config. */
export const INDEX_ARTIFACT = "application/vnd.devreg.index.v1+json";
/** The layer that is index.json. */
export const INDEX_LAYER = "application/json";
/** A layer with the files of one top-level folder of a build, as a plain tar. */
export const FILES_LAYER = "application/vnd.devreg.files.v1.tar";
/** The repository of the index artifact, below the prefix of a registry. */
export const INDEX_REPOSITORY = "devreg/index";
/** The folders of a build of which an index artifact may have a layer, in the order of these. */
export const INDEX_FOLDERS = ["icons", "samples", "documents", "stacks"] as const;
/** The tag that replicas follow. */
export const LATEST_TAG = "latest";

/** The index of a build as an OCI artifact. */
export interface IndexArtifact {
  /** Holds it. */
  readonly registry: MemoryRegistry;
  readonly repository: string;
  /** The generation tag where there is one, then "latest": the order they are set in. */
  readonly tags: readonly string[];
  readonly descriptor: Descriptor;
}

/**
 * Packs the index of a build, beside its stack artifacts. With the stack artifacts that its config
 * names by digest, it is all that a replica without a build needs:
 *
 * - config: the record of build.json without what depends on where and by which version it was made
 * - layer "index.json": the exact bytes
 * - layers "icons.tar" and "samples.tar": what /icons and /samples and sample devfiles are served from
 * - layers "documents.tar" and "stacks.tar" of an offline build: what /documents is served from, and
 *   the files below stacks/ that no stack artifact carries
 *
 * The same content gives the same digest on any machine.
 */
export async function packIndexArtifact(
  build: Build,
  stacks: StackArtifacts,
): Promise<IndexArtifact> {
  const target = stacks.registry.repository(INDEX_REPOSITORY);
  const configBytes = await formatIndexConfig(build, stacks);
  const config = target.add(INDEX_ARTIFACT, configBytes);
  const layers = [target.add(INDEX_LAYER, build.indexBytes, { [ANNOTATION_TITLE]: "index.json" })];
  for (const [folder, paths] of await layerPaths(build)) {
    if (paths.length === 0) continue;
    const bytes = await filesTar(build, paths);
    layers.push(target.add(FILES_LAYER, bytes, { [ANNOTATION_TITLE]: `${folder}.tar` }));
  }
  const sources = build.info?.sources ?? [];
  const annotations = sourceAnnotations(sources);
  const manifest = buildManifest({
    config,
    layers,
    artifactType: INDEX_ARTIFACT,
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  });
  const generation = generationTag(sources);
  const tags = generation === undefined ? [LATEST_TAG] : [generation, LATEST_TAG];
  await target.push(manifest.descriptor, manifest.bytes);
  for (const tag of tags) await target.tag(manifest.descriptor, tag);
  const { registry } = stacks;
  return { registry, repository: INDEX_REPOSITORY, tags, descriptor: manifest.descriptor };
}

/**
 * Gives the tag that names one generation of the index: the commit of the only source; of several,
 * the first 40 hexadecimal digits of the SHA-256 of their sorted "url commit" lines, each with a
 * line feed. Undefined when a commit is not known or its checkout was changed.
 */
export function generationTag(sources: readonly BuildSource[]): string | undefined {
  const [first] = sources;
  if (first === undefined || sources.some(({ commit_hash }) => commit_hash === undefined)) {
    return undefined;
  }
  if (sources.length === 1) return first.commit_hash;
  const lines = sources.map(
    ({ url, commit_hash }) => `${publicAddress(url) ?? ""} ${commit_hash}\n`,
  );
  const sorted = lines.sort(compareBytewise).join("");
  return createHash("sha256").update(sorted).digest("hex").slice(0, 40);
}

function sourceAnnotations(sources: readonly BuildSource[]): Record<string, string> {
  const [only, ...others] = sources;
  if (only === undefined || others.length > 0) return {};
  const address = publicAddress(only.url);
  return {
    ...(only.commit_hash === undefined ? {} : { [ANNOTATION_REVISION]: only.commit_hash }),
    ...(address === undefined ? {} : { [ANNOTATION_SOURCE]: address }),
  };
}

/** Gives the files of each layer. What stack artifacts do not carry only an offline build has to. */
async function layerPaths(
  build: Build,
): Promise<readonly (readonly [string, readonly string[]])[]> {
  const paths = await build.files.paths();
  const below = (folder: string) => paths.filter((path) => path.startsWith(`${folder}/`));
  const folders = INDEX_FOLDERS.map((folder) => [folder, below(folder)] as const);
  if (build.info?.offline === undefined) return folders.filter(([folder]) => folder !== "stacks");
  const { locations } = chooseAddressable(await stackVersions(build));
  const carried = new Set(
    locations.flatMap(({ folder, version }) =>
      layerNames(version).map((name) => `${folder}/${name}`),
    ),
  );
  return folders.map(
    ([folder, all]) => [folder, all.filter((path) => !carried.has(path))] as const,
  );
}

async function filesTar(build: Build, paths: readonly string[]): Promise<Uint8Array> {
  const files = [];
  for (const name of paths) files.push({ name, bytes: await build.files.read(name) });
  return packTar(files);
}
