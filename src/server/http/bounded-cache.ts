/** What a cache may hold at most. */
export interface CacheBounds {
  readonly entries: number;
  readonly bytes: number;
}

/** Keeps the values used last, within bounds on their number and size. */
export class BoundedCache<Value> {
  readonly #bounds: CacheBounds;
  readonly #sizeOf: (value: Value) => number;
  readonly #values = new Map<string, Value>();
  #bytes = 0;

  constructor(bounds: CacheBounds, sizeOf: (value: Value) => number) {
    this.#bounds = bounds;
    this.#sizeOf = sizeOf;
  }

  /** Gives a value and marks it as used now. */
  get(key: string): Value | undefined {
    const value = this.#values.get(key);
    if (value === undefined) return undefined;
    this.#values.delete(key);
    this.#values.set(key, value);
    return value;
  }

  /** Keeps a value and drops the ones unused longest; one too large for the bounds is not kept. */
  set(key: string, value: Value): void {
    this.#drop(key);
    const size = this.#sizeOf(value);
    if (size > this.#bounds.bytes) return;
    this.#values.set(key, value);
    this.#bytes += size;
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= this.#bounds.entries && this.#bytes <= this.#bounds.bytes) return;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    const value = this.#values.get(key);
    if (value === undefined) return;
    this.#bytes -= this.#sizeOf(value);
    this.#values.delete(key);
  }
}
