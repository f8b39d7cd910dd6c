import { describe, expect, test } from "bun:test";
import { utf8 } from "../../../src/bytes.ts";
import type { Finding } from "../../../src/generator/index.ts";
import { parseYaml } from "../../../src/generator/yaml/index.ts";

function parse(yaml: string): Finding[] {
  const findings: Finding[] = [];
  const root = parseYaml("a.yaml", utf8(yaml), (finding) => findings.push(finding));
  expect(root).toBeUndefined();
  return findings;
}

function render({ line, column, message, hint }: Finding): string {
  return `${line}:${column} ${message} → ${hint}`;
}

const TAB = "a tab is used to indent → Indent with spaces";
const CONFLICT = "a mark of a conflict of git is left → Decide for one side and remove the marks";
const NO_COLON = "Write the colon and a value, or indent it as part of the text above";
const ITEM = "a key stands where the item of a list is needed";
const LINE = "the line is not in line with those before it";
const LIST_ITEM = "the item is not in line with those before it";
const RESERVED = "which YAML keeps for itself";
const BRACES = "a text without quotes begins with {{ → Put it in quotes:";
const CLOSES = "closes nothing → Remove it, or put the text in quotes";

describe("a syntax error", () => {
  test.each([
    ["a:\n\tb: 1\n", `2:1 ${TAB}`],
    ["a:\n  b: 1\n  \tc: 2\n", `3:3 ${TAB}`],
    ["a:\n  - x\n\t- y\n", `3:1 ${TAB}`],
    ["m:\n  name:foo\n  v: 1\n", '2:7 a space is missing behind the colon → Write "name: foo"'],
    ["a: 1\nb:2\n", '2:2 a space is missing behind the colon → Write "b: 2"'],
    ["l:\n  - x\n  -y\n", '3:3 a space is missing behind the dash → Write "- y"'],
    ['a: "x\nb: 1\n', '1:4 the " that is opened here is not closed → Write the closing "'],
    ['a: "x \\" y\nb: 1\n', '1:4 the " that is opened here is not closed → Write the closing "'],
    ["a: 'it''s\nb: 1\n", "1:4 the ' that is opened here is not closed → Write the closing '"],
    [
      'a: "x\n  b: "y"\n',
      '1:4 the " that is opened here ends in line 2 → Write the closing " where the text ends',
    ],
    ["a: 'it's'\n", "1:8 there is text behind the closing ' → Write '' for a ' inside"],
    ['a: "a "b" c"\n', '1:8 there is text behind the closing " → Write \\" for a " inside'],
    [
      "b: 1\na: [1, [2]\nc: 2\n",
      "2:4 the [ that is opened here is not closed → Write the closing ], or indent the lines up to it",
    ],
    [
      "a: {b: 1\nc: 2\n",
      "1:4 the { that is opened here is not closed → Write the closing }, or indent the lines up to it",
    ],
    ["a: [1]]\n", `1:7 the ] ${CLOSES}`],
    ["a: }\n", `1:4 the } ${CLOSES}`],
    [
      "a: 1\n  b: 2\n",
      '2:3 the line is indented below "a", which has a value already → Indent it like "a", or remove that value',
    ],
    ["a:\n    b: 1\n  c: 2\n", `3:3 ${LINE} → Indent it by 4 or 0 spaces, not by 2`],
    ["a:\n  - b: 1\n   c: 2\n", `3:4 ${LINE} → Indent it by 2 spaces, not by 3`],
    ["a:\n  - x\n - y\n", `3:2 ${LIST_ITEM} → Indent it by 2 or 0 spaces, not by 1`],
    ["a: b: c\n", '1:4 there is a second colon in the value → Put the value in quotes: "b: c"'],
    [
      "l:\n  - d: Note: x\n",
      '2:8 there is a second colon in the value → Put the value in quotes: "Note: x"',
    ],
    ["image: {{r}}/i:1\n", `1:8 ${BRACES} "{{r}}/i:1"`],
    ["l:\n  - {{x}}\n", `2:5 ${BRACES} "{{x}}"`],
    ["a: @x\n", `1:4 a text without quotes begins with "@", ${RESERVED} → Put it in quotes: "@x"`],
    [
      "a: `x`\n",
      `1:4 a text without quotes begins with "\`", ${RESERVED} → Put it in quotes: "\`x\`"`,
    ],
    ["c:\n  - n: a\n  n: b\n", `3:3 ${ITEM} → Write "- n: b", or indent it by two spaces more`],
    ["a: 1\nfoo\nb: 2\n", `2:1 "foo" is no key: there is no colon behind it → ${NO_COLON}`],
    [
      "metadata\n  name: x\n",
      `1:1 "metadata" is no key: there is no colon behind it → ${NO_COLON}`,
    ],
    ["a: &x &y 1\n", "1:7 a node can have at most one anchor → Remove one of the anchors"],
    ["a: *.txt\n", '1:4 no anchor ".txt" → Put it in quotes, or set the anchor above'],
    ["a: & b\n", "1:4 anchor cannot be an empty string → Put the text in quotes"],
    [
      'a: "C:\\path"\n',
      '1:7 "\\p" means nothing between double quotes → Write \\\\ for a backslash, or use single quotes',
    ],
    [
      "a: - x\n",
      '1:4 the item of a list begins in the line of the key → Begin the list in the line below "a:"',
    ],
    [
      "a: | text\n  b\n",
      "1:6 there is text behind the sign of a text of several lines → Begin the text in the next line",
    ],
    ["[a]: b\n", "1:1 a list or map is used as a key → Put the text in quotes"],
    ["a: 1\n<<<<<<< HEAD\nb: 2\n", `2:1 ${CONFLICT}`],
    ["a: x\u0007\n", "1:5 the character U+0007 is not allowed in YAML → Remove it"],
  ])("in %j is told with its place and what to do", (yaml, expected) => {
    const [first] = parse(yaml);
    expect(first && render(first)).toBe(expected);
  });

  test("is told once a line, in each line that has one", () => {
    const findings = parse("a: {{x}}/{{y}}\nb: @y\nc: 'x' y 'z'\n");
    expect(findings.map(({ line, column }) => `${line}:${column}`)).toEqual(["1:4", "2:4", "3:8"]);
  });
});
