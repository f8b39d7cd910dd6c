import { FRONT_ANSWER_MS } from "../../api-limits.ts";
import { DevregError, describeError } from "../../errors.ts";
import { FRONT_FAILURES, FRONT_PAUSE_MS, FRONT_TIMEOUT_MS } from "../../limits.ts";
import type { Logger } from "../../log.ts";
import type { ReadonlyRegistry } from "../../oci-client/index.ts";
import { ABSENT_REPOSITORY, type ClosedRegistry } from "../closed-registry.ts";
import { Circuit, type Clock } from "./circuit.ts";
import { FrontedRepository } from "./fronted-repository.ts";
import { gatherSorted } from "./paging.ts";
import { PassedRepository } from "./passed-repository.ts";

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
  /** Called for each failure of the registry behind, with whether it is left alone now. */
  readonly onFailure?: ((error: unknown, isLeftAlone: boolean) => void) | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Makes a registry in front of another one. Our own repositories are answered from there while it
 * has them, else from the build, whose digests are equal; whatever else is there is passed on. A
 * registry behind that is slow has more time for what only it has, and that is a circuit of its own:
 * who is too slow for the one need not be so for the other.
 */
export function createFrontedRegistry(options: FrontOptions): ReadonlyRegistry {
  const { upstream, own, allowed, log } = options;
  const makeCircuit = (timeoutMs: number, isFailure: (error: unknown) => boolean) => {
    const bounds = { timeoutMs, failures: FRONT_FAILURES, pauseMs: FRONT_PAUSE_MS };
    return new Circuit(bounds, options.clock, {
      isFailure,
      onFailure: (error, isPaused) => {
        options.onFailure?.(error, isPaused);
        log.warn("the registry behind failed", { error: describeError(error) });
      },
    });
  };
  const circuit = makeCircuit(FRONT_TIMEOUT_MS, () => true);
  const passing = makeCircuit(FRONT_ANSWER_MS, isSilence);
  const missing = new MissingTags(options.onMissing);
  const passedOn = (name: string) => new PassedRepository(upstream.repository(name), passing);
  return {
    repositories: async function* list() {
      const behind = await circuit.attempt((signal) =>
        gatherSorted(upstream.repositories(signal), String, signal),
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
          passed: passedOn(name),
          circuit,
          missing,
        });
      }
      return (allowed?.(name) ?? true) ? passedOn(name) : ABSENT_REPOSITORY;
    },
  };
}

/** Whatever is answered, strangers can bring it about: only silence says that nobody is there. */
function isSilence(error: unknown): boolean {
  return error instanceof DevregError && error.code === "TIMEOUT";
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
