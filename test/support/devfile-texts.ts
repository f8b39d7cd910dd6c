import fc from "fast-check";
import { stringify } from "yaml";
import { utf8 } from "../../src/bytes.ts";
import { BASE } from "../generator/validate/mutants/base.ts";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Devfiles to change: one with something of everything, one of each other kind. */
const DEVFILES: readonly Json[] = Object.entries(BASE)
  .filter(([path]) => path.endsWith("devfile.yaml"))
  // What is parsed from YAML without tags is JSON.
  .map(([, text]) => Bun.YAML.parse(text) as Json);

const KEYS = [...new Set(DEVFILES.flatMap(keysIn))].concat(
  ...[
    "parent",
    "plugin",
    "id",
    "uri",
    "vscodeTask",
    "custom",
    "__proto__",
    "constructor",
    "<<",
    "",
  ],
  ...["length", "toString", "0", "Name", "k".repeat(1100), "é", "a.b", "a/b", "~", "yes", "null"],
);

function keysIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(keysIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => [key, ...keysIn(each)]);
}

const anyText = fc.oneof(
  fc.constantFrom(
    ...[
      "",
      "tools",
      "compile",
      "Compile",
      "deploy",
      "cache",
      "a",
      "A",
      "1",
      "1.0",
      "512Mi",
      "1e400",
    ],
    ...[
      "-0",
      "Ei",
      "1e-400",
      ".5",
      "0x10",
      "1Gi1",
      "{{a}}",
      "{{tag}}",
      "{{ tag }}{{",
      "{{\n}}",
      "}}{{",
    ],
    ...["2.0.0", "2.2.0", "2.3.0", "http://[", "http://a:b@c:d", "%zz", ":", "//", "..", "ſ", "K"],
    ...["\u0000", "\ufeff", "x".repeat(5000), "9".repeat(500), "__proto__", "true", "~", "*", "&a"],
  ),
  fc.string({ maxLength: 12, unit: "binary" }),
);

const anyScalar: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: anyText },
  fc.constantFrom<Json>(null, true, false, 0, -1, 1.5, 8080, 2 ** 53, 1e300, 65_536, -(2 ** 63)),
);

const { value: anyValue } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    { weight: 3, arbitrary: anyScalar },
    { weight: 1, arbitrary: fc.array(tie("value"), { maxLength: 4 }) },
    {
      weight: 2,
      arbitrary: fc
        .array(fc.tuple(fc.constantFrom(...KEYS), tie("value")), { maxLength: 5 })
        .map((entries) => Object.fromEntries(entries)),
    },
  ),
}));

/** What is done at one place of a devfile: the place is found by one number a level. */
interface Change {
  readonly steps: readonly number[];
  readonly kind: "drop" | "put" | "twice" | "rename" | "swap";
  readonly value: Json;
  readonly key: string;
}

const anyChange: fc.Arbitrary<Change> = fc.record({
  steps: fc.array(fc.nat(50), { minLength: 1, maxLength: 7 }),
  kind: fc.constantFrom("drop", "put", "put", "twice", "rename", "swap"),
  value: anyValue,
  key: fc.constantFrom(...KEYS),
});

function changed(value: Json, change: Change, depth = 0): Json {
  const step = change.steps[depth];
  if (step === undefined || value === null || typeof value !== "object") {
    return depth === 0 ? value : change.value;
  }
  if (Array.isArray(value)) return changedList(value, change, depth, step);
  const entries = Object.entries(value);
  return Object.fromEntries(changedEntries(entries, change, depth, step));
}

function changedList(list: readonly Json[], change: Change, depth: number, step: number): Json[] {
  if (list.length === 0) return [change.value];
  const at = step % list.length;
  const item = list[at] ?? null;
  if (depth < change.steps.length - 1) return list.with(at, changed(item, change, depth + 1));
  if (change.kind === "drop") return list.toSpliced(at, 1);
  if (change.kind === "twice") return list.toSpliced(at, 0, item);
  return change.kind === "swap" ? list.toReversed() : list.with(at, change.value);
}

function changedEntries(
  entries: readonly (readonly [string, Json])[],
  change: Change,
  depth: number,
  step: number,
): (readonly [string, Json])[] {
  const at = step % Math.max(entries.length, 1);
  const found = entries[at];
  if (found === undefined) return [[change.key, change.value]];
  const [key, value] = found;
  if (depth < change.steps.length - 1) {
    return entries.with(at, [key, changed(value, change, depth + 1)] as const);
  }
  if (change.kind === "drop") return entries.toSpliced(at, 1);
  if (change.kind === "rename") return entries.with(at, [change.key, value] as const);
  if (change.kind === "twice") return [...entries, [change.key, value]];
  if (change.kind === "swap") return entries.toReversed();
  return entries.toSpliced(at, 1, [key, change.value]);
}

const someChanged = fc
  .tuple(
    fc.constantFrom(...DEVFILES),
    fc.array(anyChange, { minLength: 1, maxLength: 6 }),
    fc.constantFrom("json", "yaml", "flow"),
  )
  .map(([devfile, changes, style]) => {
    const value = changes.reduce<Json>((before, change) => changed(before, change), devfile);
    if (style === "json") return JSON.stringify(value);
    return stringify(value, { collectionStyle: style === "flow" ? "flow" : "any" });
  });

const someStructure = fc
  .array(fc.tuple(fc.constantFrom(...KEYS), anyValue), { minLength: 1, maxLength: 8 })
  .map((entries) => JSON.stringify({ schemaVersion: "2.3.0", ...Object.fromEntries(entries) }));

/** A devfile that is large in one way. */
export type HostileShape = (count: number) => string;

const times = (count: number, line: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => line(at)).join("");
const HEAD = "schemaVersion: 2.3.0\nmetadata: {name: a}\n";

/** Shapes of devfiles that are made to hurt, by what there is so many of. */
export const HOSTILE_SHAPES: Readonly<Record<string, HostileShape>> = {
  keys: (count) => `${HEAD}attributes:\n${times(count, (at) => `  k${at}: v\n`)}`,
  "unknown keys": (count) => HEAD + times(count, (at) => `k${at}: v\n`),
  "commands in a circle": (count) =>
    `${HEAD}commands:\n${times(count, (at) => `- {id: i${at}, composite: {commands: [i${(at + 1) % count}]}}\n`)}`,
  "commands that name all": (count) => {
    const most = Math.ceil(count ** 0.5);
    const all = times(most, (at) => `i${at}, `);
    return `${HEAD}commands:\n${times(most, (at) => `- {id: i${at}, composite: {commands: [${all}]}}\n`)}`;
  },
  endpoints: (count) =>
    `${HEAD}components:\n- name: c\n  container:\n    image: a\n    endpoints:\n${times(count, (at) => `    - {name: e${at}, targetPort: ${at}}\n`)}`,
  "endpoints of one name": (count) =>
    `${HEAD}components:\n- name: c\n  container:\n    image: a\n    endpoints:\n${times(count, () => "    - {name: e, targetPort: 1}\n")}`,
  components: (count) =>
    `${HEAD}components:\n${times(count, () => "- {name: c, container: {image: a}}\n")}`,
  "digits of a quantity": (count) =>
    `${HEAD}components: [{name: a, volume: {size: "${"9".repeat(count * 10)}Ei"}}]\n`,
  "letters of a quantity": (count) =>
    `${HEAD}components: [{name: a, volume: {size: "${"e".repeat(count * 10)}"}}]\n`,
  braces: (count) =>
    `${HEAD}variables: {a: "{{a}}{{a}}"}\ncommands: [{id: a, exec: {component: b, commandLine: "${"{{ a }}".repeat(count)}"}}]\n`,
  "letters of a key": (count) => `${HEAD}attributes: {? "${"k".repeat(count * 10)}" : v}\n`,
  levels: (count) => `${HEAD}attributes: ${"[".repeat(count)}${"]".repeat(count)}\n`,
  "levels of maps": (count) => `${HEAD}attributes: ${"{a: ".repeat(count)}1${"}".repeat(count)}\n`,
  laughs: (count) =>
    `${HEAD}attributes:\n  a0: &a0 ha\n${times(Math.min(count, 2000), (at) => `  a${at + 1}: &a${at + 1} [${times(9, () => `*a${at}, `)}]\n`)}`,
  merges: (count) =>
    `${HEAD}attributes:\n  a0: &a0 {k: v}\n${times(Math.min(count, 2000), (at) => `  a${at + 1}: &a${at + 1} {<<: [${times(9, () => `*a${at}, `)}], k${at}: v}\n`)}`,
  "components of nothing": (count) => `${HEAD}components:\n${"- {}\n".repeat(count)}`,
  "commands of nothing": (count) => `${HEAD}commands:\n${"- {id: a, exec: {}}\n".repeat(count)}`,
  plugins: (count) =>
    `${HEAD}components:\n${times(count, (at) => `- {name: p${at}, plugin: {id: a}}\n`)}`,
  remotes: (count) =>
    `${HEAD}starterProjects: [{name: a, git: {remotes: {${times(count, (at) => `r${at}: "https://a.example", `)}}}}]\n`,
};

const someHostile = fc
  .tuple(fc.constantFrom(...Object.values(HOSTILE_SHAPES)), fc.integer({ min: 1, max: 60 }))
  .map(([shape, count]) => shape(count));

/** Gives devfiles: changed ones, structures of the words of devfiles, and small hostile ones. */
export const anyDevfile: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 12, arbitrary: someChanged.map((text) => utf8(text.toWellFormed())) },
  { weight: 6, arbitrary: someStructure.map((text) => utf8(text.toWellFormed())) },
  { weight: 1, arbitrary: someHostile.map(utf8) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        someChanged.map((text) => utf8(text.toWellFormed())),
        fc.nat(2000),
        fc.nat(255),
      )
      .map(([bytes, at, byte]) => bytes.with(at % Math.max(bytes.length, 1), byte)),
  },
);
