import { describe, expect, test } from "bun:test";
import { parseRelease, sortDescending } from "../../src/generator/semver.ts";

describe("sortDescending()", () => {
  test("compares parts as numbers and keeps the order of what is equal or no x.y.z", () => {
    const versions = ["1.9.0", "beta", "1.10.0", "2.0.0-rc.1", "01.10.0", "10.0.0"];
    expect(sortDescending(versions, (version) => version)).toEqual([
      "10.0.0",
      "1.10.0",
      "01.10.0",
      "1.9.0",
      "beta",
      "2.0.0-rc.1",
    ]);
  });
});

describe("parseRelease()", () => {
  test.each(["", "1", "1.0", "1.0.0.0", "v1.0.0", "1.0.0-beta", "1.0.0+build", " 1.0.0", "1.0.x"])(
    "does not take %p, as the Go generator does not",
    (version) => {
      expect(parseRelease(version)).toBeUndefined();
    },
  );
});
