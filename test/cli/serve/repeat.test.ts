import { describe, expect, test } from "bun:test";
import { repeat } from "../../../src/cli/serve/repeat.ts";
import { LOOK_AGAIN_MS } from "../../../src/update-limits.ts";
import { fakeClock } from "../../support/clock.ts";

describe("repeat()", () => {
  test("waits longer while the task fails, up to sixteen intervals", async () => {
    const clock = fakeClock();
    const stop = new AbortController();
    const results = [true, false, false, false, false, false, false, true, true];
    let calls = 0;
    const told: number[] = [];
    const task = async () => {
      calls += 1;
      if (calls === results.length) stop.abort();
      return results[calls - 1] ?? true;
    };
    const edge = { ...clock, sleep: quietly(clock) };
    await repeat(edge, 1000, stop.signal, task, (pauseMs) => told.push(pauseMs));
    expect(told).toEqual([...clock.sleeps]);
    expect(clock.sleeps.map((ms) => ms / 1000)).toEqual([1, 1, 2, 4, 8, 16, 16, 16, 1]);
  });

  test("spreads the intervals by a quarter, and never asks without a pause", async () => {
    for (const [random, everyMs, expected] of [
      [0, 1000, 750],
      [0.999, 1000, 1249.5],
      [0.5, 1, LOOK_AGAIN_MS],
    ] as const) {
      const clock = fakeClock(random);
      const stop = new AbortController();
      await repeat({ ...clock, sleep: quietly(clock) }, everyMs, stop.signal, async () => {
        stop.abort();
        return true;
      });
      expect(clock.sleeps).toEqual([expected]);
    }
  });

  test("does nothing after the signal", async () => {
    const clock = fakeClock();
    const stop = new AbortController();
    stop.abort();
    await repeat(clock, 1000, stop.signal, () => Promise.reject(new Error("not called")));
    expect(clock.sleeps).toEqual([]);
  });
});

/** As the process sleeps: an abort ends it without an error. */
function quietly(clock: ReturnType<typeof fakeClock>) {
  return (ms: number, signal?: AbortSignal) => clock.sleep(ms, signal).catch(() => undefined);
}
