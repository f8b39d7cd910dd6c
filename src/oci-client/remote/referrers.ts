import type { HttpResponse } from "../../net/index.ts";
import type { Descriptor } from "../descriptor.ts";
import type { Digest } from "../digest.ts";
import { parseManifest } from "../manifest.ts";
import { OCI_INDEX } from "../media-types.ts";
import { askPage, type Listing, listPages } from "./listing.ts";
import { ReferrersTags } from "./referrers-tags.ts";
import type { RegistryClient } from "./registry-client.ts";
import type { RemoteManifests } from "./remote-manifests.ts";
import { responseError } from "./response-error.ts";

/** How registries answer that do not have the referrers API. */
const WITHOUT_API: ReadonlySet<number> = new Set([400, 404, 405, 501]);

/**
 * What refers to the manifests of one repository, by the referrers API or, where a registry does
 * not have it, by the tags that clients maintain instead. Spec: distribution-spec v1.1, Listing
 * Referrers and Unavailable Referrers API.
 */
export class RemoteReferrers {
  readonly #client: RegistryClient;
  readonly #name: string;
  readonly #tags: ReferrersTags;
  /** Whether the registry has the API, once that is known. */
  #hasApi: boolean | undefined;
  /** Resolves when the question that is to tell has been answered, or failed. */
  #probe: Promise<void> | undefined;

  /** @param name full name of the repository */
  constructor(client: RegistryClient, manifests: RemoteManifests, name: string) {
    this.#client = client;
    this.#name = name;
    this.#tags = new ReferrersTags(manifests, name, client.log);
  }

  /** Lists what refers to a manifest. */
  async *list(subject: Digest, signal?: AbortSignal): AsyncGenerator<Descriptor> {
    const listing = this.#listing(subject, signal);
    const first = await this.#firstPage(listing);
    if (first === undefined) yield* await this.#tags.list(subject, signal);
    else yield* listPages(this.#client, listing, first);
  }

  /**
   * Sees to it that a manifest just pushed is listed for its subject.
   *
   * @param noted whether the registry says that it took note; some say so without listing it
   */
  async add(subject: Digest, referrer: Descriptor, noted: boolean): Promise<void> {
    if (noted && (await this.#findApi(subject))) return;
    await this.#tags.add(subject, referrer);
  }

  /**
   * Asks the API; undefined when the registry does not have it. As long as that is not known one
   * question is asked, and the others wait for what it tells.
   */
  async #firstPage(listing: Listing<Descriptor>): Promise<HttpResponse | undefined> {
    if (this.#hasApi === undefined && this.#probe === undefined) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#probe = promise;
      try {
        return await this.#ask(listing);
      } finally {
        this.#probe = undefined;
        resolve();
      }
    }
    await this.#probe;
    return this.#hasApi === false ? undefined : this.#ask(listing);
  }

  async #ask(listing: Listing<Descriptor>): Promise<HttpResponse | undefined> {
    const first = await askPage(this.#client, listing);
    if (!isApi(first)) {
      await this.#learn(first, listing.what);
      return undefined;
    }
    if (first.status === 200) this.#hasApi = true;
    return first;
  }

  async #findApi(subject: Digest): Promise<boolean> {
    if (this.#hasApi !== undefined) return this.#hasApi;
    const listing = this.#listing(subject);
    const first = await askPage(this.#client, listing);
    const found = isApi(first);
    if (found && first.status !== 200) throw await responseError(first, "GET", listing.what);
    if (found) await first.discard();
    else await this.#learn(first, listing.what);
    this.#hasApi = found;
    return found;
  }

  /** Remembers that there is no API, unless it is the repository that is not there yet. */
  async #learn(first: HttpResponse, what: string): Promise<void> {
    const { errors } = (await responseError(first, "GET", what)).exchange;
    if (!errors.some(({ code }) => code === "NAME_UNKNOWN")) this.#hasApi = false;
  }

  #listing(subject: Digest, signal?: AbortSignal): Listing<Descriptor> {
    return {
      what: `list referrers of ${this.#name}@${subject}`,
      first: this.#client.endpoint.url(`/v2/${this.#name}/referrers/${subject}`),
      accept: OCI_INDEX,
      parse: parseIndex,
      signal,
    };
  }
}

/** Tells whether an answer is one of the API, be it an error. */
function isApi(response: HttpResponse): boolean {
  if (response.status !== 200) return !WITHOUT_API.has(response.status);
  return (response.header("content-type") ?? "").startsWith(OCI_INDEX);
}

function parseIndex(bytes: Uint8Array): readonly Descriptor[] {
  const manifest = parseManifest(bytes, OCI_INDEX);
  return manifest.kind === "index" ? manifest.manifests : [];
}
