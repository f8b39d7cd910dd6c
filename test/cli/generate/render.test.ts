import { describe, expect, test } from "bun:test";
import { renderReport } from "../../../src/cli/generate/render.ts";
import { generateFiles } from "../../support/registry-repository.ts";

/** Would move the cursor, begin a line that a CI system takes for a command, and turn text round. */
const HOSTILE = "a\u001b[2J\n::stop-commands::x\r\u202e";

describe("renderReport()", () => {
  test.each(["text", "github"] as const)(
    "shows hostile names in one line each: %s",
    async (format) => {
      const { report } = await generateFiles({ "stacks/go/README.md": "" });
      const finding = {
        severity: "error" as const,
        rule: "r",
        file: HOSTILE,
        message: HOSTILE,
        hint: HOSTILE,
      };
      const hostile = { ...report, findings: [finding], leftOut: [HOSTILE], notChecked: [HOSTILE] };
      const text = renderReport(hostile, { output: HOSTILE, exitCode: 2 }, format);
      const lines = text.split("\n");
      expect(lines.filter((line) => line.startsWith("::stop"))).toEqual([]);
      expect(text).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
      expect(lines.some((line) => line.startsWith("left out: a\\u001b"))).toBe(true);
    },
  );
});
