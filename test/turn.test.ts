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
  test("gives something to wait for whenever a slice is full", async () => {
    const pace = new Pace(10);
    expect(pace.did(4)).toBeUndefined();
    await pace.did(6);
    expect(pace.did(9)).toBeUndefined();
    await pace.did(100);
    expect(pace.did(9)).toBeUndefined();
  });

  test("keeps all waiting that goes on side by side", async () => {
    const pace = new Pace(10);
    const turn = pace.did(10);
    expect(turn).toBeInstanceOf(Promise);
    expect(pace.did(1)).toBe(turn);
    await turn;
    expect(pace.did(1)).toBeUndefined();
  });
});
