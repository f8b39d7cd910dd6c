import { describe, expect, test } from "bun:test";
import { FILE_FINDINGS } from "../../../../src/limits.ts";
import { changed, schemaFindings } from "./schema-findings.ts";

const places = (text: string) => schemaFindings(text).map((line) => line.split(" ", 2).join(" "));

describe("schemaRules on several mistakes", () => {
  test("find each of them once", () => {
    const text = `schemaVersion: 2.2.2
metadata: {version: 1.10}
components:
  - name: Tools
    container: {memoryLimit: 1, image: yes, env: [{name: A}]}
commands:
  - {id: a, exec: {component: tools}}
`;
    expect(places(text).sort()).toEqual([
      "schema-pattern 4:11",
      "schema-required 5:51",
      "schema-required 7:19",
      "schema-type 2:21",
      "schema-type 5:30",
      "schema-type 5:40",
    ]);
  });

  test("name each key that is missing", () => {
    const exec = "    exec:\n      component: tools\n      commandLine: make\n";
    expect(schemaFindings(changed(exec, "    exec:\n"))).toEqual([
      'schema-required 42:7 commands[0].exec: exec lacks commandLine (Add "commandLine:" with its value)',
      'schema-required 42:7 commands[0].exec: exec lacks component (Add "component:" with its value)',
    ]);
  });

  test("say which versions know what an older one does not", () => {
    const hint = "(Only schemaVersion 2.2.0, 2.2.1, 2.2.2 and 2.3.0 have it)";
    expect(schemaFindings(changed("schemaVersion: 2.2.2", "schemaVersion: 2.1.0"))).toEqual([
      `schema-unknown-key 35:5 components[3].image: components[3] cannot have the key "image" ${hint}`,
      `schema-unknown-key 13:3 parent.version: parent cannot have the key "version" ${hint}`,
    ]);
  });

  test("judge metadata even where the schema version is unknown", () => {
    expect(places("schemaVersion: 3.0.0\nmetadata: {version: 1.10, tags: a}\n")).toEqual([
      "schema-version 1:16",
      "schema-type 2:21",
      "schema-type 2:33",
    ]);
  });

  test("tell of so many mistakes, and that there are more", () => {
    const keys = Array.from({ length: 20_000 }, (_, at) => `key${at}: {a: b}\n`).join("");
    const found = schemaFindings(`schemaVersion: 2.2.0\n${keys}`);
    expect(found).toHaveLength(FILE_FINDINGS + 1);
    expect(found.at(-1)).toContain(`there are more than ${FILE_FINDINGS} errors`);
  });

  test("repeat no more than the beginning of long texts", () => {
    const long = "k".repeat(200_000);
    for (const [from, to] of [
      ["memoryLimit: 1Gi", `${long.slice(0, 1000)}: 1Gi`],
      ["name: data", `name: ${long}!`],
      ["kind: build", `kind: ${long}`],
      ["parallel: false", `parallel: ${long}`],
    ] as const) {
      const [found = ""] = schemaFindings(changed(from, to));
      expect(found.replace(/ \S+: /, "").length).toBeLessThan(500);
    }
  });
});
