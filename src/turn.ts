/**
 * Lets others have a turn amid work that does not wait. An immediate is soonest; a timer stands by,
 * because Bun may run no immediates while something waits in step for a promise, as its test runner
 * does.
 */
export function takeTurn(): Promise<void> {
  const turn = Promise.withResolvers<void>();
  const immediate = setImmediate(turn.resolve);
  const timer = setTimeout(turn.resolve, 0);
  return turn.promise.then(() => {
    clearImmediate(immediate);
    clearTimeout(timer);
  });
}

/** Cuts long work into slices, between which others have their turn. */
export class Pace {
  readonly #most: number;
  #done = 0;
  #turn: Promise<void> | undefined;

  /** @param most how much is done in a row, in whatever the work is counted */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Counts work that was done; what is given back is waited for once a slice is full. All waits that
   * goes on side by side.
   */
  did(work: number): Promise<void> | undefined {
    this.#done += work;
    if (this.#turn === undefined && this.#done >= this.#most) {
      this.#done = 0;
      this.#turn = takeTurn().then(() => {
        this.#turn = undefined;
      });
    }
    return this.#turn;
  }
}
