import { eachBounded } from "../concurrent.ts";
import { REGISTRY_CONCURRENCY } from "../limits.ts";
import type { ContentSource } from "./content.ts";
import type { Descriptor } from "./descriptor.ts";
import type { Digest } from "./digest.ts";
import type { GraphManifest, ImageGraph } from "./image-graph.ts";
import { parseManifest } from "./manifest.ts";
import { placeBlob } from "./transfer-blobs.ts";
import { placeManifest } from "./transfer-manifests.ts";
import {
  type ImageRun,
  type Placed,
  type PlacedContent,
  placeOnce,
  TransferRun,
  type TransferTarget,
} from "./transfer-run.ts";

/** How one run transfers images. */
export interface TransferOptions {
  /** How many blobs are under way at once. */
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
  /**
   * Told how many bytes more were moved or need not be: in the end the size of all distinct
   * content of all images.
   */
  readonly onBytes?: (bytes: number) => void;
}

/** Where one image goes and what it is called there. */
export interface ImageTarget {
  /** The repository, as the target's registry calls it. */
  readonly name: string;
  /** A tag that keeps the root from being collected as garbage. */
  readonly keepAlive?: string;
  /** Set last, when everything else is there. */
  readonly tags: readonly string[];
}

/** What one image cost. */
export interface TransferResult {
  /** Manifests and blobs written. */
  readonly copied: number;
  /** Blobs taken over from another repository of the target. */
  readonly mounted: number;
  /** Manifests and blobs that the target had. */
  readonly reused: number;
  /** Bytes written. */
  readonly bytes: number;
}

/** Transfers images to the repositories of one registry. */
export interface Transfer {
  /**
   * Brings a whole image to a repository: blobs, manifests, signature tags, the tag that keeps it
   * alive, then its own tags. Everything is looked for, also below what the target has, so that
   * running it again mends a target that lost content. A blob that several images need is read
   * once where the target can take it over from the first repository.
   *
   * @throws {DevregError} as the source's fetch and the target's push do; ABORTED by the signal
   */
  copyImage(
    graph: ImageGraph,
    source: ContentSource,
    target: TransferTarget,
    options: ImageTarget,
  ): Promise<TransferResult>;
}

/** Makes a transfer of one run to one registry. It remembers what it found and sent there. */
export function createTransfer(options: TransferOptions = {}): Transfer {
  const concurrency = options.concurrency ?? REGISTRY_CONCURRENCY;
  const run = new TransferRun(concurrency, options.signal, options.onBytes);
  return {
    copyImage: (graph, source, target, image) =>
      copyImage({ run, graph, source, target, name: image.name }, image),
  };
}

async function copyImage(
  image: ImageRun,
  { keepAlive, tags }: ImageTarget,
): Promise<TransferResult> {
  const { graph, run } = image;
  run.checkSignal();
  const wanted = [...(keepAlive === undefined ? [] : [keepAlive]), ...tags];
  const placed = new Map<Digest, Placed>();
  await placeBlobs(image, placed);
  const tagged = await placeManifests(image, placed, storingTag(graph, wanted));
  for (const [tag, target] of Object.entries(graph.signatureTags)) {
    await setTag(image, target, tag, placed);
  }
  for (const tag of wanted) if (tag !== tagged) await setTag(image, graph.root, tag, placed);
  return tally([...graph.blobs, ...graph.manifests.map(({ descriptor }) => descriptor)], placed);
}

/**
 * Gives the blobs of an image in the order in which they are moved: the largest first, so that the
 * end is not spent waiting for one of them.
 */
export function blobsInOrder({ blobs }: Pick<ImageGraph, "blobs">): readonly Descriptor[] {
  return [...blobs].sort((a, b) => b.size - a.size);
}

async function placeBlobs(image: ImageRun, placed: Map<Digest, Placed>): Promise<void> {
  const { graph, run } = image;
  await eachBounded(blobsInOrder(graph), run.concurrency, async (blob) => {
    run.checkSignal();
    placed.set(blob.digest, await placeOnce(image, blob, () => placeBlob(image, blob)));
  });
}

/** Gives the tag that the root can be stored under: the first one, when nothing has to come between. */
function storingTag({ manifests, root, signatureTags }: ImageGraph, tags: readonly string[]) {
  const isLast = manifests.at(-1)?.descriptor.digest === root.digest;
  return isLast && Object.keys(signatureTags).length === 0 ? tags[0] : undefined;
}

/**
 * Brings manifests to the target: side by side those that need no other, then the rest in its
 * order.
 *
 * @param rootTag a tag that the root may be stored under
 * @returns that tag when it was set
 */
async function placeManifests(
  image: ImageRun,
  placed: Map<Digest, Placed>,
  rootTag: string | undefined,
): Promise<string | undefined> {
  const { graph, run } = image;
  let tagged: string | undefined;
  const place = async (manifest: GraphManifest) => {
    run.checkSignal();
    const { descriptor } = manifest;
    const tag = descriptor.digest === graph.root.digest ? rootTag : undefined;
    const outcome = await placeOnce(image, descriptor, () =>
      placeManifest(image, manifest, { below: placed, tag }),
    );
    placed.set(descriptor.digest, outcome);
    if (outcome === "copied") tagged ??= tag;
  };
  const alone = new Set(graph.manifests.filter(needsNoOther));
  await eachBounded([...alone], run.concurrency, place);
  for (const manifest of graph.manifests) {
    if (!alone.has(manifest)) await place(manifest);
  }
  return tagged;
}

function needsNoOther({ descriptor, bytes }: GraphManifest): boolean {
  const manifest = parseManifest(bytes, descriptor.mediaType);
  return manifest.kind === "image" && manifest.subject === undefined;
}

async function setTag(
  { run, graph, target }: ImageRun,
  descriptor: Descriptor,
  tag: string,
  placed: PlacedContent,
): Promise<void> {
  run.checkSignal();
  const { digest } = descriptor;
  // Nothing pointed to what was not there.
  if (placed.get(digest) !== "copied" && (await target.resolve(tag))?.digest === digest) return;
  const manifest = graph.manifests.find((one) => one.descriptor.digest === digest);
  await target.tag(descriptor, tag, manifest?.bytes);
}

function tally(content: readonly Descriptor[], placed: PlacedContent): TransferResult {
  const result = { copied: 0, mounted: 0, reused: 0, bytes: 0 };
  for (const { digest, size } of content) {
    const outcome = placed.get(digest) ?? "reused";
    result[outcome] += 1;
    if (outcome === "copied") result.bytes += size;
  }
  return result;
}
