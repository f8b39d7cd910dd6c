import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { eachBounded } from "../src/concurrent.ts";

/** Lets every task that can run do so. */
const turn = () => new Promise(setImmediate);

describe("eachBounded()", () => {
  test("gives results in the order of the items, whatever order they end in", async () => {
    const gates = [1, 2, 3].map(() => Promise.withResolvers<void>());
    const running = eachBounded(["a", "b", "c"], 3, async (item, index) => {
      await gates[index]?.promise;
      return `${item}${index}`;
    });
    for (const gate of gates.toReversed()) {
      gate.resolve();
      await turn();
    }
    expect(await running).toEqual(["a0", "b1", "c2"]);
  });

  test("runs as many at once as allowed, never more, and every item once", async () => {
    const input = fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 8 }));
    await fc.assert(
      fc.asyncProperty(input, async ([count, limit]) => {
        let running = 0;
        let most = 0;
        const items = Array.from({ length: count }, (_, index) => index);
        const results = await eachBounded(items, limit, async (item) => {
          running += 1;
          most = Math.max(most, running);
          await turn();
          running -= 1;
          return item * 2;
        });
        expect(results).toEqual(items.map((item) => item * 2));
        expect(most).toBe(Math.min(limit, count));
      }),
      { numRuns: 40 },
    );
  });

  test("begins nothing after a failure, and fails once what is under way has ended", async () => {
    const begun: number[] = [];
    const slow = Promise.withResolvers<void>();
    let settled = false;
    const running = eachBounded([0, 1, 2, 3], 2, async (item) => {
      begun.push(item);
      if (item === 0) throw new Error("first");
      await slow.promise;
      throw new Error("second");
    });
    void running.catch(() => {
      settled = true;
    });
    await turn();
    expect(begun).toEqual([0, 1]);
    expect(settled).toBe(false);
    slow.resolve();
    await expect(running).rejects.toThrow("first");
    expect(begun).toEqual([0, 1]);
  });

  test("runs one at a time when the limit makes no sense", async () => {
    expect(await eachBounded([1, 2], 0, async (item) => item)).toEqual([1, 2]);
    expect(await eachBounded([], 4, async (item) => item)).toEqual([]);
  });
});
