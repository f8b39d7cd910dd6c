/** Lets so many in at once; the others wait, and come in the order in which they came. */
export class Lane {
  #free: number;
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#free = limit;
    this.#limit = limit;
  }

  /** Waits for room. Who is in has to leave. */
  async enter(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Lets the next one in; true when nobody is left. */
  leave(): boolean {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
    return this.#free === this.#limit;
  }
}
