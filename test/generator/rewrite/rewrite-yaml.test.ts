import { describe, expect, test } from "bun:test";
import {
  insertKey,
  removeKey,
  replaceNode,
  replacePair,
  rewriteScalars,
  rewriteYaml,
} from "../../../src/generator/rewrite/index.ts";

const URL = "https://example.com/x.zip";

describe("rewriteScalars()", () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    ["keeps a plain scalar plain", "a: old # why\n", URL, `a: ${URL} # why\n`],
    ["keeps single quotes", "a: 'old'\n", "it's", "a: 'it''s'\n"],
    ["keeps double quotes", 'a: "old"\n', 'say "hi"', 'a: "say \\"hi\\""\n'],
    ["quotes what plain text would read as a number", "a: old\n", "1.10", "a: '1.10'\n"],
    ["quotes what YAML 1.1 reads as true", "a: old\n", "yes", "a: 'yes'\n"],
    ["quotes what would begin a comment", "a: old\n", "x #y", "a: 'x #y'\n"],
    ["falls back to double quotes for what no other can hold", "a: 'x'\n", "\t", 'a: "\\t"\n'],
    [
      "keeps a literal block, its indicator to the text",
      "a: |\n   old\n",
      URL,
      `a: |-\n   ${URL}\n`,
    ],
    [
      "keeps a folded block and the comment of its header",
      "a: >- # c\n  o\n  ld\nb: 1\n",
      URL,
      `a: >- # c\n  ${URL}\nb: 1\n`,
    ],
    [
      "keeps several lines in a literal block",
      "a: |\n  old\nb: 1\n",
      "x\ny\n",
      "a: |\n  x\n  y\nb: 1\n",
    ],
    ["leaves a block that cannot hold the text", "a: |\n  old\nb: 1\n", " x", "a: ' x'\nb: 1\n"],
    [
      "writes inside of braces what braces allow",
      "{a: old, b: 1}\n",
      "x, y",
      "{a: 'x, y', b: 1}\n",
    ],
    ["fills an empty value", "a:\nb: 1\n", "x", "a: x\nb: 1\n"],
    ["fills an empty value in front of its comment", "a: # c\nb: 1\n", "x", "a: x # c\nb: 1\n"],
    [
      "keeps an anchor, and what its aliases stand for",
      "a: &k old\nb: *k\n",
      "new",
      "a: &k new\nb: old\n",
    ],
    ["keeps line ends", "a: old\r\nb: 1\r\n", "x", "a: x\r\nb: 1\r\n"],
    ["keeps a byte order mark", "\ufeffa: old\n", "x", "\ufeffa: x\n"],
    ["keeps a file without a last line end", "a: old", "x", "a: x"],
    ["rewrites the last of equal keys, which counts", "a: 1\na: 2\n", "x", "a: 1\na: x\n"],
    ["leaves other documents alone", "a: old\n---\na: old\n", "x", "a: x\n---\na: old\n"],
    ["knows merge keys from quoted ones", '"<<": {a: 1}\na: old\n', "x", '"<<": {a: 1}\na: x\n'],
  ];
  for (const [name, text, value, expected] of cases) {
    test(name, () => {
      expect(rewriteScalars(text, [{ path: ["a"], value }])).toBe(expected);
      expect(rewriteScalars(expected, [{ path: ["a"], value }])).toBe(expected);
    });
  }

  test("replaces an alias by the value, and only there", () => {
    const text = "a: &k old\nb: *k\nc: *k\n";
    expect(rewriteScalars(text, [{ path: ["b"], value: "x" }])).toBe("a: &k old\nb: x\nc: *k\n");
  });

  test("writes out an alias to a map when something in that map changes", () => {
    const text = "a: &k\n  image: old\n  args: [1.10, yes, '2']\nb: *k\n";
    expect(rewriteScalars(text, [{ path: ["b", "image"], value: "new" }])).toBe(
      "a: &k\n  image: old\n  args: [1.10, yes, '2']\nb: {image: new, args: [1.10, yes, '2']}\n",
    );
    expect(rewriteScalars(text, [{ path: ["a", "image"], value: "new" }])).toBe(
      "a: &k\n  image: new\n  args: [1.10, yes, '2']\nb: {image: old, args: [1.10, yes, '2']}\n",
    );
  });

  test("writes out a merge key when something merged changes", () => {
    const text = "a: &k\n  image: old\n  size: 1\nb:\n  <<: *k\n  size: 2\n";
    expect(rewriteScalars(text, [{ path: ["b", "image"], value: "new" }])).toBe(
      "a: &k\n  image: old\n  size: 1\nb:\n  image: new\n  size: 2\n",
    );
  });

  test("makes several edits at once", () => {
    const edits = [
      { path: ["list", 1], value: "x" },
      { path: ["list", 0, "a"], value: "y" },
    ];
    expect(rewriteScalars("list:\n- a: 1\n- b\n", edits)).toBe("list:\n- a: 'y'\n- x\n");
  });

  test("refuses a path that leads to no scalar", () => {
    for (const path of [["b"], ["a", "b"], ["list", 7], ["list"]]) {
      expect(() => rewriteScalars("a: 1\nlist: [1]\n", [{ path, value: "x" }])).toThrow(
        /Cannot rewrite "/,
      );
    }
  });

  test("refuses what is no YAML, stands for itself or for too much", () => {
    const edits = [{ path: ["a"], value: "x" }];
    expect(() => rewriteScalars("a: [", edits)).toThrow("Cannot rewrite YAML");
    expect(() => rewriteScalars("a: *k\n", edits)).toThrow('alias "*k": no anchor');
    expect(() => rewriteScalars("a: &k [*k]\n", edits)).toThrow("it stands for itself");
    expect(() => rewriteScalars(`a: ${"[".repeat(600)}${"]".repeat(600)}`, edits)).toThrow(
      "levels",
    );
    const bomb = Array.from({ length: 12 }, (_, n) =>
      n === 0 ? "b0: &b0 x" : `b${n}: &b${n} [${`*b${n - 1},`.repeat(9)}]`,
    );
    expect(() => rewriteScalars(`a: 1\n${bomb.join("\n")}\n`, edits)).toThrow("values");
    const merges = Array.from({ length: 40 }, (_, n) =>
      n === 0 ? "m0: &m0 {k: 1}" : `m${n}: &m${n} {<<: [*m${n - 1}, *m${n - 1}]}`,
    );
    expect(() => rewriteScalars(`a: 1\n${merges.join("\n")}\n`, edits)).toThrow("merged maps");
  });
});

describe("rewriteYaml()", () => {
  test("replaces a key with its map in place, comments above and beside it stay", () => {
    const text =
      "p:\n- name: n\n  # source\n  git: # from\n    remotes:\n      origin: u\n  after: 1\n";
    expect(rewriteYaml(text, [replacePair(["p", 0, "git"], "zip", { location: URL })])).toBe(
      `p:\n- name: n\n  # source\n  zip: # from\n    location: ${URL}\n  after: 1\n`,
    );
  });

  test("replaces a key inside of braces, keeping its quotes", () => {
    const text = '{"git": {"remotes": {"o": "u"}}, b: 1}\n';
    expect(rewriteYaml(text, [replacePair(["git"], "zip", { location: URL })])).toBe(
      `{"zip": {location: ${URL}}, b: 1}\n`,
    );
  });

  test("keeps JSON what is JSON", () => {
    const text = '{"git": {"remotes": {"o": "u"}}, "b": 1}\n';
    const edits = [replacePair(["git"], "zip", { location: URL }), insertKey(["c"], { d: "e" })];
    expect(rewriteYaml(text, edits)).toBe(
      `{"c": {"d": "e"}, "zip": {"location": "${URL}"}, "b": 1}\n`,
    );
  });

  test("replaces null by a map, indented as the file is", () => {
    const text = "m:\n    n: 1\nattributes: # none\nz: 1\n";
    expect(rewriteYaml(text, [replaceNode(["attributes"], { a: { b: "c" } })])).toBe(
      "m:\n    n: 1\nattributes:\n    a:\n        b: c # none\nz: 1\n",
    );
  });

  test("inserts a key in front of another one, at the column of the map", () => {
    const text = "p:\n  - name: n\n    git: 1\n";
    expect(rewriteYaml(text, [insertKey(["p", 0, "attributes"], { k: "v" }, "git")])).toBe(
      "p:\n  - name: n\n    attributes:\n      k: v\n    git: 1\n",
    );
  });

  test("inserts a first key, also in braces and in an empty map", () => {
    expect(rewriteYaml("- a: 1\n", [insertKey([0, "b"], "x")])).toBe("- b: x\n  a: 1\n");
    expect(rewriteYaml("{a: 1}\n", [insertKey(["b"], { c: "x" })])).toBe("{b: {c: x}, a: 1}\n");
    expect(rewriteYaml("a: {}\n", [insertKey(["a", "b"], "x")])).toBe("a: {b: x}\n");
  });

  test("removes a key with its lines and keeps the comment above it", () => {
    const text = "a: 1\n# about b\nb: # own\n  c: |\n    text\nd: 2\n";
    expect(rewriteYaml(text, [removeKey(["b"])])).toBe("a: 1\n# about b\nd: 2\n");
  });

  test("removes the first key after a dash", () => {
    expect(rewriteYaml("- a: 1\n  b: 2\n", [removeKey([0, "a"])])).toBe("- b: 2\n");
    expect(rewriteYaml("- a: 1\n  # c\n  b: 2\n", [removeKey([0, "a"])])).toBe(
      "- \n  # c\n  b: 2\n",
    );
    expect(rewriteYaml("- a: 1\n", [removeKey([0, "a"])])).toBe("- {}\n");
  });

  test("removes keys from braces with one comma each", () => {
    expect(rewriteYaml("{a: 1, b: 2, c: 3}", [removeKey(["a"])])).toBe("{b: 2, c: 3}");
    expect(rewriteYaml("{a: 1, b: 2, c: 3}", [removeKey(["c"])])).toBe("{a: 1, b: 2}");
    expect(rewriteYaml("{a: 1, b: 2, c: 3}", [removeKey(["a"]), removeKey(["b"])])).toBe("{c: 3}");
  });

  test("does not let a removed key come back from what its map merges", () => {
    const text = "a: &k {x: 1, z: 2}\nb:\n  <<: *k\n  x: 3\n";
    expect(rewriteYaml(text, [removeKey(["b", "x"])])).toBe("a: &k {x: 1, z: 2}\nb:\n  z: 2\n");
  });

  test("writes out what a removed anchor gave to others", () => {
    const text = "a:\n  k: &k {x: 1.10}\n  l: 1\nb: *k\n";
    expect(rewriteYaml(text, [removeKey(["a", "k"])])).toBe("a:\n  l: 1\nb: {x: 1.10}\n");
  });

  test("gives no text that says anything else than it should", () => {
    // The equal key before it would count then.
    expect(() => rewriteYaml("a: 1\na: 2\nb: 3\n", [removeKey(["a"])])).toThrow(
      'Cannot rewrite "a": the result would say something else than it should',
    );
  });

  test("refuses to insert what is there, or in front of what is not", () => {
    expect(() => rewriteYaml("a: 1\n", [insertKey(["a"], "x")])).toThrow("is there already");
    expect(() => rewriteYaml("a: 1\n", [insertKey(["b"], "x", "c")])).toThrow('there is no "c"');
    expect(() => rewriteYaml("a: 1\n", [removeKey(["b"])])).not.toThrow();
  });
});
