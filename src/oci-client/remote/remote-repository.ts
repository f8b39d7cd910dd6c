import { type ByteStream, type Content, openContent, readAll, streamOf } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";
import { MANIFEST_BYTES, PAGE_ENTRIES } from "../../limits.ts";
import type { HttpResponse } from "../../net/index.ts";
import type { FetchOptions, Repository } from "../content.ts";
import type { Descriptor } from "../descriptor.ts";
import { type Digest, isDigest } from "../digest.ts";
import { isManifestType } from "../media-types.ts";
import { isTag } from "../reference.ts";
import { askPage, type Listing, listPages } from "./listing.ts";
import { parseTags } from "./name-list.ts";
import { listReferrers } from "./referrers.ts";
import type { RegistryClient } from "./registry-client.ts";
import { RemoteBlobs } from "./remote-blobs.ts";
import { RemoteManifests } from "./remote-manifests.ts";

/** One repository of a remote registry, over the distribution protocol. */
export class RemoteRepository implements Repository {
  readonly #client: RegistryClient;
  readonly #name: string;
  readonly #blobs: RemoteBlobs;
  readonly #manifests: RemoteManifests;

  /** @param name full name of the repository, checked by the caller */
  constructor(client: RegistryClient, name: string) {
    this.#client = client;
    this.#name = name;
    this.#blobs = new RemoteBlobs(client, name);
    this.#manifests = new RemoteManifests(client, name);
  }

  exists(target: Descriptor): Promise<boolean> {
    return this.#of(target).exists(target);
  }

  async fetch(target: Descriptor, options: FetchOptions = {}): Promise<ByteStream> {
    if (!isManifestType(target.mediaType)) return this.#blobs.fetch(target, options);
    const bytes = await this.#manifests.fetch(target, options.signal);
    const { offset = 0, length = bytes.byteLength } = options;
    return streamOf(bytes.subarray(offset, offset + length));
  }

  async push(expected: Descriptor, content: Content): Promise<void> {
    if (!isManifestType(expected.mediaType)) return this.#blobs.push(expected, content);
    const what = `manifest ${expected.digest}`;
    const bytes = await readAll(openContent(content), MANIFEST_BYTES, what);
    await this.#manifests.put(expected, bytes, expected.digest);
  }

  resolveBlob(digest: Digest): Promise<Descriptor | undefined> {
    return this.#blobs.resolve(digest);
  }

  async resolve(reference: string): Promise<Descriptor | undefined> {
    // What is no reference names nothing; as part of a path it could name something else.
    if (!isTag(reference) && !isDigest(reference)) return undefined;
    return this.#manifests.resolve(reference);
  }

  async *tags(): AsyncGenerator<string> {
    const listing: Listing<string> = {
      what: `list tags of ${this.#name}`,
      first: this.#client.endpoint.url(`/v2/${this.#name}/tags/list`, { n: String(PAGE_ENTRIES) }),
      parse: (bytes) => parseTags(bytes).filter((tag) => this.#isKnownTag(tag)),
    };
    const first = await askPage(this.#client, listing);
    if (await isAbsent(first)) return;
    yield* listPages(this.#client, listing, first);
  }

  async tag(target: Descriptor, tag: string, content?: Uint8Array): Promise<void> {
    if (!isTag(tag)) throw new DevregError("INPUT_INVALID", `Cannot set tag "${tag}": not a tag`);
    if (content !== undefined) return this.#manifests.put(target, content, tag);
    const current = await this.#manifests.resolve(tag);
    if (current?.digest === target.digest) return;
    await this.#manifests.put(target, await this.#manifests.fetch(target, undefined), tag);
  }

  referrers(subject: Digest): AsyncIterable<Descriptor> {
    return listReferrers(this.#client, this.#manifests, this.#name, subject);
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

/** A repository that nothing was pushed to yet is not known to a registry; it has no tags. */
async function isAbsent(response: HttpResponse): Promise<boolean> {
  if (response.status !== 404) return false;
  await response.discard();
  return true;
}
