import { RegistryResponseError } from "../errors.ts";
import type { Digest } from "./digest.ts";
import type { GraphManifest } from "./image-graph.ts";
import { parseManifest, successors } from "./manifest.ts";
import { isManifestType } from "./media-types.ts";
import { restoreBlob } from "./transfer-blobs.ts";
import type { ImageRun, Placed } from "./transfer-run.ts";

/**
 * Brings a manifest to a repository that has what it needs. A registry may find that it lacks what
 * it said it has: that is sent once more, and the manifest again.
 */
export async function placeManifest(image: ImageRun, manifest: GraphManifest): Promise<Placed> {
  if (await isPlaced(image, manifest)) return "reused";
  await pushManifest(image, manifest);
  return "copied";
}

async function pushManifest(image: ImageRun, manifest: GraphManifest): Promise<void> {
  const { descriptor, bytes } = manifest;
  try {
    await image.target.push(descriptor, bytes);
  } catch (error) {
    if (!lacksContent(error)) throw error;
    if (hasGaps(image, manifest)) throw gapsRefused(error);
    await restoreBelow(image, manifest);
    await image.target.push(descriptor, bytes);
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
function hasGaps({ graph }: ImageRun, { descriptor, bytes }: GraphManifest): boolean {
  const below = successors(parseManifest(bytes, descriptor.mediaType));
  const taken = new Set(graph.manifests.map((one) => one.descriptor.digest));
  return below.some(({ digest, mediaType }) => isManifestType(mediaType) && !taken.has(digest));
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
  const { bytes, descriptor } = manifest;
  for (const { digest } of successors(parseManifest(bytes, descriptor.mediaType))) {
    const blob = image.graph.blobs.find((one) => one.digest === digest);
    if (blob !== undefined) await restoreBlob(image, blob);
    const child = image.graph.manifests.find((one) => one.descriptor.digest === digest);
    if (child !== undefined) await pushManifest(image, child);
  }
}
