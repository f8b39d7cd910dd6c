/** Lets so many work at once, and so many more wait for it in the order they came. */
export class Slots {
  readonly #waiting: (() => void)[] = [];
  readonly #mostWaiting: number;
  readonly #full: () => Error;
  #free: number;

  /** @param full makes what is thrown to who may not even wait */
  constructor(atOnce: number, mostWaiting: number, full: () => Error) {
    this.#free = atOnce;
    this.#mostWaiting = mostWaiting;
    this.#full = full;
  }

  /** Runs a task when it is its turn. @throws what `full` makes; the reason of the signal */
  async run<Value>(signal: AbortSignal, task: () => Promise<Value>): Promise<Value> {
    await this.#enter(signal);
    try {
      return await task();
    } finally {
      this.#leave();
    }
  }

  async #enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    if (this.#waiting.length >= this.#mostWaiting) throw this.#full();
    const turn = Promise.withResolvers<void>();
    const enter = () => turn.resolve();
    const giveUp = () => {
      const at = this.#waiting.indexOf(enter);
      if (at < 0) return;
      this.#waiting.splice(at, 1);
      turn.reject(signal.reason);
    };
    this.#waiting.push(enter);
    signal.addEventListener("abort", giveUp, { once: true });
    try {
      await turn.promise;
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }

  /** The slot goes to who waits longest, without becoming free in between. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
