import { readAll } from "../bytes.ts";
import { DevregError, type ErrorCode } from "../errors.ts";
import { GRAPH_CACHE_ENTRIES, GRAPH_MANIFESTS, MANIFEST_BYTES } from "../limits.ts";
import type { Descriptor } from "./descriptor.ts";
import type { Digest } from "./digest.ts";
import type { ReadonlyContentPool } from "./layout-ports.ts";
import { type Manifest, parseManifest, referrerOf, successors } from "./manifest.ts";
import { isManifestType } from "./media-types.ts";
import { verifyStream } from "./verify.ts";

/** Everything that a root of a layout needs, itself included. */
export interface ContentGraph {
  readonly manifests: ReadonlyMap<Digest, Descriptor>;
  readonly blobs: ReadonlyMap<Digest, Descriptor>;
  /** The manifests among them that refer to a subject. */
  readonly referrers: readonly Referral[];
  /** The manifests among them that are absent or damaged; what they name is not in the graph. */
  readonly unread: ReadonlySet<Digest>;
}

/** Says that a manifest refers to another. Spec: image-spec v1.1, Image Manifest, subject. */
export interface Referral {
  readonly subject: Digest;
  readonly referrer: Descriptor;
}

/** Reads what lies below the roots of a layout, and remembers it: content never changes. */
export class GraphReader {
  readonly #pool: ReadonlyContentPool;
  readonly #known = new Map<Digest, Promise<ContentGraph>>();
  /** Roots of remembered graphs by the manifests that could not be read. */
  readonly #waiting = new Map<Digest, Set<Digest>>();
  #arrivals = 0;

  constructor(pool: ReadonlyContentPool) {
    this.#pool = pool;
  }

  /**
   * Gives the graph of a root. A manifest that is absent or damaged is in it all the same: whoever
   * fetches it learns what is wrong.
   *
   * @throws {DevregError} LIMIT_EXCEEDED, IO
   */
  async graphOf(root: Descriptor): Promise<ContentGraph> {
    const known = this.#known.get(root.digest);
    if (known !== undefined) return known;
    const arrivals = this.#arrivals;
    const reading = readGraph(this.#pool, root);
    this.#remember(root.digest, reading);
    try {
      const graph = await reading;
      for (const digest of graph.unread) this.#await(digest, root.digest);
      // What arrived while the graph was read may be what it lacks.
      if (graph.unread.size > 0 && arrivals !== this.#arrivals) this.#known.delete(root.digest);
      return graph;
    } catch (error) {
      this.#known.delete(root.digest);
      throw error;
    }
  }

  /** Says that a manifest was stored, so that graphs that lacked it are read again. */
  arrived(manifest: Digest): void {
    this.#arrivals += 1;
    for (const root of this.#waiting.get(manifest) ?? []) this.#known.delete(root);
    this.#waiting.delete(manifest);
  }

  #remember(root: Digest, graph: Promise<ContentGraph>): void {
    this.#known.set(root, graph);
    if (this.#known.size <= GRAPH_CACHE_ENTRIES) return;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
  }

  #await(manifest: Digest, root: Digest): void {
    const roots = this.#waiting.get(manifest) ?? new Set<Digest>();
    this.#waiting.set(manifest, roots.add(root));
  }
}

async function readGraph(pool: ReadonlyContentPool, root: Descriptor): Promise<ContentGraph> {
  const manifests = new Map<Digest, Descriptor>([[root.digest, root]]);
  const blobs = new Map<Digest, Descriptor>();
  const referrers: Referral[] = [];
  const unread = new Set<Digest>();
  // The loop also visits what is added to the map while it runs.
  for (const descriptor of manifests.values()) {
    if (manifests.size > GRAPH_MANIFESTS) throw tooMany(root);
    const manifest = await readManifest(pool, descriptor);
    if (manifest === undefined) {
      unread.add(descriptor.digest);
      continue;
    }
    for (const child of successors(manifest)) {
      const known = isManifestType(child.mediaType) ? manifests : blobs;
      if (!known.has(child.digest)) known.set(child.digest, child);
    }
    if (manifest.subject !== undefined) {
      const referrer = referrerOf(descriptor, manifest);
      referrers.push({ subject: manifest.subject.digest, referrer });
    }
  }
  return { manifests, blobs, referrers, unread };
}

const DAMAGE: ReadonlySet<ErrorCode> = new Set([
  "DIGEST_MISMATCH",
  "SIZE_MISMATCH",
  "INPUT_INVALID",
  "LIMIT_EXCEEDED",
  "UNSUPPORTED",
]);

async function readManifest(
  pool: ReadonlyContentPool,
  target: Descriptor,
): Promise<Manifest | undefined> {
  const stream = await pool.read(target.digest);
  if (stream === undefined) return undefined;
  try {
    const bytes = await readAll(verifyStream(target, stream), MANIFEST_BYTES, target.digest);
    return parseManifest(bytes, target.mediaType);
  } catch (error) {
    if (error instanceof DevregError && DAMAGE.has(error.code)) return undefined;
    throw error;
  }
}

function tooMany(root: Descriptor): DevregError {
  return new DevregError(
    "LIMIT_EXCEEDED",
    `Cannot read what ${root.digest} needs: over ${GRAPH_MANIFESTS} manifests`,
  );
}
