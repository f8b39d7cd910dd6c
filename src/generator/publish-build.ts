import { eachBounded } from "../concurrent.ts";
import { DevregError, describeError } from "../errors.ts";
import { REGISTRY_CONCURRENCY, UNREACHABLE_IN_A_ROW } from "../limits.ts";
import type { Logger } from "../log.ts";
import {
  type ContentSource,
  type Copier,
  type CopyResult,
  createCopier,
  type Descriptor,
  type ReadonlyRegistry,
  type Registry,
  type Repository,
} from "../oci-client/index.ts";
import type { Progress, StartProgress } from "../progress.ts";
import { copyOrRepair } from "./copy-or-repair.ts";
import type { IndexArtifact } from "./pack-index.ts";
import type { StackArtifact, StackArtifacts } from "./pack-stack.ts";

/** The stack artifacts of a build, wherever they can be read. */
export type StackSet = Omit<StackArtifacts, "registry"> & { readonly registry: ReadonlyRegistry };

/** An index artifact, wherever it can be read. */
export type PublishedIndexArtifact = Omit<IndexArtifact, "registry"> & {
  readonly registry: ReadonlyRegistry;
};

/** How a build is published. */
export interface PublishOptions {
  readonly log: Logger;
  readonly progress: StartProgress;
  /** How many stack versions are under way at once. */
  readonly concurrency?: number;
  /** Begins no further stack version once aborted. */
  readonly signal?: AbortSignal;
  /** Stack versions whose tag is known to point to that digest; the registry is not asked. */
  readonly isThere?: (artifact: StackArtifact) => boolean;
  /**
   * Asked when all stack versions are there. Without its yes the index is kept back, as when
   * another replica published a newer one meanwhile.
   */
  readonly mayPutIndex?: () => Promise<boolean>;
}

/** One stack version, or the index, that did not reach the registry. */
export interface PublishFailure {
  /** "devfile-catalog/go:2.0.0" */
  readonly name: string;
  readonly repository: string;
  readonly tag: string;
  readonly error: unknown;
}

/** What publishing a build came to. Counts are of stack versions, without the index. */
export interface PublishReport {
  readonly pushed: number;
  readonly unchanged: number;
  /** Bytes sent, the index included. */
  readonly bytes: number;
  /** "kept-back" when a stack version failed, or not wanted: replicas go on with what they have. */
  readonly index: "pushed" | "unchanged" | "failed" | "kept-back";
  /** Empty when everything is there; in the order of the index. */
  readonly failures: readonly PublishFailure[];
  /** What no registry can hold. It does not keep the index back, since trying again is no use. */
  readonly rejected: readonly PublishFailure[];
  /** Manifest digest of everything that is there now, by "repository:tag". */
  readonly digests: Readonly<Record<string, string>>;
}

type Outcome =
  | { readonly kind: "unchanged" }
  | { readonly kind: "pushed"; readonly cost: CopyResult }
  | { readonly kind: "failed"; readonly error: unknown };

/**
 * Brings a build into a registry: stack versions side by side, then the index. A version that the
 * registry has under its tag costs one request and nothing is written. A version that fails does
 * not stop the others, but keeps the index back, so that an index never names what is missing.
 *
 * @throws {DevregError} ABORTED by the signal; everything else is reported
 */
export async function publishBuild(
  stacks: StackSet,
  index: PublishedIndexArtifact,
  target: Registry,
  options: PublishOptions,
): Promise<PublishReport> {
  const progress = options.progress("Publishing");
  progress.total(stacks.artifacts.length + 1);
  try {
    const publisher = new Publisher(target, options, progress);
    const outcomes = await publisher.publishStacks(stacks);
    const failures = stacks.artifacts.flatMap((artifact, at) => toFailure(artifact, outcomes[at]));
    const wanted = failures.length === 0 && ((await options.mayPutIndex?.()) ?? true);
    const last = wanted ? await publisher.publishIndex(index) : undefined;
    const rejected = stacks.rejected.map((each) =>
      failureOf(each.repository, each.tag, each.error),
    );
    return { ...report(stacks.artifacts, outcomes, index, last, failures), rejected };
  } finally {
    progress.end();
  }
}

class Publisher {
  readonly #target: Registry;
  readonly #options: PublishOptions;
  readonly #progress: Progress;
  readonly #copier: Copier = createCopier();
  /** One object a repository, so that its versions share what they have in common. */
  readonly #repositories = new Map<string, Repository>();
  #unreachableInARow = 0;

  constructor(target: Registry, options: PublishOptions, progress: Progress) {
    this.#target = target;
    this.#options = options;
    this.#progress = progress;
  }

  publishStacks({ registry, artifacts }: StackSet): Promise<Outcome[]> {
    const { concurrency = REGISTRY_CONCURRENCY, isThere } = this.#options;
    return eachBounded(artifacts, concurrency, async (artifact) => {
      const { repository, tag, descriptor } = artifact;
      if (isThere?.(artifact) === true) return { kind: "unchanged" };
      const outcome = await this.#attempt(repository, tag, () =>
        this.#publish(registry.repository(repository), repository, descriptor, [tag]),
      );
      this.#progress.done(`${repository}:${tag}`);
      return outcome;
    });
  }

  async publishIndex(index: PublishedIndexArtifact): Promise<Outcome> {
    const { registry, repository, tags, descriptor } = index;
    const outcome = await this.#attempt(repository, tags.at(-1) ?? "", () =>
      this.#publish(registry.repository(repository), repository, descriptor, tags),
    );
    this.#progress.done(repository);
    return outcome;
  }

  /** Turns a failure into an outcome, and stops asking a registry that is not there. */
  async #attempt(repository: string, tag: string, task: () => Promise<Outcome>): Promise<Outcome> {
    if (this.#options.signal?.aborted === true) throw aborted();
    if (this.#unreachableInARow >= UNREACHABLE_IN_A_ROW) return notTried(repository, tag);
    try {
      const outcome = await task();
      this.#unreachableInARow = 0;
      return outcome;
    } catch (error) {
      const code = error instanceof DevregError ? error.code : undefined;
      if (code === "ABORTED") throw error;
      this.#unreachableInARow = isUnreachable(code) ? this.#unreachableInARow + 1 : 0;
      this.#options.log.warn(`Cannot publish "${repository}:${tag}"`, {
        reason: describeError(error),
      });
      return { kind: "failed", error };
    }
  }

  /** Sets the last tag last: once it is there, so is everything else. */
  async #publish(
    source: ContentSource,
    name: string,
    root: Descriptor,
    tags: readonly string[],
  ): Promise<Outcome> {
    const repository = this.#repositories.get(name) ?? this.#target.repository(name);
    this.#repositories.set(name, repository);
    const [last = "", ...others] = [...tags].reverse();
    const known = await repository.resolve(last);
    if (known?.digest === root.digest) return { kind: "unchanged" };
    let cost: CopyResult | undefined;
    for (const tag of [...others.reverse(), last]) {
      const step = await copyOrRepair(this.#copier, source, repository, root, tag);
      cost ??= step;
    }
    return cost === undefined ? { kind: "unchanged" } : { kind: "pushed", cost };
  }
}

function report(
  artifacts: readonly StackArtifact[],
  outcomes: readonly Outcome[],
  index: PublishedIndexArtifact,
  last: Outcome | undefined,
  failures: readonly PublishFailure[],
): Omit<PublishReport, "rejected"> {
  const digests: Record<string, string> = {};
  for (const [at, { repository, tag, descriptor }] of artifacts.entries()) {
    if (outcomes[at]?.kind !== "failed") digests[`${repository}:${tag}`] = descriptor.digest;
  }
  const indexFailures: PublishFailure[] = [];
  if (last?.kind === "failed") {
    const tag = index.tags.at(-1) ?? "";
    indexFailures.push(failureOf(index.repository, tag, last.error));
  } else if (last !== undefined) {
    for (const tag of index.tags) digests[`${index.repository}:${tag}`] = index.descriptor.digest;
  }
  const all = last === undefined ? outcomes : [...outcomes, last];
  return {
    pushed: outcomes.filter(({ kind }) => kind === "pushed").length,
    unchanged: outcomes.filter(({ kind }) => kind === "unchanged").length,
    bytes: all.reduce((sum, each) => sum + (each.kind === "pushed" ? each.cost.bytes : 0), 0),
    index: last?.kind ?? "kept-back",
    failures: [...failures, ...indexFailures],
    digests,
  };
}

function toFailure(
  { repository, tag }: StackArtifact,
  outcome: Outcome | undefined,
): PublishFailure[] {
  return outcome?.kind === "failed" ? [failureOf(repository, tag, outcome.error)] : [];
}

function failureOf(repository: string, tag: string, error: unknown): PublishFailure {
  return { name: `${repository}:${tag}`, repository, tag, error };
}

function isUnreachable(code: string | undefined): boolean {
  return code === "NETWORK" || code === "TIMEOUT";
}

function notTried(repository: string, tag: string): Outcome {
  const state = `not tried, the registry could not be reached ${UNREACHABLE_IN_A_ROW} times in a row`;
  const error = new DevregError("NETWORK", `Cannot publish "${repository}:${tag}": ${state}`);
  return { kind: "failed", error };
}

function aborted(): DevregError {
  return new DevregError("ABORTED", "Cannot publish build: it was interrupted", {
    hint: "Run it again: what is in the registry is not sent again",
  });
}
