import { textOf, utf8 } from "../../bytes.ts";
import { DevregError, RegistryResponseError } from "../../errors.ts";
import { MANIFEST_BYTES, REFERRERS_TAG_WRITES } from "../../limits.ts";
import type { Logger } from "../../log.ts";
import { type Descriptor, describe } from "../descriptor.ts";
import { algorithmOf, type Digest, hexOf } from "../digest.ts";
import { parseManifest } from "../manifest.ts";
import { OCI_INDEX } from "../media-types.ts";
import type { RemoteManifests } from "./remote-manifests.ts";

/** The image index behind a tag: what it lists, and everything as it stands there. */
interface ReferrersIndex {
  readonly listed: readonly Descriptor[];
  /** The entries with all fields, known or not, in the order of `listed`. */
  readonly entries: readonly object[];
  /** All other fields. */
  readonly fields: object;
  readonly etag?: string | undefined;
}

const NO_REFERRERS: ReferrersIndex = {
  listed: [],
  entries: [],
  fields: { schemaVersion: 2, mediaType: OCI_INDEX },
};

/**
 * The tags of one repository that stand in for the referrers API.
 * Spec: distribution-spec v1.1, Referrers Tag Schema and Pushing Manifests with Subject.
 */
export class ReferrersTags {
  readonly #manifests: RemoteManifests;
  readonly #name: string;
  readonly #log: Logger;
  /** The last change under way of each tag; none of these promises fails. */
  readonly #changes = new Map<string, Promise<void>>();

  /** @param name full name of the repository */
  constructor(manifests: RemoteManifests, name: string, log: Logger) {
    this.#manifests = manifests;
    this.#name = name;
    this.#log = log;
  }

  /** Gives what the tag for a subject lists; nothing when it is something else. */
  async list(subject: Digest, signal?: AbortSignal): Promise<readonly Descriptor[]> {
    const found = await this.#manifests.get(referrersTag(subject), signal);
    if (found?.descriptor.mediaType !== OCI_INDEX) return [];
    return readIndex(found.bytes).listed;
  }

  /**
   * Adds an entry to the tag for a subject; what is there stays. Changes of one tag wait for each
   * other; what others change at the same time is found by reading it again.
   *
   * @throws {DevregError} INPUT_INVALID when the tag is something else, LIMIT_EXCEEDED,
   *   REGISTRY_RESPONSE when others change it again and again
   */
  async add(subject: Digest, referrer: Descriptor): Promise<void> {
    const tag = referrersTag(subject);
    const before = this.#changes.get(tag) ?? Promise.resolve();
    const change = before.then(() => this.#add(tag, referrer));
    const settled = change.catch(() => undefined);
    this.#changes.set(tag, settled);
    try {
      await change;
    } finally {
      if (this.#changes.get(tag) === settled) this.#changes.delete(tag);
    }
  }

  async #add(tag: string, referrer: Descriptor): Promise<void> {
    for (let write = 0; write <= REFERRERS_TAG_WRITES; write += 1) {
      const index = await this.#read(tag);
      if (index.listed.some(({ digest }) => digest === referrer.digest)) return;
      if (write < REFERRERS_TAG_WRITES) await this.#write(tag, index, referrer);
    }
    throw new DevregError(
      "REGISTRY_RESPONSE",
      `Cannot list referrer ${referrer.digest}: others change tag "${tag}" of ${this.#name} as well`,
      { hint: "Run it again when nothing else signs or pushes this image" },
    );
  }

  async #read(tag: string): Promise<ReferrersIndex> {
    const found = await this.#manifests.get(tag, undefined);
    if (found === undefined) return NO_REFERRERS;
    const { mediaType } = found.descriptor;
    if (mediaType === OCI_INDEX) return { ...readIndex(found.bytes), etag: found.etag };
    throw new DevregError(
      "INPUT_INVALID",
      `Cannot list referrers in tag "${tag}" of ${this.#name}: it is of type "${mediaType}"`,
      { hint: "Delete this tag: clients look there for a list of signatures" },
    );
  }

  async #write(tag: string, index: ReferrersIndex, referrer: Descriptor): Promise<void> {
    try {
      await this.#put(tag, index, [...index.entries, referrer]);
    } catch (error) {
      if (!(error instanceof RegistryResponseError)) throw error;
      const { status, errors } = error.exchange;
      // Somebody else was faster; the caller reads what that came to.
      if (status === 412) return;
      if (!errors.some(({ code }) => code === "MANIFEST_BLOB_UNKNOWN")) throw error;
      const entries = await this.#stillThere(tag, index);
      if (entries.length === index.entries.length) throw error;
      await this.#put(tag, index, [...entries, referrer]);
    }
  }

  async #put(tag: string, { fields, etag }: ReferrersIndex, manifests: readonly object[]) {
    const bytes = utf8(JSON.stringify({ ...fields, manifests }));
    if (bytes.byteLength > MANIFEST_BYTES) {
      throw new DevregError(
        "LIMIT_EXCEEDED",
        `Cannot list referrers in tag "${tag}" of ${this.#name}: over ${MANIFEST_BYTES} bytes`,
      );
    }
    await this.#manifests.put(describe(OCI_INDEX, bytes), bytes, tag, etag);
  }

  /** Gives the entries whose manifests exist: some registries take no list that names others. */
  async #stillThere(tag: string, { listed, entries }: ReferrersIndex): Promise<readonly object[]> {
    const kept: object[] = [];
    for (const [at, entry] of entries.entries()) {
      const descriptor = listed[at];
      if (descriptor !== undefined && (await this.#manifests.exists(descriptor))) kept.push(entry);
      else this.#log.warn("referrer taken out: it is gone", { tag, digest: descriptor?.digest });
    }
    return kept;
  }
}

/** Gives the tag that stands in for the referrers API: at most 32 and 64 characters, joined by "-". */
function referrersTag(subject: Digest): string {
  return `${algorithmOf(subject).slice(0, 32)}-${hexOf(subject).slice(0, 64)}`;
}

function readIndex(bytes: Uint8Array): ReferrersIndex {
  const parsed = parseManifest(bytes, OCI_INDEX);
  // Parsed before as an image index, so its manifests are a list of objects.
  const { manifests, ...fields } = JSON.parse(textOf(bytes)) as { manifests: readonly object[] };
  return { listed: parsed.kind === "index" ? parsed.manifests : [], entries: manifests, fields };
}
