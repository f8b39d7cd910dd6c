import { expect, test } from "bun:test";
import { matchesGlob } from "../src/glob.ts";

test.each([
  ["go", "go", true],
  ["go", "go2", false],
  ["go*", "go@2.0.0", true],
  ["*", "", true],
  ["*@2.*", "go@2.0.0", true],
  ["*@2.*", "go@1.2.0", false],
  ["quay.io/*/udi:*", "quay.io/devfile/more/udi:ubi9", true],
  ["a*a", "a", false],
  ["a*b*a", "aba", true],
  ["a*bb*ba", "abba", false],
  ["a.c", "abc", false],
])("matchesGlob(%p, %p) is %p", (pattern, text, expected) => {
  expect(matchesGlob(pattern, text)).toBe(expected);
});
