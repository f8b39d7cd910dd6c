import { describe, expect, test } from "bun:test";
import { textOf, utf8 } from "../../src/bytes.ts";
import { formatIndex, type IndexEntry, parseIndex } from "../../src/generator/index.ts";

const parse = (json: unknown) => parseIndex(utf8(JSON.stringify(json)));

describe("formatIndex()", () => {
  test("orders fields as the Go generator does, unknown ones last", () => {
    const entry = {
      lastModified: "2025-01-01T00:00:00Z",
      later: "field",
      supportUrl: "s",
      git: { revision: "main", remotes: { b: "2", a: "1" } },
      versions: [{ icon: "i", default: true, version: "1.0.0" }],
      name: "go",
    } as IndexEntry;
    const printed = textOf(formatIndex([entry]));
    expect([...printed.matchAll(/"(\w+)":/g)].map(([, key]) => key)).toEqual(
      "name git remotes a b revision supportUrl versions version default icon lastModified later".split(
        " ",
      ),
    );
    expect(printed.endsWith("\n")).toBe(false);
  });

  test("leaves out what is empty, but not an empty git", () => {
    const entry: IndexEntry = {
      name: "go",
      displayName: "",
      tags: [],
      links: {},
      git: {},
      versions: [{ version: "1.0.0", default: false, commandGroups: { run: false } }],
    };
    expect(JSON.parse(textOf(formatIndex([entry])))).toEqual([
      {
        name: "go",
        git: {},
        versions: [{ version: "1.0.0", commandGroups: { run: false } }],
      },
    ]);
  });

  test("prints an index without entries as an empty list", () => {
    expect(textOf(formatIndex([]))).toBe("[]");
  });
});

describe("parseIndex()", () => {
  test("takes null for absent, keeps null in attributes and keeps unknown fields", () => {
    const entry = { name: "go", tags: null, attributes: { a: null }, later: 1, versions: null };
    expect(parse([entry])).toEqual([{ name: "go", attributes: { a: null }, later: 1 }] as never);
  });

  test("takes the null that Go prints for no entries, and a byte order mark", () => {
    expect(parse(null)).toEqual([]);
    expect(parseIndex(utf8("\ufeff[]"))).toEqual([]);
  });

  test.each([
    [[{ displayName: "no name" }], "/0/name"],
    [[{ name: "go", versions: [{ tags: "Go" }] }], "/0/versions/0/tags"],
    [{ name: "go" }, "/"],
  ])("names the place of what is wrong in %j", (json, place) => {
    expect(() => parse(json)).toThrow(`Cannot read "index.json": ${place}: Expected`);
  });

  test("refuses what is not JSON", () => {
    expect(() => parseIndex(utf8("[{"), "build/index.json")).toThrow(
      'Cannot read "build/index.json"',
    );
  });
});
