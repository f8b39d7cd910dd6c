import { describe, expect, test } from "bun:test";
import { textOf, utf8 } from "../../src/bytes.ts";
import { formatIndex, type IndexEntry } from "../../src/generator/index.ts";
import {
  formatIndexInTurns,
  parseIndex,
  parseIndexInTurns,
} from "../../src/generator/index-json.ts";
import { takeTurn } from "../../src/turn.ts";
import { ENTRIES_IN_A_ROW } from "../../src/turn-limits.ts";

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

describe("formatIndexInTurns()", () => {
  test.each([0, 1, 3])("writes %d entries as formatIndex() does", async (count) => {
    const index = Array.from({ length: count }, (_, at) => ({ name: `n${at} <ü>`, tags: ["a"] }));
    expect(textOf(await formatIndexInTurns(index))).toBe(textOf(formatIndex(index)));
  });
});

describe("parseIndexInTurns()", () => {
  const long = Array.from({ length: 3 * ENTRIES_IN_A_ROW }, (_, at) => ({
    name: `n${at}`,
    tags: null,
  }));

  test.each([
    { json: null },
    { json: [] },
    { json: long },
    { json: [{ name: "go", attributes: { a: null } }] },
  ])("reads %# as parseIndex() does", async ({ json }) => {
    const bytes = utf8(JSON.stringify(json));
    expect(await parseIndexInTurns(bytes, "index.json")).toEqual(parseIndex(bytes));
  });

  test.each([
    [[...long, { displayName: "no name" }], `/${long.length}/name`],
    [{ name: "go" }, "/"],
  ])("names the place of what is wrong", async (json, place) => {
    const reading = parseIndexInTurns(utf8(JSON.stringify(json)), "a.json");
    expect(reading).rejects.toThrow(`Cannot read "a.json": ${place}: Expected`);
    await reading.catch(() => undefined);
  });

  test("lets others have their turn", async () => {
    const order: string[] = [];
    const reading = parseIndexInTurns(utf8(JSON.stringify(long)), "a.json");
    const read = reading.then(() => order.push("read"));
    await takeTurn();
    order.push("another");
    await read;
    expect(order).toEqual(["another", "read"]);
  });
});
