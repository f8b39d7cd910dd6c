import { describeError } from "../../errors.ts";
import { publishBuild } from "../../generator/index.ts";
import { BACKOFF_MS, PUBLISH_PAUSE_MS, PUBLISH_RETRY_CAP_MS } from "../../limits.ts";
import type { Logger } from "../../log.ts";
import type { Registry } from "../../oci-client/index.ts";
import { noProgress } from "../../progress.ts";
import type { ProcessEdge } from "../edge.ts";
import type { GenerationState, Packed } from "./state.ts";
import { Wake } from "./wake.ts";

/** Keeps the registry behind a server loaded with what the server has. */
export interface Publisher {
  /** Asks for another look at the registry: a new generation, or something missing there. */
  wake(): void;
  /** Works until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
}

/**
 * Makes the publisher of a server. It never stops the server: while the registry is away or
 * refuses, it tries again with growing pauses, and /readyz names the reason.
 */
export function createPublisher(
  edge: ProcessEdge,
  registry: Registry,
  state: GenerationState,
  log: Logger,
): Publisher {
  const wake = new Wake();

  async function publishOnce(packed: Packed, signal: AbortSignal): Promise<boolean> {
    const { stacks, index } = packed;
    const report = await publishBuild(stacks, index, registry, {
      log,
      progress: noProgress,
      signal,
    });
    const [failure] = report.failures;
    if (failure !== undefined) {
      state.report(
        "registry",
        `${report.failures.length} not pushed: ${describeError(failure.error)}`,
      );
      return false;
    }
    state.clear("registry");
    const { pushed, unchanged, bytes } = report;
    for (const { name, error } of report.rejected)
      log.warn("no registry can hold it", { name, error });
    log.info("the registry has all stacks", { pushed, unchanged, bytes });
    return true;
  }

  async function publishUntilDone(signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      const packed = state.packed();
      if (packed === undefined) return;
      try {
        if (await publishOnce(packed, signal)) return;
      } catch (error) {
        if (signal.aborted) return;
        state.report("registry", describeError(error));
        log.warn("cannot load the registry", { error });
      }
      const pauseMs = Math.min(BACKOFF_MS * 2 ** Math.min(attempt, 16), PUBLISH_RETRY_CAP_MS);
      await edge.sleep(pauseMs * (0.5 + edge.random() / 2), signal);
    }
  }

  return {
    wake: () => wake.wake(),
    run: async (signal) => {
      while (!signal.aborted) {
        await publishUntilDone(signal);
        await edge.sleep(PUBLISH_PAUSE_MS, signal);
        await wake.wait(signal);
      }
    },
  };
}
