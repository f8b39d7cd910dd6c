import type { Build } from "../../generator/index.ts";
import {
  blobsInOrder,
  type Descriptor,
  parseReference,
  type ReadonlyRegistry,
  rootName,
} from "../../oci-client/index.ts";
import { IMAGE_REPOSITORY, MIRROR_REPOSITORY } from "../bundle/bundle-format.ts";
import type { BundleRoot } from "../bundle/bundle-root.ts";
import { rootNamesOf, writeBundleRoot } from "../bundle/bundle-root.ts";
import type { BundleWriter } from "../bundle/bundle-writer.ts";
import { writeMirrorRecord } from "../bundle/mirror-record.ts";
import type { ImageTask } from "../images/transfer-images.ts";
import type { MirrorLock } from "../lock.ts";
import type { MirrorPlan, PlannedImage } from "../plan/index.ts";
import {
  type MirrorContentOptions,
  type MirroredContent,
  mirrorContent,
} from "../publish/mirror-content.ts";
import { planFailures } from "../publish/plan-failures.ts";
import { assignTargets, formatMapping, sourceRepository } from "../target-paths.ts";
import { preferring } from "./earlier-bundle.ts";

/** What goes into a bundle. */
export interface SaveOptions
  extends Pick<
    MirrorContentOptions,
    "putImage" | "items" | "log" | "progress" | "nowMs" | "signal"
  > {
  readonly plan: MirrorPlan;
  /** The offline build; its devfiles name images as their authors did. */
  readonly build: Build;
  /** Gives a registry of images by its host. */
  readonly source: (host: string) => ReadonlyRegistry;
  readonly writer: BundleWriter;
  /** An earlier bundle, whose content need not be fetched again. */
  readonly earlier?: ReadonlyRegistry | undefined;
}

/** What a bundle holds now. */
export interface SavedBundle extends MirroredContent {
  /** Its digest names everything in it; undefined when nothing was saved. */
  readonly bundle?: Descriptor;
  readonly lock: MirrorLock;
}

/** What stands for the registry in the mapping of a bundle, which does not know it. */
const TARGET = "TARGET";

/**
 * Writes a bundle: images, the offline registry image, stacks, index, then the record and the root
 * that names them all. What cannot be had is left out, with what needs it. When no image at all
 * could be had there is no bundle.
 *
 * @throws {DevregError} ABORTED; IO when the disk is full; what else fails is an item
 */
export async function saveBundle(options: SaveOptions): Promise<SavedBundle> {
  const { plan, writer } = options;
  const tasks = plan.images.map((planned) => toTask(planned, options));
  const done = await mirrorContent({
    ...options,
    tasks,
    failures: planFailures(plan),
    rewrite: async (build) => build,
    target: writer.registry,
    shown: "bundle",
    takesStacks: true,
    keepAlive: false,
    onExistingTag: "overwrite",
    settled: async (failed) => writer.skip(lost(plan.images, failed)),
  });
  const images = plan.images.filter(({ locked }) => !done.failed.has(locked.image));
  const lock = { ...plan.lock, images: images.map(({ locked }) => locked) };
  if (done.published === undefined) {
    await writer.abort();
    return { ...done, lock };
  }
  const roots = await storeRecord(options, lock, images, done.published);
  const bundle = await writeBundleRoot(writer.registry, { roots, executable: writer.executable });
  await writer.finish(rootNamesOf({ roots }));
  return { ...done, lock, bundle };
}

/** Lists what images bring into a bundle, in the order in which they are moved. */
export function* contentOf(images: readonly Pick<PlannedImage, "graph">[]): Iterable<Descriptor> {
  for (const { graph } of images) {
    yield* blobsInOrder(graph);
    for (const { descriptor } of graph.manifests) yield descriptor;
  }
}

/** Gives what only images bring that did not come. */
function lost(images: readonly PlannedImage[], failed: ReadonlySet<string>): Descriptor[] {
  const came = images.filter(({ locked }) => !failed.has(locked.image));
  const kept = new Set([...contentOf(came)].map(({ digest }) => digest));
  const all = [...contentOf(images)];
  return all.filter(({ digest }) => !kept.has(digest));
}

/** Stores the record of the mirror, and lists everything that the bundle holds. */
async function storeRecord(
  { writer }: SaveOptions,
  lock: MirrorLock,
  images: readonly PlannedImage[],
  published: NonNullable<MirroredContent["published"]>,
): Promise<readonly BundleRoot[]> {
  const targets = assignTargets(
    lock.images.map(({ image }) => image),
    { prefix: "" },
  );
  const mapping = formatMapping(lock.images, targets, TARGET);
  const record = await writeMirrorRecord(writer.registry, { lock, mapping });
  const roots: BundleRoot[] = [
    ...images.flatMap(imageRoots),
    { name: `${MIRROR_REPOSITORY}:latest`, descriptor: record },
  ];
  const own = [
    ...Object.keys(published.stacks?.digests ?? {}),
    ...published.imageTags.map((tag) => `${IMAGE_REPOSITORY}:${tag}`),
  ];
  for (const name of own) {
    const colon = name.lastIndexOf(":");
    const repository = writer.registry.repository(name.slice(0, colon));
    const descriptor = await repository.resolve(name.slice(colon + 1));
    if (descriptor !== undefined) roots.push({ name, descriptor });
  }
  return roots;
}

function imageRoots({ locked, graph }: PlannedImage): readonly BundleRoot[] {
  const at = sourceRepository(locked.image);
  const { tag } = parseReference(locked.image);
  return [
    { name: rootName(at, graph.root, tag), descriptor: graph.root },
    ...Object.entries(graph.signatureTags).map(([name, descriptor]) => ({
      name: rootName(at, descriptor, name),
      descriptor,
    })),
    ...graph.referrers.map(({ descriptor }) => ({ name: rootName(at, descriptor), descriptor })),
  ];
}

function toTask(
  { locked, graph }: PlannedImage,
  { source, writer, earlier }: SaveOptions,
): ImageTask {
  const { registry, repository } = parseReference(locked.image);
  const name = `${registry}/${repository}`;
  const remote = source(registry).repository(repository);
  return {
    locked,
    graph,
    source: earlier === undefined ? remote : preferring(earlier.repository(name), remote),
    target: writer.registry.repository(name),
    repository: name,
    shown: locked.image,
  };
}
