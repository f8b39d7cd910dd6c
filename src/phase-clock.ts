/** Adds up how long each phase of an operation takes; one phase is under way at a time. */
export class PhaseClock {
  readonly #nowMs: () => number;
  readonly #spentMs = new Map<string, number>();
  #phase: string;
  #sinceMs: number;

  /** Starts in a phase, which may have begun before now: at `sinceMs` on the same clock. */
  constructor(nowMs: () => number, phase = "start", sinceMs = nowMs()) {
    this.#nowMs = nowMs;
    this.#phase = phase;
    this.#sinceMs = sinceMs;
  }

  /** Counts what a task does before it returns to a phase, and nothing of what it waits for then. */
  count<Result>(phase: string, task: () => Result): Result {
    const outer = this.#enter(phase);
    try {
      return task();
    } finally {
      this.#enter(outer);
    }
  }

  /** Counts a task and all it waits for to a phase, but for the phases inside of it. */
  async through<Result>(phase: string, task: () => Promise<Result>): Promise<Result> {
    const outer = this.#enter(phase);
    try {
      return await task();
    } finally {
      this.#enter(outer);
    }
  }

  /** Gives the milliseconds of each phase so far, in the order in which they first ended. */
  spentMs(): Readonly<Record<string, number>> {
    this.#enter(this.#phase);
    return Object.fromEntries(this.#spentMs);
  }

  #enter(phase: string): string {
    const [nowMs, ended] = [this.#nowMs(), this.#phase];
    this.#spentMs.set(ended, (this.#spentMs.get(ended) ?? 0) + nowMs - this.#sinceMs);
    this.#sinceMs = nowMs;
    this.#phase = phase;
    return ended;
  }
}

/** Makes a clock that stands still, for where nobody asks how long something takes. */
export function idleClock(): PhaseClock {
  return new PhaseClock(() => 0);
}
