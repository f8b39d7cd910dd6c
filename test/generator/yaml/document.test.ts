import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { utf8 } from "../../../src/bytes.ts";
import type { Finding } from "../../../src/generator/index.ts";
import { parseYaml } from "../../../src/generator/yaml/index.ts";
import { FILE_FINDINGS, YAML_BYTES } from "../../../src/limits.ts";

setDefaultTimeout(60_000);

function parse(yaml: string | Uint8Array) {
  const findings: Finding[] = [];
  const bytes = typeof yaml === "string" ? utf8(yaml) : yaml;
  const root = parseYaml("a.yaml", bytes, (finding) => findings.push(finding));
  return { root, findings, lines: () => findings.map(render) };
}

function render({ severity, rule, line, column, path }: Finding): string {
  return [severity, rule, `${line}:${column}`, path].filter(Boolean).join(" ");
}

describe("YamlNode.text()", () => {
  test.each([
    ["1.10", "1.10"],
    ["3.9", "3.9"],
    ["0777", "0777"],
    ["0x1F", "0x1F"],
    ["1_000", "1_000"],
    ["1e3", "1e3"],
    ["190:20:30", "190:20:30"],
    ["yes", "yes"],
    ["Off", "Off"],
    ["true", "true"],
    ["2025-01-01", "2025-01-01"],
    [".inf", ".inf"],
    ["'1.10'", "1.10"],
    ['"a\\tb"', "a\tb"],
    ["'it''s'", "it's"],
    ["plain text  # comment", "plain text"],
    ["!!str 1.10", "1.10"],
    ["!!binary aGVsbG8=", "hello"],
    ["''", ""],
    ["'null'", "null"],
    ["null", undefined],
    ["~", undefined],
    ["", undefined],
  ])("reads %s as its source text", (scalar, text) => {
    const { root, findings } = parse(`key: ${scalar}\n`);
    expect(root?.get("key").text()).toBe(text as string);
    expect(findings).toEqual([]);
  });

  test("reads block scalars and folds as YAML says", () => {
    const { root } = parse("a: |\n  one\n  two\nb: >-\n  one\n  two\nc: one\n  two\n");
    expect(root?.get("a").text()).toBe("one\ntwo\n");
    expect(root?.get("b").text()).toBe("one two");
    expect(root?.get("c").text()).toBe("one two");
  });

  test("takes as text what only looks like a number, and numbers as such", () => {
    const { root } = parse("a: .\nb: e9\nc: 0x_\nd: 0o17\ne: .nan\nf: &a .\ng: 1_0\n");
    const others = root?.entries().filter(([, node]) => node.readsAsOtherThanText);
    expect(others?.map(([key]) => key)).toEqual(["d", "e", "g"]);
    expect(root?.get("d").value()).toBe(15);
  });

  test("gives every JSON string back", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const { root } = parse(`key: ${JSON.stringify(text)}\n`);
        expect(root?.get("key").text()).toBe(text);
      }),
    );
  });
});

describe("YamlNode", () => {
  test("reads YAML 1.1 booleans where a boolean is expected", () => {
    const { root, findings } = parse("a: yes\nb: Off\nc: on\nd: false\ne: ~\n");
    expect(root?.flagMap()).toEqual({ a: true, b: false, c: true, d: false, e: false });
    expect(root?.get("e").flag()).toBeUndefined();
    expect(findings).toEqual([]);
  });

  test("follows aliases and merge keys, own keys first, keys as they are written", () => {
    const { root } = parse(
      "base: &base {a: 1.0, b: 2}\nother: &other {b: 3, c: 4}\n" +
        "one: {<<: *base, a: 9}\nboth: {<<: [*base, *other]}\nlist: [*base]\non: 1.10\n",
    );
    expect(root?.get("one").textMap()).toEqual({ a: "9", b: "2" });
    expect(root?.get("both").textMap()).toEqual({ a: "1.0", b: "2", c: "4" });
    expect(root?.get("list").items()[0]?.get("a").text()).toBe("1.0");
    expect(root?.entries().map(([key]) => key)).toContain("on");
  });

  test("takes null list items and map values as empty text", () => {
    const { root } = parse("list: [a, ~]\nmap: {a: ~}\nnone: ~\n");
    expect(root?.get("list").texts()).toEqual(["a", ""]);
    expect(root?.get("map").textMap()).toEqual({ a: "" });
    expect(root?.get("none").texts()).toEqual([]);
    expect(root?.get("none").textMap()).toEqual({});
  });

  test.each([
    ["text of a list", "a: [1]\n", "1:4 a"],
    ["text of a map", "\n\na: {}\n", "3:4 a"],
    ["list of a text", "b: no list\n", "1:4 b"],
    ["map of a list", "c:\n  - x\n", "2:3 c"],
    ["flag of a text", "d: 'true'\n", "1:4 d"],
  ])("reports %s with its place and reads it as absent", (_, yaml, place) => {
    const { root, lines } = parse(yaml);
    root?.get("a").text();
    root?.get("b").items();
    root?.get("c").entries();
    root?.get("d").flag();
    expect(lines()).toEqual([`error yaml-type ${place}`]);
  });

  test("places what is absent at what it is missing from", () => {
    const { root } = parse("a: 1\nmeta:\n  b: 2\n");
    const at = { file: "a.yaml", line: 3, column: 3 };
    expect(root?.get("meta").get("c").position()).toEqual({ ...at, path: "meta.c" });
    expect(root?.get("meta").get("c").get("d").position()).toEqual({ ...at, path: "meta.c.d" });
  });

  test("finds values by keys and indexes, with the places of values and keys", () => {
    const { root } = parse("a:\n  - {b: 1}\n  - b:  two\n1: x\n");
    const at = (path: (string | number)[]) => {
      const node = root?.find(path);
      const [value, key] = [node?.position(), node?.keyPosition()];
      return [
        node?.text(),
        node?.path,
        `${value?.line}:${value?.column}`,
        `${key?.line}:${key?.column}`,
      ];
    };
    expect(at(["a", 1, "b"])).toEqual(["two", "a[1].b", "3:9", "3:5"]);
    expect(at(["a", "0", "b"])).toEqual(["1", "a[0].b", "2:9", "2:6"]);
    expect(at([1])).toEqual(["x", "1", "4:4", "4:1"]);
    expect(at(["a", 2, "b"])).toEqual([undefined, "a[2].b", "2:3", "2:3"]);
    expect(at(["a", 1, "c", "d"])).toEqual([undefined, "a[1].c.d", "3:5", "3:5"]);
    expect(root?.find([])).toBe(root);
  });

  test("gives untyped values as JSON holds them", () => {
    const { root } = parse(
      "v: {n: 1.50, on: yes, d: 2025-01-01, t: 2025-01-01T10:00:00.5+02:00, 1: [~, a], b: !!binary aGk=}\n",
    );
    expect(root?.get("v").value()).toEqual({
      n: 1.5,
      on: true,
      d: "2025-01-01T00:00:00Z",
      t: "2025-01-01T08:00:00.500Z",
      "1": [null, "a"],
      b: "hi",
    });
  });

  test("gives ordered maps as lists of pairs, null for what is absent", () => {
    const { root } = parse("v: {o: !!omap [a: 1, b: [2]], s: !!set {x, y}, n: ~}\n");
    expect(root?.get("v").value()).toEqual({
      o: [{ a: 1 }, { b: [2] }],
      s: { x: null, y: null },
      n: null,
    });
    expect(root?.get("w").value()).toBeNull();
  });

  test("keeps keys that objects of JavaScript have by themselves apart from these", () => {
    const { root } = parse("v: {__proto__: {a: 1}, constructor: 2}\n");
    const value = root?.get("v").value();
    expect(JSON.stringify(value)).toBe('{"__proto__":{"a":1},"constructor":2}');
    expect(Object(value).a).toBeUndefined();
  });

  test("refuses infinity and nesting without end in untyped values", () => {
    const { root, lines } = parse(`inf: .inf\ndeep: ${"[".repeat(70)}${"]".repeat(70)}\n`);
    expect(root?.get("inf").value()).toBeUndefined();
    expect(root?.get("deep").value()).toBeUndefined();
    expect(lines()).toEqual(["error yaml-value 1:6 inf", "error yaml-value 2:7 deep"]);
  });

  test("reads maps of many keys and many aliases in a time that grows with them alone", () => {
    const many = Array.from({ length: 15_000 }, (_, at) => `  k${at}: &a${at} v${at}\n`).join("");
    const used = Array.from({ length: 15_000 }, (_, at) => `*a${at}`).join(",");
    const { root, findings } = parse(`m:\n${many}l: [${used}]\n`);
    expect(Object.keys(root?.get("m").textMap() ?? {})).toHaveLength(15_000);
    expect(root?.get("l").texts().at(-1)).toBe("v14999");
    expect(findings).toEqual([]);
  });
});

/** A document whose last value is made of the one before it, which is made of the one before … */
function chain(links: number, first: string, link: (before: string) => string): string {
  const lines = [`a0: &a0 ${first}`];
  for (let at = 1; at < links; at += 1) lines.push(`a${at}: &a${at} ${link(`*a${at - 1}`)}`);
  return `${lines.join("\n")}\n`;
}

describe("aliases", () => {
  test.each([
    ["lists", chain(12, "[x]", (a) => `[${a}, ${a}, ${a}, ${a}]`)],
    ["merged maps", chain(90, "{k: v}", (a) => `{<<: [${a}, ${a}]}`)],
    ["long text", `t: &t ${"x".repeat(100_000)}\nl: [${Array(100).fill("*t").join(", ")}]\n`],
  ])("are refused when %s grow beyond all measure by them", (_, yaml) => {
    const { root, lines } = parse(yaml);
    expect(root).toBeUndefined();
    expect(lines()).toEqual(["error yaml-expansion 1:1"]);
  });

  test.each([
    ["a list", "a: &a [1, *a]\n", "1:11 a[1]"],
    ["a merge", "a: &a\n  <<: [*a, *a]\n", "2:8 a.<<[0]"],
  ])("of what they are part of are refused in %s", (_, yaml, place) => {
    const { root, lines } = parse(yaml);
    expect(root).toBeUndefined();
    expect(lines()[0]).toBe(`error yaml-alias ${place}`);
  });

  test("and merge keys must name maps", () => {
    const { root, lines } = parse("a: &a 1\nm: {<<: [{b: 1}, *a]}\n");
    expect(root).toBeUndefined();
    expect(lines()).toEqual(["error yaml-merge 2:18 m.<<"]);
    expect(parse("m: {'<<': 1}\n").root?.get("m").get("<<").text()).toBe("1");
  });

  test("stand for the nearest anchor before them", () => {
    const { root } = parse("a: &x 1\nb: *x\nc: &x 2\nd: *x\n&x e: *x\n");
    expect(root?.textMap()).toEqual({ a: "1", b: "1", c: "2", d: "2", e: "e" });
  });
});

describe("parseYaml()", () => {
  test.each([
    ["a: [1\nb: 2\n", "1:4"],
    ["a: 'x\n", "1:4"],
    ["a: b: c\n", "1:4"],
    ["a:\n\tb: 1\n", "2:1"],
    ["a: 1\n  b: 2\n", "2:3"],
    ["a: @x\n", "1:4"],
  ])("reports the syntax error of %j", (yaml, place) => {
    const { root, lines } = parse(yaml);
    expect(root).toBeUndefined();
    expect(lines()[0]).toBe(`error yaml-syntax ${place}`);
  });

  test("reports every syntax error of a file", () => {
    expect(parse("a: @x\nb: @y\n").lines()).toEqual([
      "error yaml-syntax 1:4",
      "error yaml-syntax 2:4",
    ]);
  });

  test.each([
    ["errors", "}\n".repeat(5000), "error"],
    ["warnings", "k: 1\n".repeat(5000), "warning"],
  ])("says once that there are more %s than it tells of", (_, yaml, severity) => {
    const { findings } = parse(yaml);
    expect(findings).toHaveLength(FILE_FINDINGS + 1);
    expect(findings.at(-1)).toMatchObject({ severity, rule: "too-many-findings" });
  });

  test("tells of an error behind any number of warnings", () => {
    const { root, findings } = parse(`${"k: 1\n".repeat(5000)}b: *gone\n`);
    expect(root).toBeUndefined();
    expect(findings.at(-1)).toMatchObject({ severity: "error", rule: "yaml-alias" });
  });

  test.each([
    ["a: [b?c]\n", "1:6", "a question mark, which Go takes for a key"],
    ["a: {b: :c}\n", "1:8", "a colon, which Go takes for a value"],
    ['a: "b\\"', "1:4", "a last quote that is escaped"],
    ["a: 'b''", "1:4", "a last quote that stands for one inside"],
    ["~: 1\n", "1:1", "a key that is null"],
    ["a: 1\n: 2\n", "2:1", "no key"],
    ["a:\n  - \tb\n", "2:5", "a tab behind a dash"],
    ["a: 1\n\t\nb: 2\n", "2:1", "a tab on an empty line"],
    ["a: 1\n\t# c\n", "2:1", "a tab before a comment"],
  ])("refuses %j at %s: %s", (yaml, place) => {
    const { root, lines } = parse(yaml);
    expect(root).toBeUndefined();
    expect(lines()).toEqual([`error yaml-syntax ${place}`]);
  });

  test("takes tabs inside of texts, brackets and comments", () => {
    const yaml = "a: 'b\tc'\nd: |\n  e\n  \tf\ng: [\n  \th]\n# \t\ni:\tj\nk: l\t# m\n";
    const { root, findings } = parse(yaml);
    expect(root?.value()).toEqual({ a: "b\tc", d: "e\n\tf\n", g: ["h"], i: "j", k: "l" });
    expect(findings).toEqual([]);
  });

  test("takes a carriage return alone as the end of a line", () => {
    const { root } = parse("a: 1\rb: 2\r");
    expect(root?.textMap()).toEqual({ a: "1", b: "2" });
    expect(root?.get("b").position()).toMatchObject({ line: 2, column: 4 });
  });

  test("warns of a comment right behind a value, which Go lets pass", () => {
    const { root, lines } = parse("a: 'x'#c\nb: [z]#c\nc: ''''\nd: ''\n");
    expect(root?.value()).toEqual({ a: "x", b: ["z"], c: "'", d: "" });
    expect(lines()).toEqual(["warning yaml-syntax 1:7", "warning yaml-syntax 2:7"]);
  });

  test("warns of further documents, the first one counts", () => {
    const { root, lines } = parse("a: 1\n---\na: [\n");
    expect(root?.get("a").text()).toBe("1");
    expect(lines()).toEqual(["warning yaml-several-documents 2:1"]);
  });

  test("warns of equal keys at any depth, the last one counts", () => {
    const { root, lines } = parse("a: 1\nm:\n  - {k: 1, k: 2}\na: 3\n");
    expect(root?.get("a").text()).toBe("3");
    expect(root?.get("m").items()[0]?.get("k").text()).toBe("2");
    expect(lines()).toEqual([
      "warning yaml-duplicate-key 3:12 m[0].k",
      "warning yaml-duplicate-key 4:1 a",
    ]);
  });

  test("accepts a byte order mark and CRLF; positions count from the first character", () => {
    const { root, findings } = parse("\ufeffa: one\r\nb: 1.10\r\n");
    expect(root?.textMap()).toEqual({ a: "one", b: "1.10" });
    expect(findings).toEqual([]);
    expect(root?.get("a").position()).toMatchObject({ line: 1, column: 4 });
    expect(root?.get("b").position()).toMatchObject({ line: 2, column: 4 });
  });

  test("refuses bytes that are not UTF-8, with their place", () => {
    const { root, lines } = parse(Uint8Array.from([...utf8("a: 1\nbé: "), 0xff, 0x0a]));
    expect(root).toBeUndefined();
    expect(lines()).toEqual(["error yaml-encoding 2:5"]);
    expect(parse("a: \ufffd\n").findings).toEqual([]);
  });

  test("refuses a file over the limit without parsing it", () => {
    const { root, findings } = parse(new Uint8Array(YAML_BYTES + 1));
    expect(root).toBeUndefined();
    expect(findings).toMatchObject([{ severity: "error", rule: "yaml-too-large" }]);
  });

  test.each(["- a\n", "text\n", "1.10\n"])("refuses %j, which is no map", (yaml) => {
    const { root, lines } = parse(yaml);
    expect(root).toBeUndefined();
    expect(lines()).toEqual(["error yaml-type 1:1"]);
  });

  test.each(["", "# only a comment\n", "---\n", "~\n"])(
    "takes %j as a map without keys",
    (yaml) => {
      const { root, findings } = parse(yaml);
      expect(root?.get("a").present).toBe(false);
      expect(root?.entries()).toEqual([]);
      expect(findings).toEqual([]);
    },
  );

  test("reports an alias without an anchor", () => {
    const { root, lines } = parse("a:\n  - *gone\n");
    expect(root).toBeUndefined();
    expect(lines()).toEqual(["error yaml-alias 2:5 a[0]"]);
  });

  test("reports nesting that no parser follows, instead of failing", () => {
    const { root, findings } = parse(`a: ${"[".repeat(100_000)}`);
    expect(root).toBeUndefined();
    expect(findings.length).toBeGreaterThan(0);
  });
});
