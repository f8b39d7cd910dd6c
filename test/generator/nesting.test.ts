import { describe, expect, test } from "bun:test";
import { utf8 } from "../../src/bytes.ts";
import { readDevfileValue, readStarterProject } from "../../src/generator/index.ts";
import { isNestedTooDeeply } from "../../src/generator/nesting.ts";

const DEEP = ["[", "{a: ", "- ", "[{a: "];

describe("isNestedTooDeeply()", () => {
  test.each(DEEP)("holds for %s again and again", (piece) => {
    expect(isNestedTooDeeply(utf8(`a: ${piece.repeat(5_000)}`))).toBe(true);
    expect(isNestedTooDeeply(utf8(`a: ${piece.repeat(500)}`))).toBe(false);
  });

  test.each([
    ["lists one after the other", "- [a, {b: c}]\n".repeat(10_000)],
    ["lines that somebody drew", `# ${"-".repeat(5_000)}\n`.repeat(10)],
    ["brackets that close more than they open", "]}".repeat(10_000)],
    ["rows of dashes in a table", "# --- --- ---\n".repeat(5_000)],
  ])("does not hold for %s", (_, text) => {
    expect(isNestedTooDeeply(utf8(text))).toBe(false);
  });
});

test.each(DEEP)("a devfile of %s is not read for pages or starter projects", (piece) => {
  const bytes = utf8(`starterProjects: ${piece.repeat(5_000)}`);
  expect(readDevfileValue(bytes)).toBeUndefined();
  expect(readStarterProject(bytes, "a")).toBeUndefined();
});
