import type { ByteStream, Content } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import type { Descriptor } from "./descriptor.ts";
import type { Digest } from "./digest.ts";

/** A piece of content: `length` bytes from `offset`; without a length, to the end. */
export interface FetchOptions {
  readonly offset?: number;
  readonly length?: number;
  readonly signal?: AbortSignal;
}

/** Reads content by descriptor. Whether it is a manifest or a blob follows from its media type. */
export interface ContentSource {
  exists(target: Descriptor): Promise<boolean>;
  /**
   * Opens content. A whole read is verified while it streams: the last chunk is given out only
   * after size and digest were found right. A partial read is not verified.
   *
   * @throws {DevregError} NOT_FOUND, DIGEST_MISMATCH, SIZE_MISMATCH
   */
  fetch(target: Descriptor, options?: FetchOptions): Promise<ByteStream>;
}

/** Reads and writes content. */
export interface ContentStore extends ContentSource {
  /**
   * Stores content under its descriptor; doing it again is a no-op. Nothing is visible before size
   * and digest were found right.
   *
   * @throws {DevregError} DIGEST_MISMATCH, SIZE_MISMATCH
   */
  push(expected: Descriptor, content: Content): Promise<void>;
}

/** Finds a blob's size by its digest alone, as a client of the distribution protocol asks for it. */
export interface BlobResolver {
  resolveBlob(digest: Digest, signal?: AbortSignal): Promise<Descriptor | undefined>;
}

/** Finds manifests by tag or digest. */
export interface TagSource {
  /** Gives the descriptor behind a tag or a manifest digest; undefined when there is none. */
  resolve(reference: string, signal?: AbortSignal): Promise<Descriptor | undefined>;
  /**
   * Lists tags, sorted where the medium sorts them; pages are fetched as the loop goes on.
   *
   * @throws {DevregError} NOT_FOUND where the medium says that there is no such repository
   */
  tags(signal?: AbortSignal): AsyncIterable<string>;
}

/** Finds and sets tags. */
export interface TagStore extends TagSource {
  /**
   * Points a tag at a manifest whose graph is there. With `content` the manifest itself is stored
   * in the same step.
   */
  tag(target: Descriptor, tag: string, content?: Uint8Array): Promise<void>;
}

/** Lists what refers to a manifest. Spec: distribution-spec v1.1, Listing Referrers. */
export interface ReferrerSource {
  referrers(subject: Digest, signal?: AbortSignal): AsyncIterable<Descriptor>;
}

/** Lists manifests that a repository keeps under their digest alone, where it knows them. */
export interface PinnedSource {
  pinned(): AsyncIterable<Descriptor>;
}

/** One repository to read from. */
export type ReadonlyRepository = ContentSource & BlobResolver & TagSource & ReferrerSource;

/** One repository to read from and write to. */
export type Repository = ReadonlyRepository & ContentStore & TagStore;

/** Takes blobs over from other repositories of the same registry. */
export interface BlobMounter {
  /**
   * Makes a blob of another repository a blob of this one, without its bytes going over the line.
   * False when the registry does not: the blob is then to be pushed.
   * Spec: distribution-spec v1.1, Mounting a blob from another repository.
   *
   * @param fromRepository as the registry that this repository comes from calls it
   * @throws {DevregError} NETWORK, TIMEOUT
   */
  mount(target: Descriptor, fromRepository: string): Promise<boolean>;
}

/** Mends blobs that a repository says it has and yet lost. */
export interface BlobRestorer {
  /** Stores a blob as push does, whether or not the repository says that it has it. */
  restore(expected: Descriptor, content: Content): Promise<void>;
}

/** Repositories by name. */
export interface ReadonlyRegistry {
  /** Lists repository names, sorted where the medium sorts them. */
  repositories(signal?: AbortSignal): AsyncIterable<string>;
  /** Gives the repository of that name, whether or not anything is in it. */
  repository(name: string): ReadonlyRepository;
}

/** Repositories by name, to write to. */
export interface Registry extends ReadonlyRegistry {
  repository(name: string): Repository;
}

/** Makes the error of a fetch of content that a repository does not have. */
export function contentNotFound(digest: Digest): DevregError {
  return new DevregError("NOT_FOUND", `Cannot find ${digest}: it is not stored here`);
}
