import { type ByteStream, type Content, openContent, readAll, streamOf } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import { MANIFEST_BYTES } from "../limits.ts";
import { contentNotFound, type FetchOptions, type Registry, type Repository } from "./content.ts";
import type { Descriptor } from "./descriptor.ts";
import { type Digest, isDigest } from "./digest.ts";
import { parseManifest, referrerOf } from "./manifest.ts";
import { isManifestType, OCTET_STREAM } from "./media-types.ts";
import { verifyBytes } from "./verify.ts";

interface Stored {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
}

/** Keeps one repository's content in memory. Bytes given to it are not copied. */
export class MemoryRepository implements Repository {
  readonly #manifests = new Map<Digest, Stored>();
  readonly #blobs = new Map<Digest, Stored>();
  readonly #tags = new Map<string, Descriptor>();
  readonly #referrers = new Map<Digest, Descriptor[]>();

  async exists(target: Descriptor): Promise<boolean> {
    return this.#content(target.mediaType).has(target.digest);
  }

  async fetch(target: Descriptor, options: FetchOptions = {}): Promise<ByteStream> {
    const stored = this.#content(target.mediaType).get(target.digest);
    if (stored === undefined) throw contentNotFound(target.digest);
    const { offset = 0, length = stored.bytes.byteLength - offset } = options;
    return streamOf(stored.bytes.subarray(offset, offset + length));
  }

  async push(expected: Descriptor, content: Content): Promise<void> {
    const known = this.#content(expected.mediaType);
    if (known.has(expected.digest)) return;
    const bytes = await readAll(openContent(content), expected.size, expected.digest);
    verifyBytes(expected, bytes);
    if (isManifestType(expected.mediaType)) this.#acceptManifest(expected, bytes);
    known.set(expected.digest, { descriptor: expected, bytes });
  }

  async resolveBlob(digest: Digest): Promise<Descriptor | undefined> {
    const stored = this.#blobs.get(digest);
    return stored && { mediaType: OCTET_STREAM, digest, size: stored.descriptor.size };
  }

  async resolve(reference: string): Promise<Descriptor | undefined> {
    if (isDigest(reference)) return this.#manifests.get(reference)?.descriptor;
    return this.#tags.get(reference);
  }

  async *tags(): AsyncIterable<string> {
    yield* [...this.#tags.keys()].sort();
  }

  async tag(target: Descriptor, tag: string, content?: Uint8Array): Promise<void> {
    if (content !== undefined) await this.push(target, content);
    const stored = this.#manifests.get(target.digest);
    if (stored === undefined) throw contentNotFound(target.digest);
    this.#tags.set(tag, stored.descriptor);
  }

  async *referrers(subject: Digest): AsyncIterable<Descriptor> {
    yield* this.#referrers.get(subject) ?? [];
  }

  #content(mediaType: string): Map<Digest, Stored> {
    return isManifestType(mediaType) ? this.#manifests : this.#blobs;
  }

  #acceptManifest(descriptor: Descriptor, bytes: Uint8Array): void {
    if (bytes.byteLength > MANIFEST_BYTES) {
      throw new DevregError(
        "LIMIT_EXCEEDED",
        `Cannot store manifest ${descriptor.digest}: over ${MANIFEST_BYTES} bytes`,
      );
    }
    const manifest = parseManifest(bytes, descriptor.mediaType);
    if (manifest.subject === undefined) return;
    const referrer = referrerOf(descriptor, manifest);
    const known = this.#referrers.get(manifest.subject.digest) ?? [];
    this.#referrers.set(manifest.subject.digest, [...known, referrer]);
  }
}

/** Keeps repositories in memory. */
export class MemoryRegistry implements Registry {
  readonly #repositories = new Map<string, MemoryRepository>();

  async *repositories(): AsyncIterable<string> {
    yield* [...this.#repositories.keys()].sort();
  }

  repository(name: string): MemoryRepository {
    const known = this.#repositories.get(name) ?? new MemoryRepository();
    this.#repositories.set(name, known);
    return known;
  }
}
