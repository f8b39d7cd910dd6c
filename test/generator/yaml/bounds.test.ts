import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { utf8 } from "../../../src/bytes.ts";
import type { Finding } from "../../../src/generator/index.ts";
import { parseYaml } from "../../../src/generator/yaml/index.ts";
import { FILE_FINDINGS, YAML_BYTES } from "../../../src/limits.ts";

// Files of the largest size, so that what grows with the square takes minutes.
setDefaultTimeout(60_000);

function filled(part: string, before = "", after = ""): string {
  const room = YAML_BYTES - before.length - after.length;
  return before + part.repeat(Math.floor(room / part.length)) + after;
}

/** Lines of which each has nine times the one before. */
function laughs(first: string, link: (before: string) => string): string {
  const lines = [`a0: &a0 ${first}`];
  for (let at = 1; at < 12; at += 1) lines.push(`a${at}: &a${at} ${link(`*a${at - 1}`)}`);
  return `${lines.join("\n")}\n`;
}

const keys = (count: number, line: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => line(at)).join("");

const READABLE: readonly [string, string][] = [
  ["20,000 keys", keys(20_000, (at) => `key${at}: value${at}\n`)],
  ["20,000 keys in brackets", `m: {${keys(20_000, (at) => `k${at}: 1, `)}last: 1}\n`],
  ["keys that are long", keys(500, (at) => `${"k".repeat(990)}${at}: 1\n`)],
  ["values that are long", `a: ${"x ".repeat(200_000)}\nb: "${"y ".repeat(50_000)}"\n`],
  ["numbers that are long", `a: ${"1".repeat(100_000)}\nb: 1${":1".repeat(100_000)}x\n`],
  ["text of many lines", filled("  x\n", "a: |\n")],
  ["text of many lines in quotes", filled("  x\n", "a: 'x\n", "  y'\n")],
  ["empty lines in quotes", filled("\n", 'a: "x', '  y"\n')],
  ["comments", filled("   # c\n", "a:\n", "  b: 1\n")],
  ["maps in maps", keys(700, (at) => `${" ".repeat(at)}k:\n`)],
  ["anchors", keys(20_000, (at) => `k${at}: &a${at} v\n`)],
  ["aliases", filled("*a, ", "a: &a x\nl: [", "*a]\n")],
  ["equal keys", filled("k: 1\n")],
];

/** Nested deeper than there may be room for on the stack. */
const DEEP: readonly [string, string][] = [
  ["lists in lists", `a: ${"[".repeat(10_000)}${"]".repeat(10_000)}\n`],
  ["maps in brackets in maps", `a: ${"{a: ".repeat(10_000)}1${"}".repeat(10_000)}\n`],
  ["items in items", `a:\n  ${"- ".repeat(10_000)}x\n`],
];

const BROKEN: readonly [string, string][] = [
  ["lists of lists of aliases", laughs("lol", (a) => `[${Array(9).fill(a).join(", ")}]`)],
  ["merged merges", laughs("{k: v}", (a) => `{<<: [${Array(9).fill(a).join(", ")}]}`)],
  ["a key that is too long", filled("k", "", ": 1\n")],
  ["open lists", filled("[", "a: ")],
  ["open maps", filled("{", "a: ")],
  ["closed lists", filled("]")],
  ["open quotes", filled('a: "x\n')],
  ["text behind quotes", filled('"x" y, ', "a: [")],
  ["unclosed lists in lines", filled("a: [x\n")],
  ["unclosed lists in items", filled("- [\n")],
  ["variables", filled("a: {{x}}\n")],
  ["variables in one line", filled("a: {{x}} ")],
  ["reserved characters", filled("a: @x\n")],
  ["bad indentation", filled("    b:\n  c:\n", "a:\n")],
  ["colons", filled(": ")],
  ["tags", filled("! ")],
  ["tabs", filled("\t", "a:\n")],
  ["escapes", filled("\\p", 'a: "', '"\n')],
  ["marks of conflicts", filled("=======\n")],
];

function parsed(yaml: string): { readonly root: unknown; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const root = parseYaml("a.yaml", utf8(yaml), (finding) => findings.push(finding));
  expect(findings.length).toBeLessThanOrEqual(2 * (FILE_FINDINGS + 1));
  return { root, findings };
}

describe("parseYaml()", () => {
  test.each(READABLE)("reads %s", (_, yaml) => {
    expect(parsed(yaml).root).toBeDefined();
  });

  test.each(DEEP)("reads or refuses %s", (_, yaml) => {
    const { root, findings } = parsed(yaml);
    expect(findings.some(({ severity }) => severity === "error")).toBe(root === undefined);
    expect(findings.length).toBeLessThan(2);
  });

  test.each(BROKEN)("refuses %s", (_, yaml) => {
    const { root, findings } = parsed(yaml);
    expect(root).toBeUndefined();
    expect(findings).toContainEqual(expect.objectContaining({ severity: "error" }));
  });
});
