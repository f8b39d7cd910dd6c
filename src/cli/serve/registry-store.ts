import { DevregError, describeError } from "../../errors.ts";
import {
  type CompareCommits,
  type GenerationOrder,
  INDEX_REPOSITORY,
  LATEST_TAG,
  orderGenerations,
  type PublishReport,
  publishBuild,
  type StackArtifact,
} from "../../generator/index.ts";
import type { Logger } from "../../log.ts";
import type { Descriptor, Registry } from "../../oci-client/index.ts";
import { noProgress } from "../../progress.ts";
import { PUT_AGAIN } from "../../update-limits.ts";
import { type Generation, readGeneration } from "./generation.ts";

/** Beside "latest" it marks a generation that somebody stepped back to by force. */
export const FORCED_TAG = "forced";

/**
 * With what right a generation takes the place of the one in the registry:
 *
 * - operand: named on the command line of a server that knows no source
 * - start: what a server that has a source, or keeps what it served, begins with
 * - first: made from the newest commit by a server that serves nothing yet
 * - update: made from the newest commit; resync: made once more from the same one
 * - force: wanted, whatever it replaces
 */
export type Claim = "operand" | "start" | "first" | "update" | "resync" | "force";

/** What the one in the registry must be to ours for ours to take its place. */
const REPLACES: Readonly<Record<Claim, readonly GenerationOrder[]>> = {
  operand: ["older", "same", "unordered"],
  start: ["older"],
  first: ["older", "unordered"],
  update: ["older", "unordered"],
  resync: ["older", "unordered", "same"],
  force: ["older", "unordered", "same", "newer"],
};

/** With these a generation does not take the place of an older one that was forced. */
const YIELDING: ReadonlySet<Claim> = new Set(["start", "first"]);

/** With what right ours takes the place of one that was put at the same time, or after ours. */
const AFTERWARDS: Readonly<Record<Claim, Claim>> = {
  operand: "operand",
  start: "start",
  first: "start",
  update: "start",
  resync: "start",
  force: "force",
};

/** What publishing came to. */
export type Published =
  | { readonly kind: "put"; readonly report: PublishReport }
  /** The registry has another one that stays; `isBack`: it is older and was forced. */
  | { readonly kind: "overtaken"; readonly by: Generation; readonly isBack: boolean }
  | { readonly kind: "failed"; readonly report: PublishReport };

/** What a store works with. */
export interface StoreParts {
  readonly registry: Registry;
  /** Asks the sources how their commits stand to each other. */
  readonly compare?: CompareCommits | undefined;
  readonly log: Logger;
  /** Aborted when the server stops. */
  readonly signal: AbortSignal;
}

/**
 * The registry behind a server as the place of generations. No registry swaps a tag only if it is
 * what one thinks it is, so the index is looked at before and after it is put: of several replicas
 * that put at once, the newest generation stays.
 */
export class RegistryStore {
  readonly #parts: StoreParts;
  /** "repository:tag@digest" that the registry is known to have. */
  readonly #there = new Set<string>();
  #read: Generation | undefined;
  /** Digest of the last index of ours that the registry had. */
  #had: string | undefined;

  constructor(parts: StoreParts) {
    this.#parts = parts;
  }

  /** Gives the index artifact that replicas follow; undefined when there is none. */
  latest(): Promise<Descriptor | undefined> {
    return this.#index().resolve(LATEST_TAG);
  }

  /** Tells whether somebody stepped back to that generation by force. */
  async isForced({ digest }: Descriptor): Promise<boolean> {
    return (await this.#index().resolve(FORCED_TAG))?.digest === digest;
  }

  /** Reads the generation of an index artifact. @throws {DevregError} as readGeneration() */
  async read(root: Descriptor, before: Generation | undefined): Promise<Generation> {
    const known = [this.#read, before].find(
      (each) => each?.index.descriptor.digest === root.digest,
    );
    if (known !== undefined) return known;
    const { registry } = this.#parts;
    const read = await readGeneration(registry, root, { before, medium: "registry" });
    this.#read = read;
    for (const artifact of read.stacks.artifacts) this.#there.add(keyOf(artifact));
    return read;
  }

  /** Tells how one generation stands to another. @throws {DevregError} as asking the sources does */
  order(a: Generation, b: Generation): Promise<GenerationOrder> {
    return orderGenerations(a.build.info, b.build.info, this.#parts.compare);
  }

  /**
   * Tells whether a generation of the registry came before ours. Where the time of its commits says
   * that it did not, whoever put it is believed and git is not asked.
   */
  async isOlder(theirs: Generation, ours: Generation): Promise<boolean> {
    const order = await orderGenerations(theirs.build.info, ours.build.info);
    if (order === "newer" || order === "same") return false;
    return (await this.order(theirs, ours)) === "older";
  }

  /** Forgets what the registry is known to have, so that it is asked again. */
  forget(): void {
    this.#there.clear();
    this.#read = undefined;
  }

  /**
   * Brings a generation into the registry, unless the one there is to stay: first the stack
   * versions that are not known to be there, then the index.
   *
   * @throws {DevregError} as asking the registry does; ABORTED
   */
  async publish(generation: Generation, claim: Claim): Promise<Published> {
    const before = await this.#rival(generation, claim);
    if (before !== undefined) return before;
    const ours = await this.#marked(generation, claim);
    for (let attempt = 0; attempt < PUT_AGAIN; attempt += 1) {
      const report = await this.#push(ours, claim);
      if (report.failures.length > 0) return { kind: "failed", report };
      const latest = await this.latest();
      if (latest?.digest === ours.index.descriptor.digest) {
        this.#read = generation;
        this.#had = latest.digest;
        return { kind: "put", report };
      }
      const after = await this.#rival(ours, AFTERWARDS[claim]);
      if (after !== undefined) return await this.#mend(ours, after);
    }
    throw unsettled();
  }

  /** A step back is marked, so that no replica takes it for one that came too late. */
  async #marked(generation: Generation, claim: Claim): Promise<Generation> {
    const latest = claim === "force" ? await this.latest() : undefined;
    if (latest === undefined) return generation;
    const theirs = await this.read(latest, generation);
    const isBack = (await this.order(theirs, generation)) === "newer";
    if (!isBack) return generation;
    const { index } = generation;
    const tags = [...index.tags.slice(0, -1), FORCED_TAG, LATEST_TAG];
    return { ...generation, index: { ...index, tags } };
  }

  /** Gives the generation in the registry when it is to stay. */
  async #rival(ours: Generation, claim: Claim): Promise<Published | undefined> {
    const latest = await this.latest();
    if (latest === undefined) this.forget();
    const { digest } = ours.index.descriptor;
    if (latest?.digest === digest) this.#had = digest;
    if (latest === undefined || latest.digest === digest) return undefined;
    const theirs = await this.read(latest, ours).catch((error) => this.#unreadable(error));
    if (theirs === undefined) return undefined;
    const order = await this.order(theirs, ours);
    // What was there and is not any more was replaced by somebody who knew it.
    const right = claim === "update" && this.#had === digest ? AFTERWARDS[claim] : claim;
    const isBack = order === "older" && YIELDING.has(right) && (await this.isForced(latest));
    if (REPLACES[right].includes(order) && !isBack) return undefined;
    return { kind: "overtaken", by: theirs, isBack };
  }

  /** What is broken gives way; a registry that does not answer does not. */
  #unreadable(error: unknown): undefined {
    const code = error instanceof DevregError ? error.code : undefined;
    if (code !== "NOT_FOUND" && code !== "INPUT_INVALID") throw error;
    this.#parts.log.warn("the index in the registry is broken", { error: describeError(error) });
    return undefined;
  }

  async #push(ours: Generation, claim: Claim): Promise<PublishReport> {
    const { registry, log, signal } = this.#parts;
    const report = await publishBuild(ours.stacks, ours.index, registry, {
      log,
      progress: noProgress,
      signal,
      isThere: (artifact) => this.#there.has(keyOf(artifact)),
      mayPutIndex: async () => (await this.#rival(ours, claim)) === undefined,
    });
    for (const artifact of ours.stacks.artifacts) {
      const { repository, tag, descriptor } = artifact;
      const isThere = report.digests[`${repository}:${tag}`] === descriptor.digest;
      if (isThere) this.#there.add(keyOf(artifact));
    }
    return report;
  }

  /** Points the tags that we moved to where the generation that stays has them. */
  async #mend(ours: Generation, result: Published): Promise<Published> {
    if (result.kind !== "overtaken") return result;
    const moved = new Map(
      ours.stacks.artifacts.map(({ repository, tag, descriptor }) => [
        `${repository}:${tag}`,
        descriptor.digest,
      ]),
    );
    for (const { repository, tag, descriptor } of result.by.stacks.artifacts) {
      const digest = moved.get(`${repository}:${tag}`);
      if (digest === undefined || digest === descriptor.digest) continue;
      await this.#parts.registry.repository(repository).tag(descriptor, tag);
    }
    return result;
  }

  #index() {
    return this.#parts.registry.repository(INDEX_REPOSITORY);
  }
}

function keyOf({ repository, tag, descriptor }: StackArtifact): string {
  return `${repository}:${tag}@${descriptor.digest}`;
}

function unsettled(): DevregError {
  const message = `Cannot publish the index: others put theirs ${PUT_AGAIN} times meanwhile`;
  return new DevregError("REGISTRY_RESPONSE", message);
}
