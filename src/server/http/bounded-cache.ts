import { type CacheHolding, type CacheUse, countCache } from "./cache-use.ts";

/** What a cache may hold at most. */
export interface CacheBounds {
  /** Under this its use is counted; caches of one kind share it. */
  readonly name?: string;
  readonly entries: number;
  readonly bytes: number;
}

/** Keeps the values used last, within bounds on their number and size. */
export class BoundedCache<Value> implements CacheHolding {
  readonly #bounds: CacheBounds;
  readonly #sizeOf: (value: Value) => number;
  readonly #values = new Map<string, Value>();
  readonly #use: CacheUse;
  #bytes = 0;

  constructor(bounds: CacheBounds, sizeOf: (value: Value) => number) {
    this.#bounds = bounds;
    this.#sizeOf = sizeOf;
    const { name } = bounds;
    this.#use = name === undefined ? { hits: 0, misses: 0 } : countCache(name, this);
  }

  /** How many values are kept. */
  get entries(): number {
    return this.#values.size;
  }

  /** What they come to. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Gives a value and marks it as used now. */
  get(key: string): Value | undefined {
    const value = this.#values.get(key);
    if (value === undefined) {
      this.#use.misses += 1;
      return undefined;
    }
    this.#use.hits += 1;
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
