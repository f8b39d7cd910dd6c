import { type ByteStream, type Content, openContent, readAll, streamOf } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";
import { MANIFEST_BYTES, PAGE_ENTRIES } from "../../limits.ts";
import type { BlobMounter, BlobRestorer, FetchOptions, Repository } from "../content.ts";
import type { Descriptor } from "../descriptor.ts";
import { type Digest, isDigest } from "../digest.ts";
import { referrerOf, unsupportedManifest } from "../manifest.ts";
import { isManifestType, isObsoleteManifestType } from "../media-types.ts";
import { isTag } from "../reference.ts";
import { listPages } from "./listing.ts";
import { parseTags } from "./name-list.ts";
import { RemoteReferrers } from "./referrers.ts";
import type { RegistryClient } from "./registry-client.ts";
import { RemoteBlobs } from "./remote-blobs.ts";
import { RemoteManifests } from "./remote-manifests.ts";

/** One repository of a remote registry, over the distribution protocol. */
export class RemoteRepository implements Repository, BlobMounter, BlobRestorer {
  readonly #client: RegistryClient;
  readonly #name: string;
  readonly #fullName: (name: string) => string;
  readonly #blobs: RemoteBlobs;
  readonly #manifests: RemoteManifests;
  readonly #referrers: RemoteReferrers;

  /**
   * @param name of the repository, as its registry object calls it
   * @param fullName gives the full name of a repository by the name that the registry object calls
   *   it, and checks it
   */
  constructor(client: RegistryClient, name: string, fullName: (name: string) => string) {
    this.#client = client;
    this.#name = fullName(name);
    this.#fullName = fullName;
    this.#blobs = new RemoteBlobs(client, this.#name);
    this.#manifests = new RemoteManifests(client, this.#name);
    this.#referrers = new RemoteReferrers(client, this.#manifests, this.#name);
  }

  exists(target: Descriptor): Promise<boolean> {
    return this.#of(target).exists(target);
  }

  async fetch(target: Descriptor, options: FetchOptions = {}): Promise<ByteStream> {
    const { mediaType, digest } = target;
    if (isObsoleteManifestType(mediaType)) {
      throw unsupportedManifest(`manifest ${this.#name}@${digest}`, mediaType);
    }
    if (!isManifestType(mediaType)) return this.#blobs.fetch(target, options);
    const bytes = await this.#manifests.fetch(target, options.signal);
    const { offset = 0, length = bytes.byteLength } = options;
    return streamOf(bytes.subarray(offset, offset + length));
  }

  async push(expected: Descriptor, content: Content): Promise<void> {
    if (!isManifestType(expected.mediaType)) return this.#blobs.push(expected, content);
    const what = `manifest ${expected.digest}`;
    const bytes = await readAll(openContent(content), MANIFEST_BYTES, what);
    await this.#put(expected, bytes, expected.digest);
  }

  async mount(target: Descriptor, fromRepository: string): Promise<boolean> {
    return this.#blobs.mount(target, this.#fullName(fromRepository));
  }

  async restore(expected: Descriptor, content: Content): Promise<void> {
    if (isManifestType(expected.mediaType)) await this.push(expected, content);
    else await this.#blobs.upload(expected, content);
  }

  resolveBlob(digest: Digest, signal?: AbortSignal): Promise<Descriptor | undefined> {
    return this.#blobs.resolve(digest, signal);
  }

  async resolve(reference: string, signal?: AbortSignal): Promise<Descriptor | undefined> {
    // What is no reference names nothing; as part of a path it could name something else.
    if (!isTag(reference) && !isDigest(reference)) return undefined;
    return this.#manifests.resolve(reference, signal);
  }

  /** @throws {DevregError} NOT_FOUND also for a repository that nothing was pushed to yet */
  tags(signal?: AbortSignal): AsyncIterable<string> {
    return listPages(this.#client, {
      what: `list tags of ${this.#name}`,
      first: this.#client.endpoint.url(`/v2/${this.#name}/tags/list`, { n: String(PAGE_ENTRIES) }),
      parse: (bytes) => parseTags(bytes).filter((tag) => this.#isKnownTag(tag)),
      signal,
    });
  }

  async tag(target: Descriptor, tag: string, content?: Uint8Array): Promise<void> {
    if (!isTag(tag)) throw new DevregError("INPUT_INVALID", `Cannot set tag "${tag}": not a tag`);
    if (content !== undefined) return this.#put(target, content, tag);
    const current = await this.#manifests.resolve(tag);
    if (current?.digest === target.digest) return;
    await this.#put(target, await this.#manifests.fetch(target, undefined), tag);
  }

  referrers(subject: Digest, signal?: AbortSignal): AsyncIterable<Descriptor> {
    return this.#referrers.list(subject, signal);
  }

  /** Stores a manifest and, when it refers to another, sees to it that it is listed there. */
  async #put(target: Descriptor, bytes: Uint8Array, reference: string): Promise<void> {
    const { manifest, subject: noted } = await this.#manifests.put(target, bytes, reference);
    if (manifest.subject === undefined) return;
    const { digest } = manifest.subject;
    await this.#referrers.add(digest, referrerOf(target, manifest), noted === digest);
  }

  #of(target: Descriptor): RemoteBlobs | RemoteManifests {
    return isManifestType(target.mediaType) ? this.#manifests : this.#blobs;
  }

  #isKnownTag(tag: string): boolean {
    if (isTag(tag)) return true;
    this.#client.log.warn("tag left out: it breaks the grammar", { repository: this.#name, tag });
    return false;
  }
}
