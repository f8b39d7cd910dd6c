import type { ByteStream, Content } from "../bytes.ts";
import { eachBounded } from "../concurrent.ts";
import { DevregError } from "../errors.ts";
import { GRAPH_READS, MANIFEST_BYTES } from "../limits.ts";
import {
  contentNotFound,
  type FetchOptions,
  type PinnedSource,
  type ReadonlyRepository,
  type Repository,
} from "./content.ts";
import type { Descriptor } from "./descriptor.ts";
import { type Digest, isDigest } from "./digest.ts";
import type { ContentGraph, GraphReader } from "./layout-graph.ts";
import type { LayoutEntry } from "./layout-index.ts";
import type {
  ContentPool,
  LayoutFiles,
  ReadonlyContentPool,
  ReadonlyRootIndex,
  RootIndex,
} from "./layout-ports.ts";
import { rootsOf, withRoot, withTag } from "./layout-roots.ts";
import { parseManifest, successors } from "./manifest.ts";
import { isManifestType, isNondistributableType, OCTET_STREAM } from "./media-types.ts";
import { isTag } from "./reference.ts";
import { readVerified, verifyStream } from "./verify.ts";

/** What the repositories of one layout share to read from it. */
export interface ReadonlyLayoutParts {
  readonly pool: ReadonlyContentPool;
  readonly index: ReadonlyRootIndex;
  readonly graphs: GraphReader;
  /** What stands beside the content. */
  readonly files: LayoutFiles;
  /** The repository of roots that name none. */
  readonly unnamed: string | undefined;
}

/** What the repositories of one layout share to read from it and write to it. */
export interface LayoutParts extends ReadonlyLayoutParts {
  readonly pool: ContentPool;
  readonly index: RootIndex;
  /** Blobs pushed since the layout was opened, by repository. */
  readonly pushed: Map<string, Set<Digest>>;
}

/**
 * One repository of an image layout, to read from: what the roots under its name need is in it,
 * whatever else the layout holds is not.
 */
export class ReadonlyLayoutRepository implements ReadonlyRepository, PinnedSource {
  protected readonly name: string;
  protected readonly parts: ReadonlyLayoutParts;

  constructor(name: string, parts: ReadonlyLayoutParts) {
    this.name = name;
    this.parts = parts;
  }

  async exists(target: Descriptor): Promise<boolean> {
    return (await this.has(target)) && this.parts.pool.holds(target);
  }

  async fetch(target: Descriptor, options: FetchOptions = {}): Promise<ByteStream> {
    const stream = (await this.has(target))
      ? await this.parts.pool.read(target.digest, options)
      : undefined;
    if (stream === undefined) throw contentNotFound(target.digest);
    const partial = options.offset !== undefined || options.length !== undefined;
    return partial ? stream : verifyStream(target, stream);
  }

  async resolveBlob(digest: Digest): Promise<Descriptor | undefined> {
    const target = { mediaType: OCTET_STREAM, digest };
    if (!(await this.has(target))) return undefined;
    const size = await this.parts.pool.sizeOf(digest);
    return size === undefined ? undefined : { ...target, size };
  }

  async resolve(reference: string): Promise<Descriptor | undefined> {
    if (!isDigest(reference)) {
      return (await this.roots()).find((entry) => entry.tag === reference)?.descriptor;
    }
    return find(await this.graphs(), ({ manifests }) => manifests.get(reference));
  }

  async *tags(): AsyncIterable<string> {
    const tags = (await this.roots()).flatMap(({ tag }) => tag ?? []);
    yield* [...new Set(tags)].sort();
  }

  async *pinned(): AsyncIterable<Descriptor> {
    for (const { tag, descriptor } of await this.roots()) if (tag === undefined) yield descriptor;
  }

  async *referrers(subject: Digest): AsyncIterable<Descriptor> {
    const found = new Map<Digest, Descriptor>();
    for (const { referrers } of await this.graphs()) {
      for (const { subject: named, referrer } of referrers) {
        if (named === subject) found.set(referrer.digest, referrer);
      }
    }
    yield* [...found.values()].sort((a, b) => (a.digest < b.digest ? -1 : 1));
  }

  /** Tells whether content belongs to this repository; the file itself may have been lost. */
  protected async has(target: Pick<Descriptor, "mediaType" | "digest">): Promise<boolean> {
    const kind = isManifestType(target.mediaType) ? "manifests" : "blobs";
    return (await this.graphs()).some((graph) => graph[kind].has(target.digest));
  }

  protected async graphs(): Promise<readonly ContentGraph[]> {
    const roots = new Map((await this.roots()).map((root) => [root.descriptor.digest, root]));
    return eachBounded([...roots.values()], GRAPH_READS, ({ descriptor }) =>
      this.parts.graphs.graphOf(descriptor),
    );
  }

  protected async roots(): Promise<readonly LayoutEntry[]> {
    return rootsOf(await this.parts.index.read(), this.name, this.parts.unnamed);
  }
}

/**
 * One repository of an image layout, to read from and write to. Blobs pushed here can be read at
 * once; they belong to the repository for good when a manifest names them.
 */
export class LayoutRepository extends ReadonlyLayoutRepository implements Repository {
  declare protected readonly parts: LayoutParts;

  constructor(name: string, parts: LayoutParts) {
    super(name, parts);
  }

  /**
   * Tells whether content need not be pushed. A blob that another repository stored, or that an
   * interrupted push left, counts. A manifest counts when it belongs here and everything it needs
   * is stored in full, so pushing again what exists() denies repairs a layout that lost a file.
   */
  override async exists(target: Descriptor): Promise<boolean> {
    if (!isManifestType(target.mediaType)) return this.parts.pool.holds(target);
    return (await this.has(target)) && this.#isComplete(target);
  }

  async push(expected: Descriptor, content: Content): Promise<void> {
    if (isManifestType(expected.mediaType)) {
      const below = await this.#storeManifest(expected, content);
      await this.parts.index.edit((index) => withRoot(index, this.name, expected, below));
    } else {
      await this.parts.pool.write(expected, content);
      const { pushed } = this.parts;
      pushed.set(this.name, (pushed.get(this.name) ?? new Set()).add(expected.digest));
    }
  }

  async tag(target: Descriptor, tag: string, content?: Uint8Array): Promise<void> {
    if (!isTag(tag)) throw new DevregError("INPUT_INVALID", `Cannot tag as "${tag}": not a tag`);
    const below = content === undefined ? [] : await this.#storeManifest(target, content);
    const descriptor = content === undefined ? await this.resolve(target.digest) : target;
    if (descriptor === undefined) throw contentNotFound(target.digest);
    await this.parts.index.edit((index) =>
      withTag(withRoot(index, this.name, descriptor, below), this.name, tag, descriptor),
    );
  }

  protected override async has(target: Descriptor): Promise<boolean> {
    if (isManifestType(target.mediaType)) return super.has(target);
    const pushed = this.parts.pushed.get(this.name)?.has(target.digest);
    return pushed === true || super.has(target);
  }

  /** Stores a manifest whose content is there, and gives what it names. */
  async #storeManifest(expected: Descriptor, content: Content): Promise<readonly Descriptor[]> {
    const { pool, graphs } = this.parts;
    if (expected.size > MANIFEST_BYTES) throw tooLarge(expected);
    const bytes = await readVerified(expected, content);
    const manifest = parseManifest(bytes, expected.mediaType);
    const below = successors(manifest);
    // An image index may be sparse: it may name images of platforms that nobody asked for.
    if (manifest.kind === "image") await this.#requireAll(expected, below);
    if (await pool.holds(expected)) return below;
    await pool.write(expected, bytes);
    graphs.arrived(expected.digest);
    return below;
  }

  async #requireAll(manifest: Descriptor, below: readonly Descriptor[]): Promise<void> {
    for (const child of below) {
      if (await this.#isStored(child)) continue;
      throw new DevregError(
        "NOT_FOUND",
        `Cannot store manifest ${manifest.digest}: ${child.digest} is missing`,
        { hint: "Push the blobs that a manifest names before the manifest" },
      );
    }
  }

  async #isComplete(root: Descriptor): Promise<boolean> {
    const { manifests, blobs } = await this.parts.graphs.graphOf(root);
    for (const target of [...manifests.values(), ...blobs.values()]) {
      if (!(await this.#isStored(target))) return false;
    }
    return true;
  }

  async #isStored(target: Descriptor): Promise<boolean> {
    return isNondistributableType(target.mediaType) || this.parts.pool.holds(target);
  }
}

function tooLarge(manifest: Descriptor): DevregError {
  return new DevregError(
    "LIMIT_EXCEEDED",
    `Cannot store manifest ${manifest.digest}: over ${MANIFEST_BYTES} bytes`,
  );
}

function find<Item, Found>(items: readonly Item[], pick: (item: Item) => Found | undefined) {
  for (const item of items) {
    const found = pick(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
