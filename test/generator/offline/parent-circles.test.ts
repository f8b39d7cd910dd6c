import { describe, expect, test } from "bun:test";
import { makeOffline } from "../../../src/generator/offline/index.ts";
import { offlineDeps } from "../../support/offline-deps.ts";
import { devfileText, generateFiles } from "../../support/registry-repository.ts";

const PUBLIC = "https://devfiles.internal";

/** Makes stacks offline, each with the parent named; parents stay at the registry. */
async function offline(parents: Readonly<Record<string, string | undefined>>) {
  const files = Object.entries(parents).map(([name, id]) => {
    const parent = `parent: {id: ${id}, registryUrl: "https://registry.devfile.io"}\n`;
    const text = devfileText({ name, icon: "data:,x" }, id === undefined ? "" : parent);
    return [`stacks/${name}/devfile.yaml`, text] as const;
  });
  const { build, report } = await generateFiles(Object.fromEntries(files), {
    force: true,
    offline: (content) =>
      makeOffline(content, offlineDeps({}, { publicUrl: PUBLIC, parents: "registry" })),
  });
  return {
    names: build?.index.map(({ name }) => name),
    errors: report.findings.filter(
      ({ severity, rule }) => severity === "error" && rule !== "parent-circle",
    ),
  };
}

describe("findCircles()", () => {
  test("leaves out devfiles whose parents lead back to them, and what needs these", async () => {
    const { names, errors } = await offline({ a: "b", b: "a", c: "a", base: undefined, d: "base" });
    expect(names).toEqual(["base", "d"]);
    expect(errors).toContainEqual(
      expect.objectContaining({
        rule: "parent-unreachable",
        file: "stacks/a/devfile.yaml",
        message:
          'Cannot resolve the parents of "stacks/a/devfile.yaml": they lead in a circle: ' +
          "stacks/a/devfile.yaml → stacks/b/devfile.yaml → stacks/a/devfile.yaml",
      }),
    );
    expect(errors.map(({ file }) => file)).toEqual([
      "stacks/a/devfile.yaml",
      "stacks/b/devfile.yaml",
      "stacks/c/devfile.yaml",
    ]);
  });

  test("knows a devfile that is its own parent, and parents that several share", async () => {
    const { names, errors } = await offline({ a: "a", b: "c", c: "base", d: "c", base: undefined });
    expect(names).toEqual(["b", "base", "c", "d"]);
    expect(errors.map(({ file }) => file)).toEqual(["stacks/a/devfile.yaml"]);
  });
});
