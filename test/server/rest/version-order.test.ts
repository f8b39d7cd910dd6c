import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { compareVersions, parseVersion } from "../../../src/server/rest/version-order.ts";

function compare(a: string, b: string): number {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  if (left === undefined || right === undefined) throw new Error(`no version: ${a} or ${b}`);
  return Math.sign(compareVersions(left, right));
}

describe("compareVersions()", () => {
  test.each([
    ["1.0.0", "1.0.0", 0],
    ["2.1", "2.1.0", 0],
    ["v1.0.0", "1.0.0", 0],
    ["1.0.0+build", "1.0.0", 0],
    ["1.10.0", "1.9.0", 1],
    ["2.0.0", "10.0.0", -1],
    ["2.2.0-alpha", "2.2.0", -1],
    ["2.2.0-alpha", "2.1.9", 1],
    ["1.0.0-alpha.1", "1.0.0-alpha", 1],
    ["1.0.0-alpha.2", "1.0.0-alpha.10", -1],
    ["1.0.0-1", "1.0.0-alpha", -1],
    ["1.0.0-beta", "1.0.0-alpha", 1],
  ])("%s against %s", (a, b, expected) => {
    expect(compare(a, b)).toBe(expected);
    expect(compare(b, a)).toBe(expected === 0 ? 0 : -expected);
  });

  test("orders like numbers, part by part", () => {
    const part = fc.nat(30);
    fc.assert(
      fc.property(fc.tuple(part, part, part), fc.tuple(part, part, part), (a, b) => {
        const [x, y] = [a, b].map(([i, j, k]) => i * 10_000 + j * 100 + k);
        expect(compare(a.join("."), b.join("."))).toBe(Math.sign((x ?? 0) - (y ?? 0)));
      }),
    );
  });
});

describe("parseVersion()", () => {
  test.each([undefined, "", "undefined", "1.x", "1..2", "-1", "1.0.0-", `${"9".repeat(30)}.0`])(
    "%p is no version",
    (text) => expect(parseVersion(text)).toBeUndefined(),
  );
});
