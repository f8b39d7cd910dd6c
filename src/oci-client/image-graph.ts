import type { ReadonlyRepository } from "./content.ts";
import type { Descriptor, Platform } from "./descriptor.ts";
import type { Digest } from "./digest.ts";
import { type Attached, nameAttached, readAttached } from "./image-referrers.ts";
import { type ImageTree, platformsOf, readImageTree } from "./image-tree.ts";
import { referrerOf } from "./manifest.ts";
import { ManifestReader } from "./manifest-reader.ts";
import { isNondistributableType } from "./media-types.ts";
import { platformName } from "./platform.ts";
import { SignatureTags } from "./signature-tags.ts";

/** A manifest of an image, as it is to be pushed. */
export interface GraphManifest {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
}

/** Says that a manifest of an image refers to another. */
export interface GraphReferrer {
  readonly subject: Digest;
  /** With the artifact type and annotations that a registry lists it by. */
  readonly descriptor: Descriptor;
}

/** Everything that belongs to an image: what it needs, and what was attached to it. */
export interface ImageGraph {
  /** The root as the source has it. */
  readonly source: Descriptor;
  /** The root as it is mirrored; another one when platforms were taken out of it. */
  readonly root: Descriptor;
  /** In the order in which they are to be pushed: children before their index, then referrers. */
  readonly manifests: readonly GraphManifest[];
  /** Distinct, in order of first use. */
  readonly blobs: readonly Descriptor[];
  /** Manifests by what they are for: { "linux/amd64": "sha256:…" }. */
  readonly platforms: Readonly<Record<string, Digest>>;
  /** What refers to the root, its children, or again to a referrer. */
  readonly referrers: readonly GraphReferrer[];
  /** Tags that cosign hangs signatures, attestations and SBOMs on: "sha256-<hex>.sig". */
  readonly signatureTags: Readonly<Record<string, Descriptor>>;
  /** What of the image is not in the graph, and why. */
  readonly leftOut: readonly string[];
  /** Sum of all distinct sizes. */
  readonly bytes: number;
}

/** How much of an image is read. */
export interface ImageGraphOptions {
  /** Only these; all without it. */
  readonly platforms?: readonly Platform[];
  /**
   * What becomes of an image index when platforms are left out: `strip` makes a new one without
   * them, so that signatures of the old one no longer hold; `sparse` keeps it with its gaps, which
   * not every registry takes.
   */
  readonly platformMode?: "strip" | "sparse";
  /** Whether signatures, SBOMs and attestations are looked for. */
  readonly referrers: boolean;
}

/**
 * Reads all manifests of an image, and by them what else belongs to it; no layer is read.
 *
 * @throws {DevregError} NOT_FOUND when it has none of the platforms; UNSUPPORTED for Docker's schema
 *   1; LIMIT_EXCEEDED; and as the source's fetch does
 */
export async function readImageGraph(
  source: ReadonlyRepository,
  root: Descriptor,
  options: ImageGraphOptions,
): Promise<ImageGraph> {
  const reader = new ManifestReader(source, root);
  const choice = { wanted: options.platforms, mode: options.platformMode ?? "strip" };
  const tree = await readImageTree(reader, root, choice);
  const found = options.referrers ? await findAttached(source, reader, tree) : NOTHING_ATTACHED;
  const content = new GraphContent();
  content.add(tree);
  for (const { referrers, tags } of found.attached) {
    for (const one of [...referrers, ...tags.map((tag) => tag.tree)]) content.add(one);
  }
  const manifests = [...content.manifests.values()];
  const blobs = [...content.blobs.values()];
  return {
    source: tree.source,
    root: tree.descriptor,
    manifests,
    blobs,
    platforms: platformTable(tree),
    referrers: found.attached.flatMap(referrersOf),
    signatureTags: tagTable(found.attached),
    leftOut: [...platformsLeftOut(tree), ...content.leftOut, ...found.leftOut],
    bytes: [...manifests.map(({ descriptor }) => descriptor), ...blobs].reduce(
      (sum, { size }) => sum + size,
      0,
    ),
  };
}

/** What is attached to an image, and what of that is left out. */
interface FoundAttached {
  readonly attached: readonly Attached[];
  readonly leftOut: readonly string[];
}

const NOTHING_ATTACHED: FoundAttached = { attached: [], leftOut: [] };

async function findAttached(
  source: ReadonlyRepository,
  reader: ManifestReader,
  tree: ImageTree,
): Promise<FoundAttached> {
  const signatures = new SignatureTags(source);
  const trees = allOf(tree);
  const changed = trees.filter((one) => one.source.digest !== one.descriptor.digest);
  const kept = trees.filter((one) => !changed.includes(one));
  const subjects = [...new Set(kept.map(({ descriptor }) => descriptor.digest))];
  const attached = await readAttached(source, signatures, reader, subjects);
  const leftOut = attached.flatMap((one) => one.leftOut);
  for (const { digest } of changed.map((one) => one.source)) {
    const names = await nameAttached(source, signatures, digest);
    leftOut.push(...names.map((name) => `${name}: it is for ${digest}, with all platforms`));
  }
  return { attached, leftOut };
}

function allOf(tree: ImageTree): readonly ImageTree[] {
  return [...tree.children.flatMap(allOf), tree];
}

/** Gathers what trees hold, each thing once, in the order in which it can be pushed. */
class GraphContent {
  readonly manifests = new Map<Digest, GraphManifest>();
  readonly blobs = new Map<Digest, Descriptor>();
  readonly leftOut = new Set<string>();

  add({ descriptor, bytes, children, blobs }: ImageTree): void {
    if (this.manifests.has(descriptor.digest)) return;
    for (const child of children) this.add(child);
    for (const blob of blobs) {
      const { digest, mediaType } = blob;
      if (isNondistributableType(mediaType)) {
        this.leftOut.add(`layer ${digest}: its licence forbids registries to pass it on`);
      } else if (!this.blobs.has(digest)) this.blobs.set(digest, blob);
    }
    this.manifests.set(descriptor.digest, { descriptor, bytes });
  }
}

function platformTable(tree: ImageTree): Record<string, Digest> {
  const table = new Map<string, Digest>();
  for (const { platform, descriptor } of platformsOf(tree)) {
    const name = platformName(platform);
    // Clients take the first one of several.
    if (!table.has(name) && platform.os !== "unknown") table.set(name, descriptor.digest);
  }
  return Object.fromEntries(table);
}

function platformsLeftOut({ notTaken }: ImageTree): readonly string[] {
  const names = new Set(notTaken.map(platformName));
  return [...names].map((name) => `platform ${name}: not asked for`);
}

function referrersOf({ subject, referrers }: Attached): readonly GraphReferrer[] {
  return referrers.map(({ descriptor, manifest }) => ({
    subject,
    descriptor: referrerOf(descriptor, manifest),
  }));
}

function tagTable(attached: readonly Attached[]): Record<string, Descriptor> {
  const tags = attached.flatMap((one) => one.tags);
  return Object.fromEntries(tags.map(({ tag, tree }) => [tag, tree.descriptor]));
}
