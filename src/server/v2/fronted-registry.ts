import { describeError } from "../../errors.ts";
import { FRONT_FAILURES, FRONT_PAUSE_MS, FRONT_TIMEOUT_MS } from "../../limits.ts";
import type { Logger } from "../../log.ts";
import type { ReadonlyRegistry } from "../../oci-client/index.ts";
import { ABSENT_REPOSITORY, type ClosedRegistry } from "../closed-registry.ts";
import { Circuit, type Clock } from "./circuit.ts";
import { FrontedRepository } from "./fronted-repository.ts";
import { gatherSorted } from "./paging.ts";

/** What a registry in front of another one works with. */
export interface FrontOptions {
  readonly upstream: ReadonlyRegistry;
  /** Gives the artifacts of the current generation; undefined while there is none. */
  readonly own: () => ClosedRegistry | undefined;
  /**
   * With credentials for the registry behind: the names that are answered beside our own. Any other
   * is unknown without asking. Without it every name is passed on.
   */
  readonly allowed?: ((repository: string) => boolean) | undefined;
  /** Called when a tag of ours is not behind us, once until it is back. */
  readonly onMissing: (repository: string, tag: string) => void;
  /** Called for each failure of the registry behind. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Makes a registry in front of another one. Our own repositories are answered from there while it
 * has them, else from the build, whose digests are equal; whatever else is there is passed on.
 */
export function createFrontedRegistry(options: FrontOptions): ReadonlyRegistry {
  const { upstream, own, allowed, log } = options;
  const bounds = {
    timeoutMs: FRONT_TIMEOUT_MS,
    failures: FRONT_FAILURES,
    pauseMs: FRONT_PAUSE_MS,
  };
  const circuit = new Circuit(bounds, options.clock, (error) => {
    options.onFailure?.(error);
    log.warn("the registry behind failed", { error: describeError(error) });
  });
  const missing = new MissingTags(options.onMissing);
  return {
    repositories: async function* list() {
      const behind = await circuit.attempt((signal) =>
        gatherSorted(upstream.repositories(), String, signal),
      );
      const ours = own();
      if (ours !== undefined) yield* ours.repositories();
      for (const name of behind?.value ?? []) {
        if (!ours?.has(name) && (allowed?.(name) ?? true)) yield name;
      }
    },
    repository: (name) => {
      const ours = own();
      if (ours?.has(name)) {
        return new FrontedRepository({
          name,
          own: ours.repository(name),
          upstream: upstream.repository(name),
          circuit,
          missing,
        });
      }
      return (allowed?.(name) ?? true) ? upstream.repository(name) : ABSENT_REPOSITORY;
    },
  };
}

/** Remembers which tags are not behind us, so that each is reported once until it is back. */
class MissingTags {
  readonly #report: (repository: string, tag: string) => void;
  readonly #reported = new Set<string>();

  constructor(report: (repository: string, tag: string) => void) {
    this.#report = report;
  }

  found(repository: string, tag: string): void {
    this.#reported.delete(`${repository}:${tag}`);
  }

  notFound(repository: string, tag: string): void {
    const key = `${repository}:${tag}`;
    if (this.#reported.has(key)) return;
    this.#reported.add(key);
    this.#report(repository, tag);
  }
}
