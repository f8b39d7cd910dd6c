import { DevregError } from "../../errors.ts";
import type { Logger } from "../../log.ts";
import { type ServerMetrics, troubleOf } from "../../server/index.ts";
import { type Generation, generationName } from "./generation.ts";
import type { RegistryStore } from "./registry-store.ts";
import type { Stage } from "./stage.ts";
import { type EndRecord, type RecordParts, startRecord } from "./start-record.ts";
import type { Turns } from "./turns.ts";

/** What a follower works with. */
export interface FollowerParts extends RecordParts {
  readonly store: RegistryStore;
  readonly stage: Stage;
  readonly turns: Turns;
  /**
   * Called when the registry has no index, or an older one that nobody stepped back to. Absent in a
   * replica that only follows: it takes what is there.
   */
  readonly onBehind?: (() => void) | undefined;
  /** Called when something of the registry is served, while a source is in trouble. */
  readonly onOvertaken?: (() => void) | undefined;
  readonly metrics: Pick<ServerMetrics, "followFailed">;
  readonly log: Logger;
}

/** Serves the generation that a registry has, by the digest of its index. */
export class Follower {
  readonly #parts: FollowerParts;

  constructor(parts: FollowerParts) {
    this.#parts = parts;
  }

  /** Looks once, and gives whether all is well; what is not is in /readyz. */
  async look(): Promise<boolean> {
    const { edge, state, metrics, log } = this.#parts;
    const endRecord = startRecord(this.#parts, ["registry"]);
    try {
      const isWell = await this.#look(endRecord);
      if (isWell) state.clear("follow");
      state.history.looked("registry", edge.now(), isWell);
      return isWell;
    } catch (error) {
      if (!(error instanceof DevregError)) throw error;
      metrics.followFailed();
      const trouble = troubleOf(error);
      state.report("follow", trouble);
      state.history.looked("registry", edge.now(), false);
      endRecord("failed", trouble);
      log.warn("cannot follow the registry", { error });
      return false;
    }
  }

  async #look(endRecord: EndRecord): Promise<boolean> {
    const { store, state, turns, onBehind } = this.#parts;
    const latest = await store.latest();
    const served = state.generation();
    if (latest?.digest === served?.index.descriptor.digest && latest !== undefined) return true;
    return await turns.take(async () => {
      // What had its turn before may have changed both.
      const found = await store.latest();
      const before = state.generation();
      if (found === undefined) {
        const trouble = { kind: "missing", detail: "it has no index" } as const;
        state.report("follow", trouble);
        // Who has a source puts its own there.
        if (onBehind === undefined) endRecord("failed", trouble);
        else onBehind();
        return false;
      }
      if (found.digest === before?.index.descriptor.digest) return true;
      const theirs = await store.read(found, before);
      const isOlder =
        onBehind !== undefined && before !== undefined && (await store.isOlder(theirs, before));
      const isBack = (isOlder || before === undefined) && (await store.isForced(found));
      if (isOlder && !isBack) onBehind?.();
      else {
        await this.#take(theirs, before, isBack);
        endRecord("updated");
      }
      return true;
    });
  }

  async #take(theirs: Generation, before: Generation | undefined, isBack: boolean): Promise<void> {
    const { state, stage, onOvertaken, log } = this.#parts;
    await stage.show(theirs);
    if (state.isTroubled("source")) onOvertaken?.();
    const index = generationName(theirs) ?? theirs.index.descriptor.digest;
    state.hold(isBack ? { to: index, from: before } : undefined);
    log.info("serving the index of the registry", { index });
  }
}
