import { expect, test } from "bun:test";
import { pointerSteps } from "../../src/generator/json-pointer.ts";

test("pointerSteps() gives keys and indexes without their escapes", () => {
  expect(pointerSteps("")).toEqual([]);
  expect(pointerSteps("/components/0/a~1b~0c/")).toEqual(["components", "0", "a/b~c", ""]);
  expect(pointerSteps("/~01")).toEqual(["~1"]);
});
