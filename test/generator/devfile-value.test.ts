import { describe, expect, test } from "bun:test";
import { utf8 } from "../../src/bytes.ts";
import { readDevfileValue } from "../../src/generator/index.ts";
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

  test("does not write out what a few aliases stand for without end", () => {
    const levels = Array.from({ length: 12 }, (_, at) => {
      const alias = at === 0 ? "x" : `*l${at - 1}`;
      return `l${at}: &l${at} [${Array.from({ length: 10 }, () => alias).join(", ")}]\n`;
    });
    const begun = performance.now();
    const read = readDevfileValue(utf8(levels.join("")));
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect(read === undefined || read.isCut).toBe(true);
  });
});
