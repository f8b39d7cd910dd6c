import { describe, expect, test } from "bun:test";
import { findParents, formatReference } from "../../../src/generator/parents/index.ts";

describe("findParents()", () => {
  test("finds the parent and plugins with their places", () => {
    const text = `schemaVersion: 2.2.0
parent:
  id: go
  registryUrl: https://registry.example.com
  version: 1.10
components:
  - name: c
    container: {image: i}
  - name: p
    plugin:
      uri: ../plugin.yaml
  - name: k
    plugin: {kubernetes: {name: n, namespace: s}}
`;
    expect(findParents(text)).toEqual([
      {
        path: "parent",
        parts: ["parent"],
        line: 3,
        column: 3,
        reference: {
          kind: "registry",
          id: "go",
          registryUrl: "https://registry.example.com",
          version: "1.10",
        },
      },
      {
        path: "components[1].plugin",
        parts: ["components", 1, "plugin"],
        line: 11,
        column: 7,
        reference: { kind: "uri", uri: "../plugin.yaml" },
      },
      {
        path: "components[2].plugin",
        parts: ["components", 2, "plugin"],
        line: 13,
        column: 13,
        reference: { kind: "kubernetes", name: "n", namespace: "s" },
      },
    ]);
  });

  test("finds plugins that a devfile overrides in its parent, and nothing in one without", () => {
    const text =
      "schemaVersion: 2.0.0\nparent:\n  id: a\n  components: [{name: p, plugin: {id: b}}]\n";
    expect(findParents(text).map(({ path }) => path)).toEqual([
      "parent",
      "parent.components[0].plugin",
    ]);
    expect(findParents("schemaVersion: 2.2.0\n")).toEqual([]);
  });
});

describe("formatReference()", () => {
  test("names what is referred to", () => {
    expect(formatReference({ kind: "uri", uri: "x" })).toBe("uri: x");
    expect(formatReference({ kind: "kubernetes", name: "n" })).toBe("kubernetes: n");
    expect(formatReference({ kind: "registry", id: "go", version: "1.0.0" })).toBe(
      "id: go, version: 1.0.0",
    );
  });
});
