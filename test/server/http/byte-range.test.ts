import { describe, expect, test } from "bun:test";
import { contentRange, parseRange } from "../../../src/server/http/index.ts";

describe("parseRange()", () => {
  const whole = undefined;
  test.each([
    [null, 10, whole],
    ["bytes=0-3", 10, { offset: 0, length: 4 }],
    ["bytes=4-", 10, { offset: 4, length: 6 }],
    ["bytes=-3", 10, { offset: 7, length: 3 }],
    ["bytes=-30", 10, { offset: 0, length: 10 }],
    ["bytes=8-100", 10, { offset: 8, length: 2 }],
    ["bytes=9-9", 10, { offset: 9, length: 1 }],
    ["bytes= 1 - 2", 10, { offset: 1, length: 2 }],
    ["bytes=10-", 10, "unsatisfiable"],
    ["bytes=10-12", 10, "unsatisfiable"],
    ["bytes=5-4", 10, "unsatisfiable"],
    ["bytes=-0", 10, "unsatisfiable"],
    ["bytes=0-", 0, "unsatisfiable"],
    ["bytes=-1", 0, "unsatisfiable"],
    ["bytes=0-1,4-5", 10, whole],
    ["items=0-1", 10, whole],
    ["bytes=a-b", 10, whole],
    ["bytes=-", 10, whole],
    ["bytes=99999999999999999999-", 10, whole],
  ] as const)("%s of %i bytes", (header, size, expected) => {
    expect(parseRange(header, size)).toEqual(expected);
  });
});

describe("contentRange()", () => {
  test("names the first and last byte, or the size alone", () => {
    expect(contentRange({ offset: 2, length: 3 }, 10)).toBe("bytes 2-4/10");
    expect(contentRange("unsatisfiable", 10)).toBe("bytes */10");
  });
});
