import { expect, test } from "bun:test";
import { timingLine } from "../../../src/cli/generate/timing.ts";

test("timingLine() names each phase and adds them up", () => {
  expect(timingLine({ read: 12, parse: 101.44 })).toBe(
    "time in ms: read 12.0, parse 101.4, all 113.4\n",
  );
});
