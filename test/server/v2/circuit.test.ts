import { describe, expect, test } from "bun:test";
import { DevregError } from "../../../src/errors.ts";
import { Circuit } from "../../../src/server/v2/circuit.ts";

const BOUNDS = { timeoutMs: 100, failures: 1, pauseMs: 1000 };
const fail = () => Promise.reject(new DevregError("TIMEOUT", "Cannot ask: no answer"));

/** A circuit whose pause after a failure is over, so that the next request is let through to try. */
async function aboutToTry() {
  const clock = { nowMs: () => nowMs, sleep: () => new Promise<void>(() => undefined) };
  let nowMs = 0;
  const circuit = new Circuit(BOUNDS, clock, { isFailure: () => true, onFailure: () => undefined });
  await circuit.attempt(fail);
  nowMs = BOUNDS.pauseMs;
  return circuit;
}

describe("a circuit whose visitor leaves the one request that is let through to try", () => {
  test("goes on to see whether there is an answer, and asks again from then on", async () => {
    const circuit = await aboutToTry();
    const visitor = new AbortController();
    const answer = Promise.withResolvers<string>();
    const ended = Promise.withResolvers<void>();
    let isEnded = false;
    const tried = circuit.run((signal) => {
      signal.addEventListener("abort", () => ended.resolve());
      return answer.promise;
    }, visitor.signal);
    void ended.promise.then(() => {
      isEnded = true;
    });
    visitor.abort();
    await expect(tried).rejects.toMatchObject({ name: "AbortError" });
    expect(isEnded).toBe(false);
    answer.resolve("there");
    // What was opened for the visitor is let go.
    await ended.promise;
    expect(await circuit.attempt(async () => "asked")).toEqual({ value: "asked" });
  });

  test("leaves it alone for another while when there is none", async () => {
    const circuit = await aboutToTry();
    const visitor = new AbortController();
    const tried = circuit.run(fail, visitor.signal);
    visitor.abort();
    await expect(tried).rejects.toMatchObject({ name: "AbortError" });
    expect(await circuit.attempt(async () => "asked")).toBeUndefined();
  });

  test("tells who reads what came of it when that visitor leaves later", async () => {
    const circuit = await aboutToTry();
    const visitor = new AbortController();
    const given = await circuit.run(async (signal) => signal, visitor.signal);
    expect(given.aborted).toBe(false);
    visitor.abort();
    await Promise.resolve();
    expect(given.aborted).toBe(true);
  });

  test("does not begin for one who left before", async () => {
    const circuit = await aboutToTry();
    await expect(circuit.run(async () => "asked", AbortSignal.abort())).rejects.toThrow();
    expect(await circuit.attempt(async () => "asked")).toEqual({ value: "asked" });
  });
});
