/** How often something was looked up in a cache, and was there or not. */
export interface CacheUse {
  hits: number;
  misses: number;
}

/** Caches come and go with generations; what is counted of them by name stays. */
const uses = new Map<string, CacheUse>();

/** Gives how the caches of this process were used, by their names. */
export function cacheUse(): ReadonlyMap<string, Readonly<CacheUse>> {
  return uses;
}

function useOf(name: string): CacheUse {
  const use = uses.get(name) ?? { hits: 0, misses: 0 };
  uses.set(name, use);
  return use;
}

/** What a cache may hold at most. */
export interface CacheBounds {
  /** Under this its use is counted; caches of one kind share it. */
  readonly name?: string;
  readonly entries: number;
  readonly bytes: number;
}

/** Keeps the values used last, within bounds on their number and size. */
export class BoundedCache<Value> {
  readonly #bounds: CacheBounds;
  readonly #sizeOf: (value: Value) => number;
  readonly #values = new Map<string, Value>();
  readonly #use: CacheUse;
  #bytes = 0;

  constructor(bounds: CacheBounds, sizeOf: (value: Value) => number) {
    this.#bounds = bounds;
    this.#sizeOf = sizeOf;
    this.#use = bounds.name === undefined ? { hits: 0, misses: 0 } : useOf(bounds.name);
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
