import { describe, expect, test } from "bun:test";
import { inTime } from "../../../src/server/v2/in-time.ts";

const never = () => new Promise<never>(() => undefined);

describe("inTime()", () => {
  test("gives what the work comes to, and leaves its signal alone after that", async () => {
    const visitor = new AbortController();
    let given: AbortSignal | undefined;
    const value = await inTime(visitor.signal, 60_000, async (signal) => {
      given = signal;
      return "done";
    });
    expect(value).toBe("done");
    expect(given?.aborted).toBe(false);
    visitor.abort();
    expect(given?.aborted).toBe(true);
  });

  test("fails when the work takes too long, and tells it, whether it listens or not", async () => {
    let given: AbortSignal | undefined;
    const late = inTime(new AbortController().signal, 1, (signal) => {
      given = signal;
      return never();
    });
    await expect(late).rejects.toMatchObject({ code: "TIMEOUT" });
    expect(given?.reason).toMatchObject({ code: "TIMEOUT" });
  });
});
