import { describe, expect, test } from "bun:test";
import { textOf } from "../../../src/bytes.ts";
import {
  type FetchableReference,
  flattenStarters,
  readStarterProject,
} from "../../../src/generator/index.ts";
import { IMPORT_DEPTH, IMPORTS } from "../../../src/limits.ts";

/** Flattens a devfile that knows others by their ids; gives what was asked for, too. */
async function flattened(text: string, others: Readonly<Record<string, string>> = {}) {
  const asked: FetchableReference[] = [];
  const found = await flattenStarters({ text, folder: "main", base: undefined }, async (each) => {
    asked.push(each);
    const id = each.kind === "registry" ? each.id : each.uri;
    const other = others[id];
    return other === undefined ? undefined : { text: other, folder: id, base: undefined };
  });
  return { found, asked };
}

const BASE = `schemaVersion: 2.2.0
starterProjects:
  - name: app
    description: An app
    git: {remotes: {origin: https://git.example/app.git}}
  - name: other
    zip: {location: other.zip}
`;

describe("flattenStarters()", () => {
  test("adds those of the parent, and of its parent, with what is overridden", async () => {
    const { found } = await flattened(
      `schemaVersion: 2.2.0
parent:
  id: middle
  starterProjects:
    - name: app
      git: {checkoutFrom: {revision: v2}}
starterProjects:
  - name: own
    zip: {location: own.zip}
`,
      { middle: "schemaVersion: 2.2.0\nparent: {id: base}\n", base: BASE },
    );
    const devfile = found?.devfile ?? new Uint8Array();
    expect(readStarterProject(devfile, "app")?.source).toEqual({
      kind: "git",
      remotes: { origin: "https://git.example/app.git" },
      checkoutFrom: { revision: "v2" },
    });
    expect(readStarterProject(devfile, "own")).toEqual({ name: "own", zip: "own.zip" });
    expect(textOf(devfile)).not.toContain("schemaVersion");
    expect(Object.fromEntries(found?.folders ?? [])).toEqual({
      own: ["main"],
      app: ["main", "base"],
      other: ["base"],
    });
  });

  test("adds those of plugins", async () => {
    const { found } = await flattened(
      "schemaVersion: 2.2.0\ncomponents:\n  - name: a\n    plugin: {id: base}\n",
      { base: BASE },
    );
    expect(readStarterProject(found?.devfile ?? new Uint8Array(), "other")).toBeDefined();
  });

  test("leaves out what is not at hand or broken, and keeps the rest", async () => {
    const devfile = (parent: string) =>
      `schemaVersion: 2.2.0\nparent: {id: ${parent}}\ncomponents:\n  - name: a\n    plugin: {id: base}\n`;
    for (const parent of ["nowhere", "broken", "list"]) {
      const { found } = await flattened(devfile(parent), {
        base: BASE,
        broken: "a: [",
        list: "- a",
      });
      expect(readStarterProject(found?.devfile ?? new Uint8Array(), "app")).toBeDefined();
    }
    expect((await flattened(devfile("nowhere"))).found).toBeUndefined();
    expect((await flattened("a: [")).found).toBeUndefined();
    expect((await flattened(BASE)).found).toBeUndefined();
  });

  test("ends where parents lead in a circle, in a long row, or to very many", async () => {
    const circle = { a: "parent: {id: b}\n", b: "parent: {id: a}\n" };
    expect((await flattened("parent: {id: a}\n", circle)).asked.length).toBe(2);
    const row = Array.from({ length: 2 * IMPORT_DEPTH }, (_, at) => [
      `p${at}`,
      `parent: {id: p${at + 1}}\n`,
    ]);
    const long = await flattened("parent: {id: p0}\n", Object.fromEntries(row));
    expect(long.asked.length).toBe(IMPORT_DEPTH);
    const plugins = Array.from(
      { length: IMPORTS + 9 },
      (_, at) => `  - {name: c${at}, plugin: {id: base}}`,
    );
    const many = await flattened(`components:\n${plugins.join("\n")}\n`, {
      base: "attributes: {}\n",
    });
    expect(many.asked.length).toBe(IMPORTS);
  });
});
