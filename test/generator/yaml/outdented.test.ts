import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { utf8 } from "../../../src/bytes.ts";
import type { Finding } from "../../../src/generator/index.ts";
import { parseYaml } from "../../../src/generator/yaml/index.ts";

// Thousands of lines on a busy machine.
setDefaultTimeout(60_000);

function parse(yaml: string): { readonly value: unknown; readonly found: string[] } {
  const findings: Finding[] = [];
  const root = parseYaml("a.yaml", utf8(yaml), (finding) => findings.push(finding));
  const found = findings.map(
    ({ severity, line, column, message }) => `${severity} ${line}:${column} ${message}`,
  );
  return { value: root?.value(), found };
}

const warning = (place: string) =>
  `warning ${place} the line is indented too little for what goes on in it`;
const TAB = "a tab is used to indent";

describe("parseYaml() of lines that are indented too little", () => {
  test.each<[string, unknown, string[]]>([
    ['d: "a\nb"\ne: 1\n', { d: "a b", e: 1 }, ["2:1"]],
    ['m:\n  d: "a\n\n  b"\n  e: 1\n', { m: { d: "a\nb", e: 1 } }, ["4:3"]],
    ["m:\n  d: 'it''s\n b'\n", { m: { d: "it's b" } }, ["3:2"]],
    ['m:\n  d: "a \\"\n  b: c\\\n  d"\n', { m: { d: 'a " b: cd' } }, ["3:3"]],
    ["m:\n  t: [\n    a,\n    b\n]\n", { m: { t: ["a", "b"] } }, ["5:1"]],
    ["m:\n  t: [a, # ]\nb c\nd, 'e\nf']\n", { m: { t: ["a", "b c d", "e f"] } }, ["3:1", "4:4"]],
    ["m:\n  t: {\n  a: b,\n  c: [\n  d]\n  }\n", { m: { t: { a: "b", c: ["d"] } } }, ["3:3"]],
  ])("takes %j, as Go does, with a warning", (text, value, places) => {
    const parsed = parse(text);
    expect(parsed.value).toEqual(value);
    expect(parsed.found.slice(0, 1)).toEqual(places.slice(0, 1).map(warning));
    expect(parse(text.replaceAll("\n", "\r\n"))).toEqual(parsed);
  });

  test.each([
    ['a: "x\nb: 1\n', '1:4 the " that is opened here is not closed'],
    ["a: [b,\n---\nc]\n", "1:4 the [ that is opened here is not closed"],
    ['a: "b\n--- c"\n', '1:4 the " that is opened here is not closed'],
    ['a: {"b\nc": d}\n', "1:5 the key goes on in the next line"],
    ["a: {b\n c: d}\n", "1:5 the key goes on in the next line"],
    ["a: [b\n\tc]\n", `2:1 ${TAB}`],
    ["m:\n  a: [b\n  \t]\n", `3:3 ${TAB}`],
  ])("refuses %j, as Go does", (text, message) => {
    const { value, found } = parse(text);
    expect(value).toBeUndefined();
    expect(found).toContain(`error ${message}`);
  });

  test("takes JSON that is indented by tabs", () => {
    const value = { schemaVersion: "2.2.0", a: [{ b: 1, c: true }] };
    expect(parse(JSON.stringify(value, null, "\t"))).toEqual({ value, found: [] });
  });

  test("gives up on a file of thousands of them soon", () => {
    const lines = Array.from({ length: 20_000 }, (_, at) => `  k${at}: "a\n b"\n`);
    expect(parse(`m:\n${lines.join("")}`).value).toBeUndefined();
  });
});
