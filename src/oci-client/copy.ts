import { eachBounded } from "../concurrent.ts";
import { REGISTRY_CONCURRENCY } from "../limits.ts";
import type { ContentSource, ContentStore, TagStore } from "./content.ts";
import type { Descriptor } from "./descriptor.ts";
import type { Digest } from "./digest.ts";
import { Flights } from "./flights.ts";
import { fetchManifest, successors } from "./manifest.ts";
import { isManifestType } from "./media-types.ts";
import { openableContent } from "./openable-content.ts";

/** What one graph cost to copy. */
export interface CopyResult {
  /** Manifests and blobs written. */
  readonly copied: number;
  /** Manifests and blobs that the target had. */
  readonly skipped: number;
  /** Bytes written. */
  readonly bytes: number;
}

/** How a graph is copied. */
export interface CopyOptions {
  /** Points this tag at the root, after everything below it is there. */
  readonly tag?: string;
  /**
   * Also looks below what the target has, and sends again what it lost. Costs a question for each
   * manifest and blob.
   */
  readonly repair?: boolean;
}

/** Where a graph may be copied to. */
export type CopyTarget = ContentStore & TagStore;

/** Copies graphs of content; one copier is shared by all that write to the same registry. */
export interface Copier {
  /**
   * Copies a root and everything it needs, children first, root last, tag with the root. What the
   * target has is skipped whole, unless it is to be repaired. Running it again finishes what was
   * broken off.
   *
   * @throws {DevregError} as the source's fetch and the target's push do
   */
  copyGraph(
    source: ContentSource,
    target: CopyTarget,
    root: Descriptor,
    options?: CopyOptions,
  ): Promise<CopyResult>;
}

const SKIPPED: CopyResult = { copied: 0, skipped: 1, bytes: 0 };

/**
 * Makes a copier. It remembers what it sent, so make a new one to repair a registry that lost
 * content. Content shared by several graphs (a common config, a base layer) is sent once per target
 * object, also when the graphs are copied side by side.
 */
export function createCopier(): Copier {
  const flights = new WeakMap<CopyTarget, Flights<Digest, CopyResult>>();
  return {
    copyGraph(source, target, root, options = {}) {
      const known = flights.get(target) ?? new Flights<Digest, CopyResult>();
      flights.set(target, known);
      return copyNode(
        { source, target, known, repair: options.repair === true },
        root,
        options.tag,
      );
    },
  };
}

/** One copying of a graph, and what was or is being sent to its target. */
interface Copying {
  readonly source: ContentSource;
  readonly target: CopyTarget;
  readonly known: Flights<Digest, CopyResult>;
  readonly repair: boolean;
}

async function copyNode(copying: Copying, node: Descriptor, tag?: string): Promise<CopyResult> {
  const { source, target, repair } = copying;
  const isManifest = isManifestType(node.mediaType);
  const there = await target.exists(node);
  if (there && !(repair && isManifest)) {
    if (tag !== undefined) await target.tag(node, tag);
    return SKIPPED;
  }
  if (!isManifest) {
    await target.push(node, await openableContent(source, node));
    return { copied: 1, skipped: 0, bytes: node.size };
  }
  const { manifest, bytes } = await fetchManifest(source, node);
  const below = await eachBounded(successors(manifest), REGISTRY_CONCURRENCY, (child) =>
    copyShared(copying, child),
  );
  if (tag !== undefined) await target.tag(node, tag, bytes);
  else if (!there) await target.push(node, bytes);
  return below.reduce(add, there ? SKIPPED : { copied: 1, skipped: 0, bytes: node.size });
}

/** Copies a node unless this copier has sent it or is sending it to the same target. */
async function copyShared(copying: Copying, node: Descriptor): Promise<CopyResult> {
  const { result, isFirst } = copying.known.once(node.digest, () => copyNode(copying, node));
  const cost = await result;
  return isFirst ? cost : SKIPPED;
}

function add(a: CopyResult, b: CopyResult): CopyResult {
  return { copied: a.copied + b.copied, skipped: a.skipped + b.skipped, bytes: a.bytes + b.bytes };
}
