/** What asking for something came to. */
export interface Flight<Result> {
  readonly result: Promise<Result>;
  /** Whether it was begun for this question. */
  readonly isFirst: boolean;
}

/** Does each thing once, also when it is asked for again while it is under way. */
export class Flights<Key, Result> {
  readonly #known = new Map<Key, Promise<Result>>();

  /** Begins something, or gives what it came to before. What failed is forgotten. */
  once(key: Key, begin: () => Promise<Result>): Flight<Result> {
    const known = this.#known.get(key);
    if (known !== undefined) return { result: known, isFirst: false };
    const result = begin();
    this.#known.set(key, result);
    result.catch(() => this.#known.delete(key));
    return { result, isFirst: true };
  }
}
