import { describe, expect, test } from "bun:test";
import { SEARCH_TEXT_CHARS } from "../../../src/api-limits.ts";
import type { RegistryIndex } from "../../../src/generator/index.ts";
import { createSearch } from "../../../src/server/search/search.ts";
import { indexedWordsOf, wordsOf } from "../../../src/server/search/words.ts";
import { takeTurn } from "../../../src/turn.ts";
import { SEARCHED_IN_A_ROW } from "../../../src/turn-limits.ts";

const INDEX: RegistryIndex = [
  { name: "go", displayName: "Go Runtime", type: "stack", tags: ["Go"], language: "Go" },
  { name: "go-basic", displayName: "Basic Go", type: "sample", language: "Go" },
  {
    name: "nodejs",
    displayName: "Node.js Runtime",
    type: "stack",
    language: "JavaScript",
    projectType: "Node.js",
    versions: [{ version: "2.0.0", default: true, tags: ["Express"] }],
  },
  { name: "java-springboot", displayName: "Spring Boot®", description: "Java with Maven" },
  { name: "python-django", displayName: "Django", tags: ["Python", "Pip"], provider: "Red Hat" },
  { name: "cpp", displayName: "C++", description: "Written with a café" },
  { name: "c", displayName: "C", description: "The language, goes with everything" },
  { name: "dotnet80", displayName: ".NET 8.0", tags: [".NET", "C#"] },
];
const search = createSearch(INDEX);
const names = async (text: string) => (await search(text)).map(({ entry }) => entry.name);

describe("createSearch()", () => {
  test.each([
    ["go", ["go", "go-basic", "c"]],
    ["GO  runtime", ["go"]],
    ["node.js", ["nodejs"]],
    ["nodejs", ["nodejs"]],
    ["Node JS", ["nodejs"]],
    ["spring boot", ["java-springboot"]],
    ["springboot", ["java-springboot"]],
    ["djan", ["python-django"]],
    ["red hat", ["python-django"]],
    ["express", ["nodejs"]],
    ["cafe", ["cpp"]],
    ["c#", ["dotnet80"]],
    [".net", ["dotnet80"]],
  ])("%s finds %p", async (text, expected) => {
    expect(await names(text)).toEqual(expected);
  });

  test("puts what is called so first", async () => {
    expect((await names("c++"))[0]).toBe("cpp");
    expect((await names("C"))[0]).toBe("c");
  });

  test.each([
    ["pyhton", "python-django"],
    ["javascirpt", "nodejs"],
    ["sprng boot", "java-springboot"],
    ["dajngo", "python-django"],
  ])("%s is misspelt", async (text, expected) => {
    expect((await names(text))[0]).toBe(expected);
  });

  test("takes some of the words where nothing has all of them", async () => {
    expect(await names("django zzzzzzz")).toEqual(["python-django"]);
  });

  test("does not look for misspellings where something is spelt so", async () => {
    expect(await names("maven")).toEqual(["java-springboot"]);
  });

  test.each(["", "   ", "!?%", "\u0000", "qqqqqqqq"])("%p finds nothing", async (text) => {
    expect(await names(text)).toEqual([]);
  });

  test("gives scores, the best first, and the entries themselves", async () => {
    const hits = await search("go");
    expect(hits[0]?.entry).toBe(INDEX[0] ?? { name: "" });
    const scores = hits.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  });

  test("looks at no more than it must of a long text", async () => {
    const text = `go ${"x".repeat(10 * SEARCH_TEXT_CHARS)}`;
    expect((await names(text))[0]).toBe("go");
    expect((await names("a ".repeat(10_000))).length).toBeLessThan(INDEX.length + 1);
  });

  test("lets others have their turn while words are gathered, once for all who wait", async () => {
    const long = "word ".repeat(SEARCHED_IN_A_ROW / 5);
    const index = Array.from({ length: 20 }, (_, at) => ({ name: `n${at}`, description: long }));
    const order: string[] = [];
    const ask = async (name: string) => {
      order.push(name);
      const hits = await createSearch(index)("n7");
      order.push(...hits.map(({ entry }) => entry.name));
    };
    const asked = Promise.all([ask("first"), ask("second")]);
    await takeTurn();
    order.push("another");
    await asked;
    expect(order).toEqual(["first", "second", "another", "n7", "n7"]);
  });

  test("finds nothing in an empty index", async () => {
    expect(await createSearch([])("go")).toEqual([]);
  });
});

describe("words", () => {
  test("are split at what is no letter or digit", () => {
    expect(wordsOf("Spring-Boot 3.2 (C++, C#)")).toEqual(["spring", "boot", "3", "2", "c++", "c#"]);
    expect(indexedWordsOf("Node.js runs")).toEqual(["node", "js", "nodejs", "runs"]);
    expect(wordsOf("Ünïcode 日本語")).toEqual(["unicode", "日本語"]);
  });
});
