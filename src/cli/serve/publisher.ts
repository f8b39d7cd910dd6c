import { DevregError } from "../../errors.ts";
import type { PublishReport } from "../../generator/index.ts";
import { BACKOFF_MS, PUBLISH_PAUSE_MS, PUBLISH_RETRY_CAP_MS } from "../../limits.ts";
import type { Logger } from "../../log.ts";
import { troubleOf } from "../../server/index.ts";
import type { ProcessEdge } from "../edge.ts";
import { type Generation, generationName } from "./generation.ts";
import type { Claim, RegistryStore } from "./registry-store.ts";
import type { Stage } from "./stage.ts";
import { type RecordParts, startRecord } from "./start-record.ts";
import type { Turns } from "./turns.ts";
import { Wake } from "./wake.ts";

/** What a publisher works with. */
export interface PublisherParts extends RecordParts {
  readonly edge: RecordParts["edge"] & Pick<ProcessEdge, "random" | "sleep">;
  readonly store: RegistryStore;
  readonly stage: Stage;
  readonly turns: Turns;
  /** Whether the server has a source, or keeps what it served: the registry may know better. */
  readonly hasSource: boolean;
  /** Called when the registry lost what only the source has. */
  readonly onLost: () => void;
  readonly log: Logger;
}

/**
 * Keeps the registry behind a server loaded with what is served, unless the registry has a newer
 * generation: that is served then. It never stops the server: while the registry is away or
 * refuses, it tries again with growing pauses, and /readyz names the reason.
 */
export class Publisher {
  readonly #parts: PublisherParts;
  readonly #wake = new Wake();

  constructor(parts: PublisherParts) {
    this.#parts = parts;
  }

  /** Asks for another look at the registry: a new generation, or an index that is older. */
  wake(): void {
    this.#wake.wake();
  }

  /** Asks for a look at every stack version: something is missing, or may be. */
  check(): void {
    this.#parts.store.forget();
    this.#wake.wake();
  }

  /** Works until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { edge } = this.#parts;
    while (!signal.aborted) {
      await this.#publishUntilDone(signal);
      await edge.sleep(PUBLISH_PAUSE_MS, signal);
      await this.#wake.wait(signal);
    }
  }

  /** Publishes once. False when it is to be tried again. @throws {DevregError} as publishing does */
  publishOnce(): Promise<boolean> {
    const { state, stage, store, turns, log } = this.#parts;
    return turns.take(async () => {
      const generation = state.generation();
      if (generation === undefined) return true;
      const endRecord = startRecord(this.#parts, ["registry"]);
      const published = await store.publish(generation, this.#claimOf(generation));
      if (published.kind === "failed") return this.#unpublished(generation, published.report);
      state.clear("registry");
      state.clear("follow");
      if (published.kind === "put") {
        this.#tell(generation, published.report);
        return true;
      }
      const { by, isBack } = published;
      const index = generationName(by) ?? by.index.descriptor.digest;
      log.info("the registry has another index, which is served", { index });
      await stage.show(by);
      endRecord("updated");
      state.hold(isBack ? { to: index, from: generation } : undefined);
      return true;
    });
  }

  async #publishUntilDone(signal: AbortSignal): Promise<void> {
    const { edge, state, log } = this.#parts;
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        if (await this.publishOnce()) return;
      } catch (error) {
        if (signal.aborted) return;
        state.report("registry", troubleOf(error));
        const hint = error instanceof DevregError ? error.hint : undefined;
        log.warn("cannot load the registry", hint === undefined ? { error } : { error, hint });
      }
      const pauseMs = Math.min(BACKOFF_MS * 2 ** Math.min(attempt, 16), PUBLISH_RETRY_CAP_MS);
      await edge.sleep(pauseMs * (0.5 + edge.random() / 2), signal);
    }
  }

  #claimOf({ origin }: Generation): Claim {
    if (origin === "source") return "update";
    return this.#parts.hasSource || origin === "registry" ? "start" : "operand";
  }

  /** What was read from the registry alone cannot be sent again from here. */
  #unpublished({ medium }: Generation, { failures }: PublishReport): boolean {
    const { state, store, onLost } = this.#parts;
    const [failure] = failures;
    const { kind, detail } = troubleOf(failure?.error);
    const count = failures.length;
    // Where it is away, that says more than that something is not there.
    const told = kind === "unreachable" || kind === "refused" ? kind : "incomplete";
    state.report("registry", { kind: told, detail: `${count} not pushed: ${detail}` });
    store.forget();
    const isLost = failures.some(
      ({ error }) => error instanceof DevregError && error.code === "NOT_FOUND",
    );
    if (medium !== "registry" || !isLost) return false;
    onLost();
    return true;
  }

  #tell(generation: Generation, report: PublishReport): void {
    const { log } = this.#parts;
    for (const { repository, tag, error } of generation.stacks.rejected) {
      log.warn("no registry can hold it", { name: `${repository}:${tag}`, error });
    }
    const { pushed, unchanged, bytes } = report;
    log.info("the registry has all stacks", { pushed, unchanged, bytes });
  }
}
