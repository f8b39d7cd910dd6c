/** Lets tasks that change what is served take turns, in the order they came. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs a task when all before it have ended, however they did. */
  take<Result>(task: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(task, task);
    // Who asked for the task learns of its failure; the next one does not care.
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
