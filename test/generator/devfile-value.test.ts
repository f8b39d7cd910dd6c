import { describe, expect, test } from "bun:test";
import { utf8 } from "../../src/bytes.ts";
import { type DevfileValue, readDevfileValue } from "../../src/generator/index.ts";
import { SHOWN_YAML_NODES } from "../../src/viewer-limits.ts";

describe("readDevfileValue()", () => {
  test("keeps every scalar as it is written", () => {
    const read = readDevfileValue(utf8("a: 1.10\nb: yes\nc: ~\nd: [x, 2]\ne: {f: 'g'}\n"));
    expect(read?.isCut).toBe(false);
    expect([...(read?.value ?? [])]).toEqual([
      ["a", "1.10"],
      ["b", "yes"],
      ["c", ""],
      ["d", ["x", "2"]],
      ["e", new Map([["f", "g"]])],
    ]);
  });

  test("knows nothing of what is broken or no map", () => {
    for (const text of ["a: [", "- a\n", "", "text", "\u0000"]) {
      expect(readDevfileValue(utf8(text))).toBeUndefined();
    }
    expect(readDevfileValue(Uint8Array.of(0x61, 0x3a, 0x20, 0xff))).toBeUndefined();
  });

  test("stops at a bound of values, and says so", () => {
    const items = Array.from({ length: SHOWN_YAML_NODES + 10 }, (_, at) => `- ${at}\n`).join("");
    const read = readDevfileValue(utf8(`a:\n${items}b: c\n`));
    expect(read?.isCut).toBe(true);
    expect(read?.value.has("b")).toBe(false);
  });

  test("writes out what a few aliases stand for up to a bound of values", () => {
    const read = readDevfileValue(utf8(tenfold(5)));
    expect(read?.isCut).toBe(true);
    expect(read && countOf(read.value)).toBeLessThanOrEqual(SHOWN_YAML_NODES);
  });

  test("knows nothing of what no memory holds", () => {
    expect(readDevfileValue(utf8(tenfold(12)))).toBeUndefined();
  });
});

/** Lists of which each has ten times as many values as the one before. */
function tenfold(levels: number): string {
  const lines = Array.from({ length: levels }, (_, at) => {
    const item = at === 0 ? "x" : `*l${at - 1}`;
    return `l${at}: &l${at} [${Array(10).fill(item).join(", ")}]\n`;
  });
  return lines.join("");
}

function countOf(value: DevfileValue): number {
  if (typeof value === "string") return 1;
  return [...value.values()].reduce((sum, each) => sum + countOf(each), 1);
}
