import { describe, expect, test } from "bun:test";
import { HeldBytes } from "../../../src/server/rest/held-bytes.ts";

describe("HeldBytes", () => {
  const never = new AbortController().signal;

  test("gives room back once, at the end or when the client leaves", () => {
    const held = new HeldBytes(10);
    const leaving = new AbortController();
    const first = held.take(new Uint8Array(6), never);
    const second = held.take(new Uint8Array(4), leaving.signal);
    expect(held.take(new Uint8Array(1), never)).toBeUndefined();
    leaving.abort();
    second?.();
    expect(held.take(new Uint8Array(5), never)).toBeUndefined();
    first?.();
    first?.();
    expect(held.take(new Uint8Array(10), never)).toBeDefined();
    expect(held.take(new Uint8Array(0), AbortSignal.abort())).toBeUndefined();
  });

  test("counts once what several clients get", () => {
    const held = new HeldBytes(10);
    const bytes = new Uint8Array(8);
    const releases = [held.take(bytes, never), held.take(bytes, never)];
    expect(releases).not.toContain(undefined);
    releases[0]?.();
    expect(held.take(new Uint8Array(8), never)).toBeUndefined();
    releases[1]?.();
    expect(held.take(new Uint8Array(8), never)).toBeDefined();
  });
});
