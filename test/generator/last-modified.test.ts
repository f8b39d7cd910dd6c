import { describe, expect, test } from "bun:test";
import { utf8 } from "../../src/bytes.ts";
import type { Finding } from "../../src/generator/index.ts";
import { NO_VERSION, readLastModified } from "../../src/generator/last-modified.ts";

function read(json: string) {
  const findings: Finding[] = [];
  const dates = readLastModified("last_modified.json", utf8(json), (each) => findings.push(each));
  return { dates, findings };
}

const line = (name: string, version: string, lastModified: string) =>
  JSON.stringify({ name, version, lastModified });

describe("readLastModified()", () => {
  test("looks up by name and version; a later line replaces an earlier one", () => {
    const { dates } = read(`{
      "stacks": [${line("go", "1.0.0", "2025-01-01T00:00:00Z")},
                 ${line("go", "2.0.0", "2025-02-01T00:00:00Z")}],
      "samples": [${line("go", "1.0.0", "2025-03-01T00:00:00+00:00")},
                  ${line("hello", NO_VERSION, "2025-04-01T00:00:00Z")}]}`);
    expect(dates?.("go", "1.0.0")?.text).toBe("2025-03-01T00:00:00Z");
    expect(dates?.("go", "2.0.0")?.text).toBe("2025-02-01T00:00:00Z");
    expect(dates?.("hello", NO_VERSION)?.text).toBe("2025-04-01T00:00:00Z");
    expect(dates?.("hello", "1.0.0")).toBeUndefined();
  });

  test("takes missing and null lists and dates", () => {
    expect(read("{}").findings).toEqual([]);
    expect(read("null").findings).toEqual([]);
    const { dates, findings } = read(
      '{"stacks":[{"name":"go","lastModified":null}],"samples":null}',
    );
    expect(findings).toEqual([]);
    expect(dates?.("go", "")).toBeUndefined();
  });

  test.each([
    ['{"stacks": [', undefined],
    ['{"stacks": {}}', "stacks"],
    ['{"stacks": [{"name": 1}]}', "stacks.0.name"],
    ['{"samples": [{"lastModified": "yesterday"}]}', "samples[0].lastModified"],
  ])("reports %s once, with its place", (json, path) => {
    const { dates, findings } = read(json);
    expect(dates).toBeUndefined();
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ severity: "error", rule: "last-modified" });
    expect(findings[0]?.path).toBe(path);
  });
});
