import { type Content, openContent } from "../../bytes.ts";
import { eachBounded } from "../../concurrent.ts";
import { REGISTRY_CONCURRENCY } from "../../limits.ts";
import {
  type ContentStore,
  isNondistributableType,
  type TagStore,
} from "../../oci-client/index.ts";
import { noProgress, type Progress, type StartProgress } from "../../progress.ts";
import {
  type ComposedImage,
  type ComposedPlatform,
  type Document,
  type Layer,
  type StoredImage,
  storedImage,
} from "./compose-image.ts";

/** Where an image goes. */
export interface ImageDestination {
  readonly target: ContentStore & TagStore;
  /** Set in this order, when everything else is there. */
  readonly tags: readonly string[];
  readonly progress?: StartProgress;
}

/**
 * Stores an image: layers and configs that the target lacks, then manifests, the root last and with
 * it the tags. Doing it again finishes what was broken off.
 *
 * @throws {DevregError} as the target's push and the sources of its layers do
 */
export async function pushImage(
  image: ComposedImage,
  { target, tags, progress: start = noProgress }: ImageDestination,
): Promise<StoredImage> {
  const progress = start("Storing the image");
  try {
    progress.total(image.images.length);
    progress.weigh(image.images.reduce((sum, each) => sum + weightOf(each), 0));
    for (const each of image.images) {
      await pushBlobs(each, target, progress);
      // The manifest of a single image is the root.
      if (each.manifest !== image.root) await pushDocument(each.manifest, target);
      progress.done(each.platform);
    }
    await pushRoot(image.root, target, tags);
    return storedImage(image);
  } finally {
    progress.end();
  }
}

async function pushBlobs(
  platform: ComposedPlatform,
  target: ContentStore,
  progress: Progress,
): Promise<void> {
  await eachBounded(blobsOf(platform), REGISTRY_CONCURRENCY, (blob) =>
    pushBlob(blob, target, progress),
  );
}

async function pushDocument({ descriptor, bytes }: Document, target: ContentStore): Promise<void> {
  if (!(await target.exists(descriptor))) await target.push(descriptor, bytes);
}

async function pushBlob(
  { descriptor, content }: Layer,
  target: ContentStore,
  progress: Progress,
): Promise<void> {
  if (await target.exists(descriptor)) progress.advance(descriptor.size);
  else await target.push(descriptor, counted(content, progress));
}

/** Each tag is set with the manifest itself, and not again where it is set already. */
async function pushRoot(
  { descriptor, bytes }: Document,
  target: ContentStore & TagStore,
  tags: readonly string[],
): Promise<void> {
  if (tags.length === 0) await target.push(descriptor, bytes);
  for (const tag of tags) {
    const current = await target.resolve(tag);
    if (current?.digest !== descriptor.digest) await target.tag(descriptor, tag, bytes);
  }
}

function counted(content: Content, progress: Progress): Content {
  return async function* () {
    for await (const chunk of openContent(content)) {
      yield chunk;
      progress.advance(chunk.byteLength);
    }
  };
}

/** Layers that registries may not pass on stay where they are. */
function blobsOf({ config, layers }: ComposedPlatform): readonly Layer[] {
  const distributed = layers.filter(
    ({ descriptor }) => !isNondistributableType(descriptor.mediaType),
  );
  return [...distributed, { descriptor: config.descriptor, content: config.bytes }];
}

function weightOf(platform: ComposedPlatform): number {
  return blobsOf(platform).reduce((sum, { descriptor }) => sum + descriptor.size, 0);
}
