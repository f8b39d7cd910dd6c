import type { ByteStream } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";
import {
  type Descriptor,
  type Digest,
  type FetchOptions,
  isDigest,
  type ReadonlyRepository,
} from "../../oci-client/index.ts";
import type { Circuit } from "./circuit.ts";
import { gatherSorted } from "./paging.ts";

/** Takes note of which of our tags the registry behind has. */
export interface TagWatch {
  found(repository: string, tag: string): void;
  notFound(repository: string, tag: string): void;
}

/** What a repository of ours in front of its copy works with. */
export interface FrontedParts {
  readonly name: string;
  readonly own: ReadonlyRepository;
  readonly upstream: ReadonlyRepository;
  /** The same, for what the build does not have. */
  readonly passed: ReadonlyRepository;
  /** For asking what a tag of ours points to there. */
  readonly circuit: Circuit;
  readonly missing: TagWatch;
}

/**
 * A repository of ours whose copy is behind us. Content of the build is given out from the build:
 * it has the digest asked for. What a tag points to is asked behind us first.
 */
export class FrontedRepository implements ReadonlyRepository {
  readonly #parts: FrontedParts;

  constructor(parts: FrontedParts) {
    this.#parts = parts;
  }

  async exists(target: Descriptor): Promise<boolean> {
    const { own, passed } = this.#parts;
    return (await own.exists(target)) || passed.exists(target);
  }

  async fetch(target: Descriptor, options?: FetchOptions): Promise<ByteStream> {
    const { own, passed } = this.#parts;
    return (await own.exists(target)) ? own.fetch(target, options) : passed.fetch(target, options);
  }

  async resolveBlob(digest: Digest, signal?: AbortSignal): Promise<Descriptor | undefined> {
    const { own, passed } = this.#parts;
    return (await own.resolveBlob(digest)) ?? passed.resolveBlob(digest, signal);
  }

  async resolve(reference: string, signal?: AbortSignal): Promise<Descriptor | undefined> {
    const { name, own, upstream, passed, circuit, missing } = this.#parts;
    const ours = await own.resolve(reference);
    if (ours === undefined) return passed.resolve(reference, signal);
    if (isDigest(reference)) return ours;
    const behind = await circuit.attempt((stop) => upstream.resolve(reference, stop));
    if (behind === undefined) return ours;
    if (behind.value === undefined) {
      missing.notFound(name, reference);
      return ours;
    }
    missing.found(name, reference);
    return behind.value.digest === ours.digest ? ours : behind.value;
  }

  async *tags(): AsyncIterable<string> {
    const { own, upstream, circuit } = this.#parts;
    const behind = await circuit.attempt((signal) => gatherIfThere(upstream, signal));
    const tags = new Set(behind?.value);
    for await (const tag of own.tags()) tags.add(tag);
    yield* tags;
  }

  async *referrers(subject: Digest): AsyncIterable<Descriptor> {
    const { own, upstream, circuit } = this.#parts;
    yield* own.referrers(subject);
    const behind = await circuit.attempt((signal) =>
      gatherSorted(upstream.referrers(subject, signal), ({ digest }) => digest, signal),
    );
    yield* behind?.value ?? [];
  }
}

/** A repository that is not behind us yet has no tags there; that is no failure. */
async function gatherIfThere(
  repository: ReadonlyRepository,
  signal: AbortSignal,
): Promise<readonly string[]> {
  try {
    return await gatherSorted(repository.tags(signal), String, signal);
  } catch (error) {
    if (error instanceof DevregError && error.code === "NOT_FOUND") return [];
    throw error;
  }
}
