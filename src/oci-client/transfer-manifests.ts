import { RegistryResponseError } from "../errors.ts";
import type { Descriptor } from "./descriptor.ts";
import type { Digest } from "./digest.ts";
import type { GraphManifest } from "./image-graph.ts";
import { parseManifest, successors } from "./manifest.ts";
import { isManifestType } from "./media-types.ts";
import { restoreBlob } from "./transfer-blobs.ts";
import type { ImageRun, Placed, PlacedContent } from "./transfer-run.ts";

/** How a manifest is brought to a repository. */
export interface ManifestPlacing {
  /** What came of what it needs. */
  readonly below: PlacedContent;
  /** A tag that it is stored under, in the same step. */
  readonly tag?: string | undefined;
}

/**
 * Brings a manifest to a repository that has what it needs. Where something of that had to be brought
 * nobody looks whether the manifest is there, which it hardly is. A registry may find that it lacks
 * what it said it has: that is sent once more, and the manifest again.
 */
export async function placeManifest(
  image: ImageRun,
  manifest: GraphManifest,
  { below, tag }: ManifestPlacing,
): Promise<Placed> {
  const isNew = needsOf(manifest).some(({ digest }) => isBrought(below.get(digest)));
  if (!isNew && (await isPlaced(image, manifest))) return "reused";
  await pushManifest(image, manifest, tag);
  return "copied";
}

function isBrought(placed: Placed | undefined): boolean {
  return placed === "copied" || placed === "mounted";
}

function needsOf({ descriptor, bytes }: GraphManifest): readonly Descriptor[] {
  return successors(parseManifest(bytes, descriptor.mediaType));
}

async function pushManifest(image: ImageRun, manifest: GraphManifest, tag?: string): Promise<void> {
  const { descriptor, bytes } = manifest;
  const { target } = image;
  const store = () =>
    tag === undefined ? target.push(descriptor, bytes) : target.tag(descriptor, tag, bytes);
  try {
    await store();
  } catch (error) {
    if (!lacksContent(error)) throw error;
    if (hasGaps(image, manifest)) throw gapsRefused(error);
    await restoreBelow(image, manifest);
    await store();
  }
}

/** Tells whether a manifest is there and, when it refers to another, listed as doing so. */
async function isPlaced(image: ImageRun, { descriptor, bytes }: GraphManifest): Promise<boolean> {
  if (!(await image.target.exists(descriptor))) return false;
  const { subject } = parseManifest(bytes, descriptor.mediaType);
  if (subject === undefined) return true;
  const { referrers } = image.run.repository(image.name);
  const { result } = referrers.once(subject.digest, () => listReferrers(image, subject.digest));
  return (await result).has(descriptor.digest);
}

async function listReferrers({ target }: ImageRun, subject: Digest): Promise<ReadonlySet<Digest>> {
  const digests = new Set<Digest>();
  for await (const { digest } of target.referrers(subject)) digests.add(digest);
  return digests;
}

/** Tells whether it is an index that names images which are not taken. */
function hasGaps({ graph }: ImageRun, manifest: GraphManifest): boolean {
  const taken = new Set(graph.manifests.map((one) => one.descriptor.digest));
  return needsOf(manifest).some(
    ({ digest, mediaType }) => isManifestType(mediaType) && !taken.has(digest),
  );
}

function gapsRefused(error: RegistryResponseError): RegistryResponseError {
  return new RegistryResponseError(error.code, error.message, error.exchange, {
    hint: "This registry takes no image index with gaps; use --platform-mode strip",
    cause: error,
  });
}

function lacksContent(error: unknown): error is RegistryResponseError {
  if (!(error instanceof RegistryResponseError)) return false;
  return error.exchange.errors.some(({ code }) => code === "MANIFEST_BLOB_UNKNOWN");
}

async function restoreBelow(image: ImageRun, manifest: GraphManifest): Promise<void> {
  for (const { digest } of needsOf(manifest)) {
    const blob = image.graph.blobs.find((one) => one.digest === digest);
    if (blob !== undefined) await restoreBlob(image, blob);
    const child = image.graph.manifests.find((one) => one.descriptor.digest === digest);
    if (child !== undefined) await pushManifest(image, child);
  }
}
