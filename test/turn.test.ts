import { describe, expect, test } from "bun:test";
import { Pace, takeTurn } from "../src/turn.ts";

describe("takeTurn()", () => {
  test("lets what waits run first", async () => {
    const order: string[] = [];
    setImmediate(() => order.push("immediate"));
    await takeTurn();
    order.push("turn");
    expect(order).toEqual(["immediate", "turn"]);
  });
});

describe("Pace", () => {
  test("gives something to wait for whenever a slice is full", () => {
    const pace = new Pace(10);
    expect(pace.did(4)).toBeUndefined();
    expect(pace.did(6)).toBeInstanceOf(Promise);
    expect(pace.did(9)).toBeUndefined();
    expect(pace.did(100)).toBeInstanceOf(Promise);
    expect(pace.did(9)).toBeUndefined();
  });
});
