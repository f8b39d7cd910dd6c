import {
  ARTIFACT_CONFIG_BYTES,
  ARTIFACT_MANIFESTS,
  ARTIFACT_PARTS_COUNTED,
  ARTIFACT_PLATFORMS,
  ARTIFACT_REFERRERS,
  ARTIFACT_TAGS_SHOWN,
} from "../../artifact-limits.ts";
import { readAll, textOf } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";
import {
  type Descriptor,
  fetchManifest,
  isImageConfigType,
  isManifestType,
  type Manifest,
  platformName,
  type ReadonlyRepository,
  successors,
} from "../../oci-client/index.ts";
import type { FindType, TypeFacts } from "../artifact-type.ts";
import type { Artifact, Referrer } from "./artifact.ts";
import { noteworthy } from "./noteworthy.ts";

/** A manifest that tags of a repository point to. */
export interface FoundManifest {
  readonly repository: string;
  readonly descriptor: Descriptor;
  /** The one to name it by first. */
  readonly tags: readonly string[];
}

/** What a repository tells of an artifact, its referrers left out. */
export type InspectedArtifact = Omit<Artifact, "tags" | "referrers" | "moreReferrers">;

/**
 * Reads what an artifact is. What is no manifest that devreg reads is of an unknown type.
 *
 * @throws {DevregError} as the repository's fetch does
 */
export async function inspectArtifact(
  source: ReadonlyRepository,
  { repository, descriptor }: Omit<FoundManifest, "tags">,
  findType: FindType,
): Promise<InspectedArtifact> {
  const { mediaType, digest } = descriptor;
  const base = { repository, digest, mediaType };
  const manifest = await readManifest(source, descriptor);
  if (manifest === undefined) {
    return { ...base, type: findType({}), sizeBytes: undefined, platforms: [], annotations: {} };
  }
  const { artifactType, annotations, subject } = manifest;
  return {
    ...base,
    ...(artifactType === undefined ? {} : { artifactType }),
    type: findType(typeFacts(manifest, mediaType)),
    sizeBytes: await sizeOf(source, descriptor, manifest),
    platforms: await platformsOf(source, manifest),
    annotations: noteworthy(annotations),
    ...(subject === undefined ? {} : { subject: subject.digest }),
  };
}

/** Lists what refers to an artifact. @throws {DevregError} as the repository does */
export async function readReferrers(
  source: ReadonlyRepository,
  { digest }: Descriptor,
  findType: FindType,
): Promise<Pick<Artifact, "referrers" | "moreReferrers">> {
  const referrers: Referrer[] = [];
  let moreReferrers = 0;
  for await (const { annotations, artifactType, ...found } of source.referrers(digest)) {
    if (moreReferrers >= ARTIFACT_PARTS_COUNTED) break;
    if (referrers.length >= ARTIFACT_REFERRERS) moreReferrers += 1;
    else {
      referrers.push({
        digest: found.digest,
        mediaType: found.mediaType,
        ...(artifactType === undefined ? {} : { artifactType }),
        type: findType({ artifactType }),
        annotations: noteworthy(annotations),
      });
    }
  }
  return { referrers, moreReferrers };
}

/** Puts an artifact together. */
export function joinArtifact(
  inspected: InspectedArtifact,
  tags: readonly string[],
  referring: Pick<Artifact, "referrers" | "moreReferrers">,
): Artifact {
  return { ...inspected, tags: tags.slice(0, ARTIFACT_TAGS_SHOWN), ...referring };
}

/** Gives what a manifest says of its type. */
export function typeFacts(manifest: Manifest, mediaType: string): TypeFacts {
  const { artifactType } = manifest;
  if (manifest.kind === "index") return { artifactType, mediaType };
  const { config, layers } = manifest;
  return {
    artifactType,
    configType: config.mediaType,
    firstLayer: layers[0]?.mediaType,
    mediaType,
  };
}

const UNREADABLE = new Set(["UNSUPPORTED", "INPUT_INVALID", "LIMIT_EXCEEDED"]);

async function readManifest(
  source: ReadonlyRepository,
  descriptor: Descriptor,
): Promise<Manifest | undefined> {
  if (!isManifestType(descriptor.mediaType)) return undefined;
  try {
    return (await fetchManifest(source, descriptor)).manifest;
  } catch (error) {
    if (error instanceof DevregError && UNREADABLE.has(error.code)) return undefined;
    throw error;
  }
}

/** Adds up what is referred to, each part once. A mirror may have but some images of an index. */
async function sizeOf(
  source: ReadonlyRepository,
  root: Descriptor,
  manifest: Manifest,
): Promise<number | undefined> {
  const sizes = new Map([[root.digest, root.size]]);
  const waiting: Manifest[] = [manifest];
  let read = 1;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const part of successors(next)) {
      if (sizes.has(part.digest)) continue;
      if (next.kind === "index") {
        if (read >= ARTIFACT_MANIFESTS) return undefined;
        read += 1;
        const child = await readIfThere(source, part);
        if (child === undefined) continue;
        waiting.push(child);
      }
      sizes.set(part.digest, part.size);
    }
  }
  const sum = sizes.values().reduce((total, size) => total + size, 0);
  return Number.isSafeInteger(sum) ? sum : undefined;
}

async function readIfThere(
  source: ReadonlyRepository,
  descriptor: Descriptor,
): Promise<Manifest | undefined> {
  try {
    return await readManifest(source, descriptor);
  } catch (error) {
    if (error instanceof DevregError && error.code === "NOT_FOUND") return undefined;
    throw error;
  }
}

async function platformsOf(
  source: ReadonlyRepository,
  manifest: Manifest,
): Promise<readonly string[]> {
  if (manifest.kind === "index") {
    // Attestations stand among the images of an index, for a platform that is unknown.
    const known = manifest.manifests.flatMap(({ platform }) =>
      platform === undefined || platform.os === "unknown" ? [] : platformName(platform),
    );
    return [...new Set(known)].slice(0, ARTIFACT_PLATFORMS);
  }
  const { config } = manifest;
  if (!isImageConfigType(config.mediaType) || config.size > ARTIFACT_CONFIG_BYTES) return [];
  try {
    const bytes = await readAll(await source.fetch(config), ARTIFACT_CONFIG_BYTES, config.digest);
    return platformIn(JSON.parse(textOf(bytes)));
  } catch (error) {
    // What an image runs on is good to know, and nothing depends on it.
    if (error instanceof DevregError || error instanceof SyntaxError) return [];
    throw error;
  }
}

function platformIn(config: unknown): readonly string[] {
  if (typeof config !== "object" || config === null) return [];
  if (!("os" in config) || !("architecture" in config)) return [];
  const { os, architecture } = config;
  if (typeof os !== "string" || typeof architecture !== "string" || os === "") return [];
  const variant = "variant" in config ? config.variant : undefined;
  const isVariant = typeof variant === "string" && variant !== "";
  return [platformName({ os, architecture, ...(isVariant ? { variant } : {}) }).slice(0, 100)];
}
