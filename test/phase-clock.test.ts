import { expect, test } from "bun:test";
import { idleClock, PhaseClock } from "../src/phase-clock.ts";

test("PhaseClock takes the time of inner phases off the outer one", async () => {
  let nowMs = 5;
  const spend = (ms: number) => {
    nowMs += ms;
  };
  const clock = new PhaseClock(() => nowMs, "start", 0);
  await clock.through("outer", async () => {
    spend(10);
    const result = clock.count("inner", () => {
      spend(3);
      return "result";
    });
    expect(result).toBe("result");
    await clock.through("other", async () => spend(2));
    spend(1);
  });
  spend(4);
  expect(clock.spentMs()).toEqual({ start: 9, outer: 11, inner: 3, other: 2 });
});

test("PhaseClock goes back to the outer phase when a task throws", async () => {
  let nowMs = 0;
  const clock = new PhaseClock(() => nowMs);
  const fail = () => {
    nowMs += 1;
    throw new Error("broken");
  };
  expect(() => clock.count("inner", fail)).toThrow("broken");
  expect(clock.through("late", async () => fail())).rejects.toThrow("broken");
  await Promise.resolve();
  nowMs += 5;
  expect(clock.spentMs()).toEqual({ start: 5, inner: 1, late: 1 });
});

test("idleClock() counts nothing", () => {
  const clock = idleClock();
  clock.count("inner", () => undefined);
  expect(clock.spentMs()).toEqual({ start: 0, inner: 0 });
});
