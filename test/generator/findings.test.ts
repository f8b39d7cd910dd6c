import { describe, expect, test } from "bun:test";
import { FINDING_CHARS } from "../../src/check-limits.ts";
import { type Finding, sortFindings } from "../../src/generator/findings.ts";

const found = (message: string, hint?: string): Finding => ({
  severity: "error",
  rule: "a-rule",
  file: "stacks/go/devfile.yaml",
  message,
  ...(hint === undefined ? {} : { hint }),
});

describe("sortFindings()", () => {
  test("leaves out the middle of what quotes a whole file, not what is wrong with it", () => {
    const text = `the size "${"9".repeat(400_000)}" is no quantity`;
    const [finding] = sortFindings([found(text, text)]);
    for (const shown of [finding?.message, finding?.hint]) {
      expect(shown).toHaveLength(FINDING_CHARS + 1);
      expect(shown).toStartWith('the size "999');
      expect(shown).toEndWith('999" is no quantity');
      expect(shown).toContain("9…9");
    }
  });

  test("cuts no character in two", () => {
    for (const shift of ["", "x"]) {
      const [finding] = sortFindings([found(shift + "😀".repeat(FINDING_CHARS))]);
      expect(finding?.message.isWellFormed()).toBe(true);
    }
  });

  test("leaves what is short enough as it is", () => {
    const finding = found("x".repeat(FINDING_CHARS), "short");
    expect(sortFindings([finding])).toEqual([finding]);
  });
});
