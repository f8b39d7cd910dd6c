import { DevregError, describeError } from "../../errors.ts";
import type { Logger } from "../../log.ts";
import { prepareServed, troubleOf } from "../../server/index.ts";
import { TIDY_AFTER_KEPT } from "../../update-limits.ts";
import type { DataFolder } from "./data-folder.ts";
import type { Generation } from "./generation.ts";
import { contentOf } from "./generation-content.ts";
import type { Retired } from "./retired.ts";
import type { GenerationState } from "./state.ts";

/** What a stage works with. */
export interface StageParts {
  readonly state: GenerationState;
  readonly retired: Retired;
  /** Where the generation being served is kept, too. */
  readonly data: DataFolder | undefined;
  readonly now: () => Date;
  readonly log: Logger;
}

/** Puts one generation after another on, so that no request sees two of them. */
export class Stage {
  readonly #parts: StageParts;
  /** How many generations were kept on the disk since it was tidied. */
  #keptSince = 0;

  constructor(parts: StageParts) {
    this.#parts = parts;
  }

  /**
   * Keeps a generation on the disk, prepares its answers and serves it from the next request on.
   * A disk that is full does not keep it from being served.
   *
   * @throws {DevregError} as preparing does; what was served before goes on being served
   */
  async show(generation: Generation): Promise<void> {
    const { state, retired, now } = this.#parts;
    const kept = await this.#keep(generation);
    const before = state.generation();
    if (before !== undefined) await retired.replace(before, kept);
    const content = contentOf(kept, retired);
    state.accept(await prepareServed(kept.build, content, { now: now() }), kept);
    this.#keptSince += 1;
    if (this.#keptSince >= TIDY_AFTER_KEPT) await this.tidy();
  }

  /** Removes from the disk what left the index long ago. */
  async tidy(): Promise<void> {
    const { state, data, retired, log } = this.#parts;
    const generation = state.generation();
    if (data === undefined || generation === undefined) return;
    this.#keptSince = 0;
    try {
      await data.prune(generation, retired);
    } catch (error) {
      log.warn("cannot tidy --data-dir", { error: describeError(error) });
    }
  }

  async #keep(generation: Generation): Promise<Generation> {
    const { data, state, log } = this.#parts;
    if (data === undefined) return generation;
    try {
      const kept = await this.#keepOrTidy(data, generation);
      state.clear("data");
      return kept;
    } catch (error) {
      const { kind, detail } = troubleOf(error);
      state.report("data", { kind, detail: `not kept on disk: ${detail}` });
      log.warn("cannot keep the generation in --data-dir", { error: describeError(error) });
      return generation;
    }
  }

  /** A disk that is full may have room once it has no more than is needed. */
  async #keepOrTidy(data: DataFolder, generation: Generation): Promise<Generation> {
    const { state, retired } = this.#parts;
    try {
      return await data.keep(generation);
    } catch (error) {
      const served = state.generation();
      const isDisk = error instanceof DevregError && error.code === "IO";
      if (!isDisk || served === undefined) throw error;
      await data.prune(served, retired);
      return await data.keep(generation);
    }
  }
}
