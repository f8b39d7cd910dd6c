import type { Clock } from "../../src/oci-client/remote/index.ts";

/** The machine's own clock. */
export const realClock: Clock = {
  nowMs: () => performance.now(),
  sleep: (ms) => Bun.sleep(ms),
  random: Math.random,
};

/** A clock that moves only while somebody sleeps. */
export interface FakeClock extends Clock {
  /** How long each sleep was, in milliseconds, in order. */
  readonly sleeps: readonly number[];
  advance(ms: number): void;
}

/** Makes a clock that starts at 0 and whose random numbers are all `random`. */
export function fakeClock(random = 0.5): FakeClock {
  let nowMs = 0;
  const sleeps: number[] = [];
  return {
    sleeps,
    nowMs: () => nowMs,
    random: () => random,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      sleeps.push(ms);
      nowMs += ms;
    },
    advance: (ms) => {
      nowMs += ms;
    },
  };
}
