import { expect, test } from "bun:test";
import { counted } from "../src/counted.ts";

test("counted() writes one and several", () => {
  expect([0, 1, 2].map((count) => counted(count, "stack"))).toEqual([
    "0 stacks",
    "1 stack",
    "2 stacks",
  ]);
});
