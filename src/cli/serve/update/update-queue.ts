import type { UpdateOutcome } from "../../../server/index.ts";
import { WAITING_UPDATES } from "../../../update-limits.ts";
import { joinWishes, type Wish } from "./wish.ts";

interface Waiting {
  readonly wish: Wish;
  readonly done: (outcome: UpdateOutcome) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Lets one update run at a time. Wishes that come meanwhile become one more run; what is forced
 * runs alone, after all that came before it.
 */
export class UpdateQueue {
  readonly #run: (wish: Wish) => Promise<UpdateOutcome>;
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;

  /** @param run fails only by what devreg does not understand */
  constructor(run: (wish: Wish) => Promise<UpdateOutcome>) {
    this.#run = run;
  }

  /** Gives what the run comes to that fulfils a wish. */
  add(wish: Wish): Promise<UpdateOutcome> {
    if (this.#waiting.length >= WAITING_UPDATES) {
      const reasons = [`Cannot take the update: ${WAITING_UPDATES} others are waiting`];
      return Promise.resolve({ state: "failed", reasons });
    }
    const { promise, resolve, reject } = Promise.withResolvers<UpdateOutcome>();
    this.#waiting.push({ wish, done: resolve, failed: reject });
    this.#running ??= this.#runAll();
    return promise;
  }

  /** Resolves when nothing runs and nothing waits. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #runAll(): Promise<void> {
    // What comes in the same moment is part of the first run.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#next();
      try {
        const outcome = await this.#run(joinWishes(batch.map(({ wish }) => wish)));
        for (const { done } of batch) done(outcome);
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    this.#running = undefined;
  }

  /** Takes the first that is forced alone, else all up to one that is. */
  #next(): readonly Waiting[] {
    const forced = this.#waiting.findIndex(({ wish }) => wish.force);
    const count = forced < 0 ? this.#waiting.length : Math.max(1, forced);
    return this.#waiting.splice(0, count);
  }
}
