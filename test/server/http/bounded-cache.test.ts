import { describe, expect, test } from "bun:test";
import { BoundedCache, cacheUse } from "../../../src/server/http/index.ts";

const bySize = (bounds: { entries: number; bytes: number }) =>
  new BoundedCache<number>(bounds, (value) => value);

describe("BoundedCache", () => {
  test("drops what was unused longest when there are too many", () => {
    const cache = bySize({ entries: 2, bytes: 100 });
    cache.set("a", 1);
    cache.set("b", 2);
    cache.get("a");
    cache.set("c", 3);
    expect([cache.get("a"), cache.get("b"), cache.get("c")]).toEqual([1, undefined, 3]);
  });

  test("keeps within its bytes", () => {
    const cache = bySize({ entries: 10, bytes: 10 });
    cache.set("a", 6);
    cache.set("b", 4);
    cache.set("c", 5);
    expect([cache.get("a"), cache.get("b"), cache.get("c")]).toEqual([undefined, 4, 5]);
  });

  test("does not keep what alone is too large, nor count a replaced value twice", () => {
    const cache = bySize({ entries: 10, bytes: 10 });
    cache.set("a", 8);
    cache.set("a", 9);
    cache.set("big", 11);
    expect([cache.get("a"), cache.get("big")]).toEqual([9, undefined]);
    cache.set("b", 1);
    expect([cache.get("a"), cache.get("b")]).toEqual([9, 1]);
  });

  test("tells what caches of one name had, had not and hold", () => {
    const bounds = { name: "of this test", entries: 2, bytes: 100 };
    const caches = [1, 2].map(() => new BoundedCache<number>(bounds, (value) => value));
    for (const cache of caches) for (const key of ["a", "b", "c"]) cache.set(key, 10);
    caches[0]?.get("a");
    caches[0]?.get("c");
    caches[1]?.get("c");
    expect(cacheUse().get("of this test")).toEqual({ hits: 2, misses: 1, entries: 4, bytes: 40 });
  });
});
