import { describe, expect, test } from "bun:test";
import { parseGoTime } from "../../src/generator/go-time.ts";

describe("parseGoTime()", () => {
  test.each([
    ["2025-08-20T04:59:02-04:00", "2025-08-20T04:59:02-04:00"],
    ["2026-02-06T03:59:15+00:00", "2026-02-06T03:59:15Z"],
    ["2026-02-06T03:59:15-00:00", "2026-02-06T03:59:15Z"],
    ["2026-02-06T03:59:15Z", "2026-02-06T03:59:15Z"],
    ["2026-02-06T03:59:15.120Z", "2026-02-06T03:59:15.12Z"],
    ["2026-02-06T03:59:15.000+05:30", "2026-02-06T03:59:15+05:30"],
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"],
    ["2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"],
  ])("prints %s as %s", (text, printed) => {
    expect(parseGoTime(text)?.text).toBe(printed);
  });

  test.each([
    "2025-08-20",
    "2025-08-20 04:59:02Z",
    "2025-08-20T04:59:02",
    "2025-02-29T00:00:00Z",
    "2025-13-01T00:00:00Z",
    "2025-01-00T00:00:00Z",
    "2025-01-01T24:00:00Z",
    "2025-01-01T00:60:00Z",
    "2025-01-01T00:00:60Z",
    "2025-01-01T00:00:00+25:00",
    "2025-01-01t00:00:00z",
    "",
  ])("does not take %p", (text) => {
    expect(parseGoTime(text)).toBeUndefined();
  });

  test("orders by instant, not by the hour on the wall", () => {
    const instants = [
      "2025-03-01T10:00:00+00:00",
      "2025-03-01T10:00:00.25Z",
      "2025-03-01T09:30:00-02:00",
    ].map((text) => parseGoTime(text)?.instantMs ?? 0);
    expect(instants).toEqual([...instants].sort((a, b) => a - b));
    expect(instants[0]).toBe(Date.parse("2025-03-01T10:00:00Z"));
    expect(instants[2]).toBe(Date.parse("2025-03-01T11:30:00Z"));
  });
});
