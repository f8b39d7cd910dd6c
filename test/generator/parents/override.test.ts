import { describe, expect, test } from "bun:test";
import { parse } from "yaml";
import { resolveParents } from "../../../src/generator/parents/index.ts";
import { servedDevfiles } from "./served-devfiles.ts";

const URI = "https://example.com/devfile.yaml";

/** Overrides lists of a parent and gives what they became. */
async function overridden(parent: string, overrides: string): Promise<Record<string, unknown>> {
  const deps = servedDevfiles({ [URI]: `schemaVersion: 2.2.0\n${parent}` });
  const text = `schemaVersion: 2.2.0\nparent:\n  uri: ${URI}\n${overrides.replace(/^/gm, "  ")}\n`;
  const { schemaVersion: _, ...rest } = parse((await resolveParents({ text }, deps)).text);
  return rest;
}

describe("overriding a parent", () => {
  const cases: readonly (readonly [string, string, string, unknown])[] = [
    [
      "replaces scalars and lists of scalars",
      "components: [{name: a, container: {image: i, args: [x, y]}}]",
      "components: [{name: a, container: {image: j, args: [z]}}]",
      { components: [{ name: "a", container: { image: "j", args: ["z"] } }] },
    ],
    [
      "lets empty values override nothing",
      "components: [{name: a, container: {image: i, args: [x]}}]",
      "components: [{name: a, container: {image: '', args: [], memoryLimit: null}}]",
      { components: [{ name: "a", container: { image: "i", args: ["x"] } }] },
    ],
    [
      "merges endpoints, env and volume mounts by name, new ones in the order of the override",
      "components: [{name: a, container: {env: [{name: A, value: '1'}, {name: B, value: '2'}, {name: C, value: '3'}]}}]",
      "components: [{name: a, container: {env: [{name: C, value: '9'}, {name: N, value: '0'}]}}]",
      {
        components: [
          {
            name: "a",
            container: {
              env: [
                { name: "A", value: "1" },
                { name: "B", value: "2" },
                { name: "C", value: "9" },
                { name: "N", value: "0" },
              ],
            },
          },
        ],
      },
    ],
    [
      "drops the old type of a component that gets another one",
      "components: [{name: a, container: {image: i}}]",
      "components: [{name: a, kubernetes: {inlined: x}}]",
      { components: [{ name: "a", kubernetes: { inlined: "x" } }] },
    ],
    [
      "drops the old location of a manifest, and the old source of a project",
      "components: [{name: a, kubernetes: {uri: u, deployByDefault: true}}]\nstarterProjects: [{name: s, git: {remotes: {o: u}}, subDir: d}]",
      "components: [{name: a, kubernetes: {inlined: x}}]\nstarterProjects: [{name: s, zip: {location: z}}]",
      {
        components: [{ name: "a", kubernetes: { inlined: "x", deployByDefault: true } }],
        starterProjects: [{ name: "s", subDir: "d", zip: { location: "z" } }],
      },
    ],
    [
      "merges attributes by key, replaces what is below and takes away what is null",
      "attributes: {a: {x: 1, y: 2}, b: 2, c: 3}",
      "attributes: {a: {z: 3}, b: null}",
      { attributes: { a: { z: 3 }, c: 3 } },
    ],
    [
      "takes null out of new attributes and keeps it in replaced ones",
      "components: [{name: a, attributes: {x: {n: 1}}, container: {image: i, endpoints: []}}]",
      "components: [{name: a, attributes: {x: {n: null}, y: {n: null}}, container: {endpoints: [{name: e, targetPort: 1, attributes: {z: {n: null}}}]}}]",
      {
        components: [
          {
            name: "a",
            attributes: { x: { n: null }, y: {} },
            container: {
              image: "i",
              endpoints: [{ name: "e", targetPort: 1, attributes: { z: {} } }],
            },
          },
        ],
      },
    ],
    [
      "adds keys to maps, so that a remote joins the others",
      "projects: [{name: p, git: {remotes: {origin: a}}}]",
      "projects: [{name: p, git: {remotes: {fork: b}, checkoutFrom: {remote: fork}}}]",
      {
        projects: [
          {
            name: "p",
            git: { remotes: { origin: "a", fork: "b" }, checkoutFrom: { remote: "fork" } },
          },
        ],
      },
    ],
    [
      "replaces the commands of a composite",
      "commands: [{id: c, composite: {commands: [a, b], parallel: true}}]",
      "commands: [{id: c, composite: {commands: [b]}}]",
      { commands: [{ id: "c", composite: { commands: ["b"], parallel: true } }] },
    ],
  ];
  for (const [name, parent, overrides, expected] of cases) {
    test(name, async () => {
      expect(await overridden(parent, overrides)).toEqual(expected as Record<string, unknown>);
    });
  }
});
