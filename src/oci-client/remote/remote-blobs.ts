import type { ByteStream, Content } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";
import { REMEMBERED_ENTRIES } from "../../limits.ts";
import type { HttpResponse } from "../../net/index.ts";
import type { FetchOptions } from "../content.ts";
import type { Descriptor } from "../descriptor.ts";
import { algorithmOf, type Digest, digestOf } from "../digest.ts";
import { OCTET_STREAM } from "../media-types.ts";
import { openBlob } from "./blob-download.ts";
import { uploadBlob } from "./blob-upload.ts";
import { BoundedMap } from "./bounded-map.ts";
import type { RegistryClient } from "./registry-client.ts";
import { responseError } from "./response-error.ts";
import { mountBlob } from "./upload-session.ts";

const NOT_MOUNTED = { session: undefined };
const NOTHING = new Uint8Array();

/** The blobs of one repository in a remote registry. */
export class RemoteBlobs {
  readonly #client: RegistryClient;
  readonly #path: string;
  /** What was looked for in vain just now: its upload need not look again. */
  readonly #missing = new BoundedMap<Digest, true>(REMEMBERED_ENTRIES);
  /** Upload sessions that the registry began where it was to mount a blob. */
  readonly #sessions = new BoundedMap<Digest, URL>(REMEMBERED_ENTRIES);

  /** @param name full name of the repository */
  constructor(client: RegistryClient, name: string) {
    this.#client = client;
    this.#path = `/v2/${name}/blobs/`;
  }

  /** Tells whether a blob is there, in its right size as far as the registry says. */
  async exists(target: Descriptor): Promise<boolean> {
    const size = await this.#size(target.digest);
    const there = size !== undefined && (size === "unknown" || size === target.size);
    if (!there) this.#missing.set(target.digest, true);
    return there;
  }

  async resolve(digest: Digest, signal?: AbortSignal): Promise<Descriptor | undefined> {
    const size = await this.#size(digest, signal);
    if (size === undefined) return undefined;
    if (isOfNothing(digest)) return { mediaType: OCTET_STREAM, digest, size: 0 };
    if (size !== "unknown") return { mediaType: OCTET_STREAM, digest, size };
    throw new DevregError(
      "REGISTRY_RESPONSE",
      `Cannot find the size of blob ${digest}: ${this.#client.endpoint.base.host} does not tell it`,
    );
  }

  fetch(target: Descriptor, options: FetchOptions): Promise<ByteStream> {
    return openBlob(this.#client, this.#url(target.digest), target, options);
  }

  async push(expected: Descriptor, content: Content): Promise<void> {
    if (!this.#missing.delete(expected.digest) && (await this.exists(expected))) return;
    await this.upload(expected, content);
  }

  /** Sends a blob without asking whether it is there. */
  async upload(expected: Descriptor, content: Content): Promise<void> {
    const session = this.#sessions.get(expected.digest);
    this.#sessions.delete(expected.digest);
    await uploadBlob(this.#client, { uploads: this.#uploads, session }, expected, content);
    this.#missing.delete(expected.digest);
  }

  /**
   * Takes a blob over from another repository; false when the registry does not.
   *
   * @param from full name of that repository
   */
  async mount(target: Descriptor, from: string): Promise<boolean> {
    const mounted = await this.#mount(target, from);
    if (mounted === true) {
      this.#missing.delete(target.digest);
      return true;
    }
    if (mounted.session !== undefined) this.#sessions.set(target.digest, mounted.session);
    return false;
  }

  async #mount(target: Descriptor, from: string): ReturnType<typeof mountBlob> {
    try {
      return await mountBlob(this.#client, this.#uploads, target, from);
    } catch (error) {
      // Who may not read the other repository is denied a token for both; pushing needs but one.
      if (error instanceof DevregError && error.code === "UNAUTHORIZED") return NOT_MOUNTED;
      throw error;
    }
  }

  async #size(digest: Digest, signal?: AbortSignal): Promise<number | "unknown" | undefined> {
    const response = await this.#client.send({
      method: "HEAD",
      url: this.#url(digest),
      ...(signal === undefined ? {} : { signal }),
    });
    if (response.status !== 200 && response.status !== 404) {
      throw await responseError(response, "HEAD", `look for blob ${digest}`);
    }
    await response.discard();
    return response.status === 404 ? undefined : (lengthOf(response) ?? "unknown");
  }

  get #uploads(): URL {
    return this.#client.endpoint.url(`${this.#path}uploads/`);
  }

  #url(digest: Digest): URL {
    return this.#client.endpoint.url(`${this.#path}${digest}`);
  }
}

function isOfNothing(digest: Digest): boolean {
  return digest === digestOf(NOTHING, algorithmOf(digest));
}

/**
 * Gives Content-Length. Zero is what some servers say to every HEAD, so it tells nothing; who asks
 * for the empty blob knows its size.
 */
function lengthOf(response: HttpResponse): number | undefined {
  const length = response.header("content-length");
  const size = length !== undefined && /^\d+$/.test(length) ? Number(length) : 0;
  return size > 0 && Number.isSafeInteger(size) ? size : undefined;
}
