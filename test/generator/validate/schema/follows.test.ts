import { expect, test } from "bun:test";
import { followsSchema } from "../../../../src/generator/validate/schema/follows.ts";
import { jsonValue } from "../../../../src/generator/validate/schema/json-value.ts";
import { schemaErrors } from "../../../../src/generator/validate/schema/validators.ts";
import {
  SCHEMA_VERSIONS,
  type SchemaVersion,
} from "../../../../src/generator/validate/schema/versions.ts";
import { parseYaml, type YamlNode, type YamlTree } from "../../../../src/generator/yaml/index.ts";

const MUTANTS = 12_000;

/** What every version takes. */
const COMMON = `
metadata:
  name: go
  version: 1.0.0
  tags: [Go, Web]
  icon: https://example.com/go.png
  attributes: { any: { thing: [1, 2.5, true, ~, text] } }
parent: { id: base, registryUrl: "https://example.com", components: [] }
projects:
  - name: service
    git: { checkoutFrom: { remote: origin, revision: main }, remotes: { origin: "https://example.com" } }
starterProjects:
  - { name: starter, description: a, subDir: b, zip: { location: "https://example.com/a.zip" } }
components:
  - name: tools
    attributes: { a: 1 }
    container:
      image: golang:1.22
      args: [tail, -f]
      command: [sh]
      memoryLimit: 1Gi
      mountSources: true
      env: [{ name: GOPATH, value: /go }]
      volumeMounts: [{ name: cache, path: /cache }]
      endpoints:
        - { name: web, targetPort: 8080, exposure: public, protocol: http, secure: no, path: / }
        - { name: debug, targetPort: 0x1F, exposure: none }
  - { name: cache, volume: { size: 1Gi } }
  - { name: deploy, kubernetes: { uri: deploy.yaml } }
  - { name: shift, openshift: { inlined: "kind: Deployment" } }
commands:
  - id: build
    exec:
      component: tools
      commandLine: go build
      workingDir: /src
      hotReloadCapable: false
      env: [{ name: A, value: b }]
      group: { kind: build, isDefault: true }
  - { id: apply, apply: { component: tools, label: x, group: { kind: run } } }
  - { id: all, composite: { commands: [build], parallel: on } }
events: { preStart: [apply], postStart: [build], preStop: [], postStop: [] }
`;

/** What all but the first version take, too. */
const LATER = `
attributes: { one: text, two: [1] }
variables: { tag: latest }
`;
const METADATA = "metadata:\n  architectures: [amd64, arm64]";

/** What a scalar may be turned into. */
const SCALARS = ["1", "1.5", "-3", "true", "no", "~", '""', "a", '"1"', "A b", ".inf", ".NAN"];
const WORDS = ["2030-01-01", "0o17", "9223372036854775808", "x".repeat(16), "y".repeat(64)];
const SHAPES = ["[]", "{}", "[a]", "[a, a]", "[1, b]", "{ a: b }", "{ id: a, uri: b }"];
const REPLACEMENTS = [...SCALARS, ...WORDS, ...SHAPES].map((text) => treeOf(text));

for (const version of SCHEMA_VERSIONS) {
  test(`followsSchema() says of ${version} what the validators of ajv say`, () => {
    const root = devfile(version);
    expect(isAccepted(version, root)).toBe(true);
    const verdicts = { accepted: 0, refused: 0 };
    const random = seeded(20_260);
    for (let at = 0; at < MUTANTS / SCHEMA_VERSIONS.length; at++) {
      const mutant = mutated(root, random);
      const accepted = isAccepted(version, mutant);
      verdicts[accepted ? "accepted" : "refused"] += 1;
      expect([followsSchema(version, mutant), mutant]).toEqual([accepted, mutant]);
    }
    expect(Math.min(verdicts.accepted, verdicts.refused)).toBeGreaterThan(100);
  });
}

test("followsSchema() leaves what it is not sure of to the validators", () => {
  const long = treeOf(`{ schemaVersion: 2.2.0, components: [{ name: ${"😀".repeat(60)} }] }`);
  expect(followsSchema("2.2.0", long)).toBe(false);
  expect(followsSchema("2.2.0", undefined)).toBe(false);
});

function devfile(version: SchemaVersion): YamlTree {
  const since = SCHEMA_VERSIONS.indexOf(version);
  const known = since === 0 ? COMMON : `${COMMON}${LATER}`;
  const text = known.replace("metadata:", since === 0 ? "metadata:" : METADATA);
  return treeOf(`schemaVersion: ${version}\n${text}`);
}

function treeOf(text: string): YamlTree {
  const root = nodeOf(`value:\n${text.replace(/^/gm, "  ")}\n`);
  const { tree } = root.get("value");
  if (tree === undefined) throw new Error(`no value: ${text}`);
  return tree;
}

function nodeOf(text: string): YamlNode {
  const root = parseYaml("devfile.yaml", new TextEncoder().encode(text), ({ message }) => {
    throw new Error(`${message}: ${text}`);
  });
  if (root === undefined) throw new Error(`broken: ${text}`);
  return root;
}

function isAccepted(version: SchemaVersion, tree: YamlTree): boolean {
  let fits = true;
  const value = jsonValue({ tree }, () => {
    fits = false;
  });
  return schemaErrors(version, value).length === 0 && fits;
}

/** Gives a copy that differs somewhere. */
function mutated(tree: YamlTree, random: () => number): YamlTree {
  const below = tree.kind === "map" ? tree.pairs : tree.kind === "list" ? tree.items : [];
  const pick = Math.floor(random() * below.length);
  if (tree.kind === "scalar" || below.length === 0 || random() < 0.05) return changed(tree, random);
  if (tree.kind === "list") {
    const item = tree.items[pick];
    const next = item === undefined ? undefined : mutated(item, random);
    return { ...tree, items: tree.items.with(pick, next) };
  }
  const pair = tree.pairs[pick];
  if (pair === undefined) return tree;
  const value = pair.value === undefined ? undefined : mutated(pair.value, random);
  return { ...tree, pairs: tree.pairs.with(pick, { ...pair, value }) };
}

function changed(tree: YamlTree, random: () => number): YamlTree {
  const oneOf = <Value>(all: readonly Value[]) => all[Math.floor(random() * all.length)];
  const other = oneOf(REPLACEMENTS) ?? tree;
  if (tree.kind === "scalar" || random() < 0.2) return other;
  if (tree.kind === "list") {
    const items = random() < 0.5 ? tree.items.slice(1) : [...tree.items, oneOf(tree.items), other];
    return { ...tree, items };
  }
  const gone = Math.floor(random() * tree.pairs.length);
  const kept = tree.pairs.filter((_, at) => at !== gone);
  const key = oneOf(["extra", "container", "exec", "uri", "git", "zip", "__proto__"]) ?? "";
  const added = { key, keyOffset: 0, value: other };
  if (random() < 0.5) return { ...tree, pairs: kept };
  return { ...tree, pairs: [...tree.pairs.filter((pair) => pair.key !== key), added] };
}

/** Gives the same numbers from 0 to 1 in each run. Mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
