import { describe, expect, test } from "bun:test";
import { APP, BASE } from "./base.ts";
import { findIn } from "./mutant.ts";
import { VALID_CASES } from "./valid.ts";

describe("a valid devfile stays valid with", () => {
  test.each(VALID_CASES.map((each) => [each.name, each] as const))("%s", async (_, each) => {
    const findings = await findIn({ ...BASE, [APP]: each.text });
    const lines = findings.map(({ severity, rule, line, message }) =>
      [severity, rule, line, message].join(" "),
    );
    expect(lines.filter((line) => line.startsWith("error"))).toEqual([]);
    expect(findings.map(({ rule }) => rule).sort()).toEqual([...(each.warnings ?? [])].sort());
  });

  test("more ways to write it than forty", () => {
    expect(VALID_CASES.length).toBeGreaterThan(60);
  });
});
