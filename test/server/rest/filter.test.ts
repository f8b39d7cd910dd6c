import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { IndexEntry } from "../../../src/generator/index.ts";
import { parseIndexQuery } from "../../../src/server/contract/index.ts";
import { filterIndex } from "../../../src/server/rest/filter.ts";
import { viewIndex } from "../../../src/server/rest/index-view.ts";
import { FILTER_INDEX } from "../../support/filter-index.ts";

/** What a query leaves: each entry with the versions it kept. */
function leave(form: "v1" | "v2", text: string): string[] {
  const { query, fault } = parseIndexQuery(form, text);
  if (fault !== undefined) throw new Error(`${fault.parameter} ${fault.value}`);
  const { entries } = filterIndex(viewIndex(FILTER_INDEX, form, "all"), query);
  return entries.map(({ name, versions }) =>
    versions === undefined ? name : `${name} ${versions.map((each) => each.version).join(" ")}`,
  );
}

const NODE = "nodejs 2.2.0 2.1.1 1.0.0";
const GO = "go 1.2.0";
const ODD = "undecided 1.0.0";
const PLAIN = "node-sample";
const QUARKUS = "quarkus-sample 2.0.0 1.0.0";
const ALL = [NODE, GO, ODD, PLAIN, QUARKUS];

describe("v2 filters", () => {
  test.each([
    // Texts of the entry alone: substrings, any letter case, white space collapsed.
    ["name=node", [NODE, PLAIN]],
    ["name=NODE", [NODE, PLAIN]],
    ["name=ecid", [ODD]],
    ["displayName=node.js%20runtime", [NODE]],
    ["displayName=%20%20Go%20%20Run", [GO]],
    ["projectType=node", [NODE]],
    ["language=script", [NODE, PLAIN]],
    ["provider=red%20%20hat", [NODE]],
    ["supportUrl=example.com", [NODE]],
    ["name=nothing", []],
    // What is only a version's is not looked for in these.
    ["attributeNames=preview", []],
    ["displayName=newest", []],
    // Texts of entry and version: the versions that match, else the whole entry if it matches.
    ["description=javascript", [NODE]],
    ["description=proven", ["nodejs 2.1.1"]],
    ["iconUri=node-2", ["nodejs 2.2.0"]],
    ["iconUri=icons.example", ["nodejs 2.2.0"]],
    ["gitUrl=samples", [PLAIN]],
    ["gitRemoteName=ORIGIN", [PLAIN]],
    ["gitSubDir=web", [PLAIN]],
    ["gitRevision=main", [PLAIN]],
    // Lists: every value wanted has to be there.
    ["tags=preview", ["nodejs 2.2.0"]],
    ["tags=node.js&tags=express", ["nodejs 2.2.0"]],
    ["tags=node.js&tags=java", []],
    ["tags=Node.js,Express", []],
    ["attributeNames=alpha.build-context", [NODE]],
    ["attributeNames=alpha.build-context&attributeNames=other", [NODE]],
    ["attributeNames=missing", []],
    ["resources=archive.tar", ["nodejs 2.2.0"]],
    ["starterProjects=plain", ["nodejs 2.1.1"]],
    ["links=self", [NODE, GO]],
    ["linkNames=self", [NODE, GO]],
    ["linkNames=devfile-catalog", []],
    ["links=devfile-catalog", []],
    ["links=self&linkNames=other", []],
    ["starterProjects=express&starterProjects=plain", []],
    ["resources=devfile.yaml&resources=archive", ["nodejs 2.2.0"]],
    ["tags=node.js%20%20&tags=EXPRESS", ["nodejs 2.2.0"]],
    ["gitRemoteNames=origin", [PLAIN, "quarkus-sample 1.0.0"]],
    ["gitRemotes=quarkus-two", ["quarkus-sample 2.0.0"]],
    ["commandGroups=debug", ["nodejs 2.2.0"]],
    ["commandGroups=build&commandGroups=test", ["nodejs 2.1.1"]],
    ["commandGroups=deploy", []],
    ["deploymentScopes=innerloop", ["nodejs 2.2.0"]],
    ["deploymentScopes=outerloop", []],
    // No architecture means every architecture.
    ["arch=amd64", [NODE, ODD, PLAIN, QUARKUS]],
    ["arch=arm64", ["nodejs 2.2.0 1.0.0", GO, ODD, PLAIN, QUARKUS]],
    ["arch=amd64&arch=s390x", ["nodejs 2.2.0", ODD, PLAIN, QUARKUS]],
    // Ranges: both ends count, missing parts are zero, entries without versions are in none.
    ["minVersion=2.1.1", ["nodejs 2.2.0 2.1.1"]],
    ["minVersion=2.0", ["nodejs 2.2.0 2.1.1", "quarkus-sample 2.0.0"]],
    ["maxVersion=1.0", ["nodejs 1.0.0", ODD, "quarkus-sample 1.0.0"]],
    ["minVersion=1.1&maxVersion=2.1.1", ["nodejs 2.1.1", GO, "quarkus-sample 2.0.0"]],
    ["minSchemaVersion=2.2", ["nodejs 2.2.0", GO, "quarkus-sample 2.0.0"]],
    ["maxSchemaVersion=2.0.0", ["nodejs 1.0.0", ODD]],
    ["minSchemaVersion=2.1.0&maxSchemaVersion=2.1", ["nodejs 2.1.1", "quarkus-sample 1.0.0"]],
    ["minSchemaVersion=2.2.0-alpha&maxSchemaVersion=2.2", ["nodejs 2.2.0", "quarkus-sample 2.0.0"]],
    // Days in UTC: 22:00-05:00 on 31 May is 1 June.
    ["minLastModified=2025-06-01&maxLastModified=2025-06-01", ["nodejs 2.2.0 2.1.1"]],
    ["minLastModified=2025-06-02", [GO, PLAIN]],
    ["maxLastModified=2024-01-01", ["nodejs 1.0.0"]],
    ["default=true", ["nodejs 2.1.1", GO, "quarkus-sample 1.0.0"]],
    ["default=false", ["nodejs 2.2.0 1.0.0", ODD, "quarkus-sample 2.0.0"]],
    ["deprecated=true", [GO]],
    ["deprecated=false", [NODE, ODD, PLAIN, QUARKUS]],
    // All of them together: an entry, and a version of it, must match every one.
    ["name=node&default=true", ["nodejs 2.1.1"]],
    ["tags=preview&default=true", []],
    ["minSchemaVersion=2.1&arch=arm64", ["nodejs 2.2.0", GO, QUARKUS]],
    ["description=javascript&maxVersion=1.0", ["nodejs 1.0.0"]],
    // What says nothing filters nothing.
    ["", ALL],
    ["unknown=1", ALL],
    ["name=&tags=", ALL],
    ["name=go&name=node", [GO]],
  ])("%s", (query, expected) => {
    expect(leave("v2", query)).toEqual(expected);
  });
});

describe("v1 filters", () => {
  test.each([
    ["", ["nodejs", "go", "node-sample", "quarkus-sample"]],
    ["tags=node.js", ["nodejs", "node-sample"]],
    ["tags=preview", []],
    ["arch=amd64", ["nodejs", "node-sample", "quarkus-sample"]],
    ["resources=devfile.yaml", ["nodejs", "go"]],
    ["starterProjects=plain", ["nodejs"]],
    ["gitRemotes=quarkus-one", ["quarkus-sample"]],
    ["deprecated=true", ["go"]],
    ["links=self", ["nodejs", "go"]],
    // Parameters of v2 alone are unknown here.
    ["minVersion=9.9&default=nonsense", ["nodejs", "go", "node-sample", "quarkus-sample"]],
  ])("%s", (query, expected) => {
    expect(leave("v1", query)).toEqual(expected);
  });
});

describe("deprecated", () => {
  const stack = (name: string, own: string[], chosen: string[], other: string[]): IndexEntry => ({
    name,
    type: "stack",
    tags: own,
    versions: [
      { version: "2.0.0", tags: other },
      { version: "1.0.0", default: true, tags: chosen },
    ],
  });
  const index = [
    stack("by-entry", ["Deprecated"], ["Go"], []),
    stack("by-default", ["Go"], ["Go", "Deprecated"], []),
    stack("by-other", ["Go"], ["Go"], ["Deprecated"]),
    stack("by-letter-case", ["deprecated"], ["DEPRECATED"], []),
  ];

  test.each([
    ["deprecated=true", ["by-entry", "by-default"]],
    ["deprecated=false", ["by-other", "by-letter-case"]],
  ])("%s looks at the tags of the entry and of its default version", (text, expected) => {
    const { query = {} } = parseIndexQuery("v2", text);
    const { entries } = filterIndex(index, query);
    expect(entries.map(({ name }) => name)).toEqual(expected);
    expect(entries.every(({ versions }) => versions?.length === 2)).toBe(true);
  });
});

describe("filterIndex()", () => {
  test("says whether ranges or texts left nothing", () => {
    const left = (text: string) => {
      const { query = {} } = parseIndexQuery("v2", text);
      return filterIndex(FILTER_INDEX, query).emptiedByRange;
    };
    expect(left("minVersion=9.0")).toBe(true);
    expect(left("minVersion=9.0&name=go")).toBe(true);
    expect(left("name=nothing")).toBe(false);
    expect(left("minVersion=1.0&name=nothing")).toBe(false);
  });

  test("keeps the order of the index and changes nothing in it", () => {
    const before = JSON.stringify(FILTER_INDEX);
    fc.assert(
      fc.property(
        fc.subarray(["arch=arm64", "default=true", "tags=node", "minVersion=1.1", "name=o"]),
        (parts) => {
          const { query = {} } = parseIndexQuery("v2", parts.join("&"));
          const names = filterIndex(FILTER_INDEX, query).entries.map(({ name }) => name);
          const order = FILTER_INDEX.map(({ name }) => name).filter((name) => names.includes(name));
          expect(names).toEqual(order);
        },
      ),
    );
    expect(JSON.stringify(FILTER_INDEX)).toBe(before);
  });
});

test("a text given a thousand times is looked for as one", () => {
  const tags = Array.from({ length: 1_000 }, (_, at) => (at % 2 === 0 ? "java" : " JAVA"));
  const entry: IndexEntry = { name: "a", type: "stack", tags: ["Java Spring"] };
  expect(filterIndex([entry], { tags }).entries).toEqual([entry]);
  expect(filterIndex([entry], { tags: [...tags, "go"] }).entries).toEqual([]);
});
