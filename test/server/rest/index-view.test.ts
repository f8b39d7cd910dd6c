import { describe, expect, test } from "bun:test";
import { viewIndex } from "../../../src/server/rest/index-view.ts";
import { FILTER_INDEX, PLAIN_SAMPLE } from "../../support/filter-index.ts";

const flat = (name: string) =>
  viewIndex(FILTER_INDEX, "v1", "all").find((entry) => entry.name === name);

describe("viewIndex()", () => {
  test("gives whole entries of a kind in v2", () => {
    expect(viewIndex(FILTER_INDEX, "v2", "all")).toEqual(FILTER_INDEX);
    expect(viewIndex(FILTER_INDEX, "v2", "sample")).toEqual(FILTER_INDEX.slice(3));
    expect(viewIndex(FILTER_INDEX, "v2", "stack")).toEqual(FILTER_INDEX.slice(0, 3));
  });

  test("gives a stack the fields of its default version in v1", () => {
    expect(flat("nodejs")).toEqual({
      name: "nodejs",
      displayName: "Node.js  Runtime",
      description: "JavaScript on the server",
      type: "stack",
      tags: ["Node.js"],
      architectures: ["amd64"],
      icon: "https://icons.example/node.svg",
      projectType: "Node.js",
      language: "JavaScript",
      provider: "Red Hat",
      supportUrl: "https://example.com/support",
      attributes: { "alpha.build-context": ".", other: 1 },
      version: "2.1.1",
      links: { self: "devfile-catalog/nodejs:2.1.1" },
      resources: ["devfile.yaml"],
      starterProjects: ["plain"],
    });
  });

  test("gives a sample the git of its default version in v1, or leaves it as it is", () => {
    expect(flat("quarkus-sample")?.git).toEqual({
      remotes: { origin: "https://git.example/quarkus-one.git" },
    });
    expect(flat("quarkus-sample")).not.toHaveProperty("version");
    expect(flat("node-sample")).toEqual(PLAIN_SAMPLE);
  });

  test("leaves out of v1 what has no default, and stacks without versions", () => {
    expect(flat("undecided")).toBeUndefined();
    expect(viewIndex([{ name: "bare", type: "stack" }], "v1", "all")).toEqual([]);
  });

  test("leaves command groups and deployment scopes out of v1", () => {
    const entry = {
      ...PLAIN_SAMPLE,
      commandGroups: { build: true },
      deploymentScopes: { innerloop: true },
    };
    const [flattened] = viewIndex([entry], "v1", "all");
    expect(flattened).toEqual(PLAIN_SAMPLE);
  });
});
