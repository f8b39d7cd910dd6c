import { type ByteStream, type Content, streamOf } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import { MANIFEST_BYTES } from "../limits.ts";
import { contentNotFound, type FetchOptions, type Registry, type Repository } from "./content.ts";
import { type Descriptor, describe } from "./descriptor.ts";
import { type Digest, isDigest } from "./digest.ts";
import {
  buildManifest,
  type ManifestParts,
  parseManifest,
  referrerOf,
  successors,
} from "./manifest.ts";
import { isManifestType, OCTET_STREAM } from "./media-types.ts";
import { isTag } from "./reference.ts";
import { readVerified, verifyStream } from "./verify.ts";

interface Stored {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
}

interface RepositoryContent {
  readonly manifests: Map<Digest, Stored>;
  readonly blobs: Map<Digest, Stored>;
  readonly tags: Map<string, Descriptor>;
  readonly referrers: Map<Digest, Descriptor[]>;
}

/** Finds the content of one repository; `make` is told by whoever is about to add some. */
type FindContent = (make: boolean) => RepositoryContent;

/** Keeps one repository's content in memory. Bytes given to it are not copied. */
export class MemoryRepository implements Repository {
  readonly #find: FindContent;

  constructor(find: FindContent = alwaysThere()) {
    this.#find = find;
  }

  async exists(target: Descriptor): Promise<boolean> {
    return kindOf(this.#find(false), target).has(target.digest);
  }

  async fetch(target: Descriptor, options: FetchOptions = {}): Promise<ByteStream> {
    const stored = kindOf(this.#find(false), target).get(target.digest);
    if (stored === undefined) throw contentNotFound(target.digest);
    const { bytes, descriptor } = stored;
    const { offset, length } = options;
    if (offset === undefined && length === undefined) {
      // What is stored was verified; only the caller's idea of its size can be wrong.
      return target.size === descriptor.size
        ? streamOf(bytes)
        : verifyStream(target, streamOf(bytes));
    }
    const start = offset ?? 0;
    return streamOf(bytes.subarray(start, length === undefined ? undefined : start + length));
  }

  async push(expected: Descriptor, content: Content): Promise<void> {
    if (kindOf(this.#find(false), expected).has(expected.digest)) return;
    const bytes = await readVerified(expected, content);
    if (isManifestType(expected.mediaType)) this.#acceptManifest(expected, bytes);
    kindOf(this.#find(true), expected).set(expected.digest, { descriptor: expected, bytes });
  }

  async resolveBlob(digest: Digest): Promise<Descriptor | undefined> {
    const stored = this.#find(false).blobs.get(digest);
    return stored && { mediaType: OCTET_STREAM, digest, size: stored.descriptor.size };
  }

  async resolve(reference: string): Promise<Descriptor | undefined> {
    const { manifests, tags } = this.#find(false);
    return isDigest(reference) ? manifests.get(reference)?.descriptor : tags.get(reference);
  }

  async *tags(): AsyncIterable<string> {
    yield* [...this.#find(false).tags.keys()].sort();
  }

  async tag(target: Descriptor, tag: string, content?: Uint8Array): Promise<void> {
    checkTag(tag);
    if (content !== undefined) await this.push(target, content);
    const stored = this.#find(false).manifests.get(target.digest);
    if (stored === undefined) throw contentNotFound(target.digest);
    this.#find(true).tags.set(tag, stored.descriptor);
  }

  async *referrers(subject: Digest): AsyncIterable<Descriptor> {
    yield* this.#find(false).referrers.get(subject) ?? [];
  }

  /** Stores a blob under the descriptor that it makes of it; pushing one would hash it once more. */
  add(
    mediaType: string,
    bytes: Uint8Array,
    annotations?: Readonly<Record<string, string>>,
  ): Descriptor {
    const descriptor = describe(mediaType, bytes, annotations);
    const { blobs } = this.#find(true);
    if (!blobs.has(descriptor.digest)) blobs.set(descriptor.digest, { descriptor, bytes });
    return descriptor;
  }

  /**
   * Stores an image manifest that it makes of its parts, under a tag.
   *
   * @throws {DevregError} INPUT_INVALID for what is no tag, LIMIT_EXCEEDED for a manifest too large
   */
  addManifest(parts: ManifestParts, tag: string): Descriptor {
    const { descriptor, bytes } = buildManifest(parts);
    checkTag(tag);
    checkManifestSize(descriptor);
    const { manifests, tags } = this.#find(true);
    if (!manifests.has(descriptor.digest)) manifests.set(descriptor.digest, { descriptor, bytes });
    tags.set(tag, descriptor);
    return descriptor;
  }

  /**
   * Takes an image manifest over from another repository in memory, with what it names and under a
   * tag. It was verified there: nothing is hashed again, no bytes are copied.
   *
   * @throws {DevregError} NOT_FOUND when the other one does not have it all
   */
  adopt(from: MemoryRepository, root: Descriptor, tag: string): void {
    const [source, target] = [from.#find(false), this.#find(true)];
    const stored = source.manifests.get(root.digest);
    if (stored === undefined) throw contentNotFound(root.digest);
    for (const { digest } of successors(parseManifest(stored.bytes, root.mediaType))) {
      const blob = source.blobs.get(digest);
      if (blob === undefined) throw contentNotFound(digest);
      target.blobs.set(digest, blob);
    }
    target.manifests.set(root.digest, stored);
    target.tags.set(tag, stored.descriptor);
  }

  #acceptManifest(descriptor: Descriptor, bytes: Uint8Array): void {
    checkManifestSize(descriptor);
    const manifest = parseManifest(bytes, descriptor.mediaType);
    if (manifest.subject === undefined) return;
    const { referrers } = this.#find(true);
    const { digest } = manifest.subject;
    const known = (referrers.get(digest) ?? []).filter((one) => one.digest !== descriptor.digest);
    referrers.set(digest, [...known, referrerOf(descriptor, manifest)]);
  }
}

/** Keeps repositories in memory. One that was only asked for takes no room and is not listed. */
export class MemoryRegistry implements Registry {
  readonly #repositories = new Map<string, RepositoryContent>();

  async *repositories(): AsyncIterable<string> {
    yield* [...this.#repositories.keys()].sort();
  }

  repository(name: string): MemoryRepository {
    return new MemoryRepository((make) => {
      const known = this.#repositories.get(name);
      if (known !== undefined) return known;
      const content = noContent();
      if (make) this.#repositories.set(name, content);
      return content;
    });
  }
}

function checkTag(tag: string): void {
  if (!isTag(tag)) throw new DevregError("INPUT_INVALID", `Cannot tag as "${tag}": not a tag`);
}

function checkManifestSize({ digest, size }: Descriptor): void {
  if (size <= MANIFEST_BYTES) return;
  throw new DevregError(
    "LIMIT_EXCEEDED",
    `Cannot store manifest ${digest}: over ${MANIFEST_BYTES} bytes`,
  );
}

function noContent(): RepositoryContent {
  return { manifests: new Map(), blobs: new Map(), tags: new Map(), referrers: new Map() };
}

function alwaysThere(): FindContent {
  const content = noContent();
  return () => content;
}

function kindOf(content: RepositoryContent, { mediaType }: Descriptor): Map<Digest, Stored> {
  return isManifestType(mediaType) ? content.manifests : content.blobs;
}
