/** What a cache holds now. */
export interface CacheHolding {
  readonly entries: number;
  readonly bytes: number;
}

/** How often something was looked up in caches of one name, and was there or not. */
export interface CacheUse {
  hits: number;
  misses: number;
}

interface Named {
  readonly use: CacheUse;
  /** Caches come and go with generations; what is counted of them by name stays. */
  holders: readonly WeakRef<CacheHolding>[];
}

const known = new Map<string, Named>();

/** Counts a cache among those of a name; gives where its lookups are counted. */
export function countCache(name: string, cache: CacheHolding): CacheUse {
  const named = known.get(name) ?? { use: { hits: 0, misses: 0 }, holders: [] };
  known.set(name, named);
  named.holders = [...named.holders.filter((each) => each.deref()), new WeakRef(cache)];
  return named.use;
}

/** Gives how the caches of this process were used and what they hold, by their names. */
export function cacheUse(): ReadonlyMap<string, Readonly<CacheUse> & CacheHolding> {
  return new Map([...known].map(([name, { use, holders }]) => [name, { ...use, ...sum(holders) }]));
}

function sum(holders: Named["holders"]): CacheHolding {
  let [entries, bytes] = [0, 0];
  for (const holder of holders) {
    const cache = holder.deref();
    entries += cache?.entries ?? 0;
    bytes += cache?.bytes ?? 0;
  }
  return { entries, bytes };
}
