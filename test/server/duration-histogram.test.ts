import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { Histogram, Registry } from "prom-client";
import { DurationHistogram } from "../../src/server/duration-histogram.ts";

const ABOUT = { name: "took_seconds", help: "Time it took", labelNames: ["route", "status"] };
const BUCKETS = [0.001, 0.25, 1];

describe("DurationHistogram", () => {
  test("writes what the library's own histogram writes", async () => {
    const label = fc.constantFrom("a", "b");
    // Eighths are added without rounding, in whatever order.
    const seconds = fc.integer({ min: 0, max: 20 }).map((eighths) => eighths / 8);
    const durations = fc.array(fc.tuple(label, label, seconds), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(durations, async (all) => {
        const [ours, theirs] = [new Registry(), new Registry()];
        const fast = new DurationHistogram({ ...ABOUT, buckets: BUCKETS, registers: [ours] });
        const known = new Histogram({ ...ABOUT, buckets: BUCKETS, registers: [theirs] });
        const series = new Map<string, ReturnType<typeof fast.series>>();
        for (const [route, status, took] of all) {
          const key = `${route}${status}`;
          const one = series.get(key) ?? fast.series({ route, status });
          series.set(key, one);
          one.add(took);
          known.observe({ route, status }, took);
        }
        expect(await ours.metrics()).toBe(await theirs.metrics());
      }),
    );
  });

  test("counts what is on a bound below it, and what is over all of them in none", async () => {
    const registry = new Registry();
    const histogram = new DurationHistogram({ ...ABOUT, buckets: BUCKETS, registers: [registry] });
    const series = histogram.series({ route: "x", status: "200" });
    for (const seconds of [0.001, 0.25, 1, 1.1]) series.add(seconds);
    const { values } = await histogram.get();
    expect(values.map(({ value }) => value)).toEqual([1, 2, 3, 4, 2.351, 4]);
  });
});
