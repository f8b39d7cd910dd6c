import { readAll } from "../bytes.ts";
import { eachBounded } from "../concurrent.ts";
import { REGISTRY_CONCURRENCY } from "../limits.ts";
import type { ContentSource, ContentStore, TagStore } from "./content.ts";
import type { Descriptor } from "./descriptor.ts";
import type { Digest } from "./digest.ts";
import { fetchManifest, successors } from "./manifest.ts";
import { isManifestType } from "./media-types.ts";

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
}

/** Where a graph may be copied to. */
export type CopyTarget = ContentStore & TagStore;

/** Copies graphs of content; one copier is shared by all that write to the same registry. */
export interface Copier {
  /**
   * Copies a root and everything it needs, children first, root last, tag with the root. What the
   * target has is skipped whole. Running it again finishes what was broken off.
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

const NOTHING: CopyResult = { copied: 0, skipped: 0, bytes: 0 };

/**
 * Makes a copier. It remembers what it sent, so make a new one to repair a registry that lost
 * content. Content shared by several graphs (a common config, a base layer) is sent once per
 * repository, also when the graphs are copied side by side.
 */
export function createCopier(): Copier {
  const flights = new WeakMap<ContentStore, Map<Digest, Promise<CopyResult>>>();

  async function copyNode(
    source: ContentSource,
    target: CopyTarget,
    node: Descriptor,
    tag?: string,
  ): Promise<CopyResult> {
    if (await target.exists(node)) {
      if (tag !== undefined) await target.tag(node, tag);
      return { ...NOTHING, skipped: 1 };
    }
    if (!isManifestType(node.mediaType)) {
      await target.push(node, await reopenable(source, node));
      return { copied: 1, skipped: 0, bytes: node.size };
    }
    const { manifest, bytes } = await fetchManifest(source, node);
    const below = await eachBounded(successors(manifest), REGISTRY_CONCURRENCY, (child) =>
      shared(source, target, child),
    );
    if (tag === undefined) await target.push(node, bytes);
    else await target.tag(node, tag, bytes);
    return below.reduce(add, { copied: 1, skipped: 0, bytes: node.size });
  }

  async function shared(
    source: ContentSource,
    target: CopyTarget,
    node: Descriptor,
  ): Promise<CopyResult> {
    const known = flights.get(target) ?? new Map<Digest, Promise<CopyResult>>();
    flights.set(target, known);
    const running = known.get(node.digest);
    if (running !== undefined) {
      await running;
      return { ...NOTHING, skipped: 1 };
    }
    const flight = copyNode(source, target, node);
    known.set(node.digest, flight);
    try {
      return await flight;
    } catch (error) {
      known.delete(node.digest);
      throw error;
    }
  }

  return {
    copyGraph: (source, target, root, options) => copyNode(source, target, root, options?.tag),
  };
}

const REREAD_BYTES = 1024 * 1024;

/** Small content is read once and kept for retries; large content is opened again for each. */
async function reopenable(
  source: ContentSource,
  node: Descriptor,
): Promise<Uint8Array | (() => AsyncGenerator<Uint8Array>)> {
  if (node.size <= REREAD_BYTES) return readAll(await source.fetch(node), node.size, node.digest);
  return async function* open() {
    yield* await source.fetch(node);
  };
}

function add(a: CopyResult, b: CopyResult): CopyResult {
  return { copied: a.copied + b.copied, skipped: a.skipped + b.skipped, bytes: a.bytes + b.bytes };
}
