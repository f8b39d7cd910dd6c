import { eachBounded } from "../../concurrent.ts";
import { DevregError } from "../../errors.ts";
import { GRAPH_READS } from "../../limits.ts";
import {
  type Descriptor,
  type Platform,
  parseReference,
  type ReadonlyRegistry,
  type ReadonlyRepository,
  readImageGraph,
} from "../../oci-client/index.ts";
import type { Bundle } from "../bundle/open-bundle.ts";
import type { LockedImage } from "../lock.ts";
import type { FailedImage } from "../plan/index.ts";
import type { MirroredContent } from "../publish/mirror-content.ts";
import {
  type MirrorToRegistryOptions,
  mirrorToRegistry,
  type SourceImage,
} from "../publish/mirror-to-registry.ts";

/** How a bundle is loaded. */
export interface LoadOptions
  extends Pick<
    MirrorToRegistryOptions,
    "target" | "putImage" | "items" | "log" | "progress" | "nowMs" | "signal"
  > {
  readonly bundle: Bundle;
}

/**
 * Loads a bundle into a registry: images, the offline registry image, stacks, the index last. What
 * is damaged in the bundle or refused by the registry is left out, with what needs it.
 *
 * @throws {DevregError} BUNDLE_INVALID when the registry in the bundle cannot be read;
 *   CONFIG_INVALID when images cannot be named at the target; ABORTED
 */
export async function loadBundle(options: LoadOptions): Promise<MirroredContent> {
  const { bundle } = options;
  const { images, failures } = await readBundleImages(bundle);
  return await mirrorToRegistry({
    ...options,
    lock: bundle.lock,
    rules: bundle.rules,
    images,
    failures,
    build: await bundle.build(),
  });
}

/** Reads the graph of each image of a bundle; one that is damaged is a failure. */
export async function readBundleImages({
  lock,
  registry,
}: Pick<Bundle, "lock" | "registry">): Promise<{
  readonly images: readonly SourceImage[];
  readonly failures: readonly FailedImage[];
}> {
  const images: SourceImage[] = [];
  const failures: FailedImage[] = [];
  const read = await eachBounded(lock.images, GRAPH_READS, (locked) =>
    readOne(locked, registry, lock.platformMode === "sparse" ? lock.platforms : []),
  );
  for (const one of read) {
    if ("graph" in one) images.push(one);
    else failures.push(one);
  }
  return { images, failures };
}

async function readOne(
  locked: LockedImage,
  registry: ReadonlyRegistry,
  platforms: readonly string[],
): Promise<SourceImage | FailedImage> {
  const { image, occurrences } = locked;
  try {
    const source = sourceOf(registry, image);
    const root = await rootOf(source, locked);
    const graph = await readImageGraph(source, root, {
      referrers: true,
      ...(platforms.length === 0
        ? {}
        : { platforms: platforms.map(toPlatform), platformMode: "sparse" as const }),
    });
    return { locked, graph, source };
  } catch (error) {
    if (!(error instanceof DevregError) || error.code === "ABORTED") throw error;
    return { image, error, occurrences };
  }
}

function sourceOf(registry: ReadonlyRegistry, image: string): ReadonlyRepository {
  const { registry: host, repository } = parseReference(image);
  return registry.repository(`${host}/${repository}`);
}

async function rootOf(source: ReadonlyRepository, locked: LockedImage): Promise<Descriptor> {
  const root = await source.resolve(locked.mirrored);
  if (root !== undefined) return root;
  throw new DevregError(
    "BUNDLE_INVALID",
    `Cannot load "${locked.image}": the bundle lacks its manifest ${locked.mirrored}`,
    { hint: "Copy the bundle again, or save it again" },
  );
}

function toPlatform(text: string): Platform {
  const [os = "", architecture = "", variant] = text.split("/");
  return variant === undefined ? { os, architecture } : { os, architecture, variant };
}
