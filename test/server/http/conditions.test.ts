import { describe, expect, test } from "bun:test";
import { isNotModified, rangeApplies } from "../../../src/server/http/index.ts";

const MODIFIED = new Date("2026-01-02T03:04:05.678Z");
const SAME_SECOND = "Fri, 02 Jan 2026 03:04:05 GMT";
const BEFORE = "Fri, 02 Jan 2026 03:04:04 GMT";

describe("isNotModified()", () => {
  test.each([
    [{}, false],
    [{ "if-none-match": '"a"' }, true],
    [{ "if-none-match": 'W/"a"' }, true],
    [{ "if-none-match": '"x", W/"a" ,"y"' }, true],
    [{ "if-none-match": "*" }, true],
    [{ "if-none-match": '"b"' }, false],
    [{ "if-none-match": "a" }, false],
    [{ "if-modified-since": SAME_SECOND }, true],
    [{ "if-modified-since": BEFORE }, false],
    [{ "if-modified-since": "yesterday" }, false],
    // A tag that does not match outweighs a date that does.
    [{ "if-none-match": '"b"', "if-modified-since": SAME_SECOND }, false],
  ] as const)("%j", (headers, expected) => {
    expect(isNotModified(new Headers(headers), { etag: '"a"', modified: MODIFIED })).toBe(expected);
  });

  test("ignores a date where none is known", () => {
    const headers = new Headers({ "if-modified-since": SAME_SECOND });
    expect(isNotModified(headers, { etag: '"a"' })).toBe(false);
  });

  test("looks at a bounded number of tags", () => {
    const many = Array.from({ length: 10_000 }, (_, i) => `"${i}"`);
    const headers = new Headers({ "if-none-match": [...many, '"a"'].join(",") });
    expect(isNotModified(headers, { etag: '"a"' })).toBe(false);
  });
});

describe("rangeApplies()", () => {
  test.each([
    [{}, true],
    [{ "if-range": '"a"' }, true],
    [{ "if-range": '"b"' }, false],
    [{ "if-range": 'W/"a"' }, false],
    [{ "if-range": SAME_SECOND }, true],
    [{ "if-range": BEFORE }, false],
  ] as const)("%j", (headers, expected) => {
    expect(rangeApplies(new Headers(headers), { etag: '"a"', modified: MODIFIED })).toBe(expected);
  });
});
