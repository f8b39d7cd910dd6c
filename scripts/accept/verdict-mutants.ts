import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { parse, stringify } from "yaml";

/** A value of a devfile. */
type Value = string | number | boolean | null | Value[] | { [key: string]: Value };
type Draw = <Type>(arbitrary: fc.Arbitrary<Type>) => Type;

/** Where a value hangs. */
interface Slot {
  readonly holder: Value[] | { [key: string]: Value };
  readonly key: string | number;
}

/** A valid devfile that has something of everything. */
const BASE: { [key: string]: Value } = parse(
  readFileSync(join(import.meta.dir, "verdict-base.yaml"), "utf8"),
);
const MUTATIONS = 3;
const VERSIONS = ["2.0.0", "2.1.0", "2.2.0", "2.2.1", "2.2.2", "2.3.0", "2.2.0-alpha", "v1alpha2"];
const QUANTITY_FIELDS = ["memoryLimit", "memoryRequest", "cpuLimit", "cpuRequest", "size"];

const quantity = fc.oneof(
  fc.constantFrom("1Gi", "512Mi", "1", "0", "100m", "2Ei", "8Ei", "9Ei", "1e3", "1E", "1e", "Mi"),
  fc.constantFrom("1.5Gi", ".5", "5.", ".", "-", "+", "Ei", "Pi", "1ki", "1K", "0.1n", "1e-12"),
  fc.constantFrom("{{ver}}", "{{size}}", "{{ size }}", "{{nope}}", "{{loop}}", "", " 1", "1 ", "١"),
  fc
    .tuple(
      fc.constantFrom("", "+", "-"),
      fc.stringMatching(/^[0-9]{0,3}\.?[0-9]{0,3}$/),
      fc.constantFrom(
        "",
        "n",
        "u",
        "m",
        "k",
        "M",
        "G",
        "T",
        "Ki",
        "Mi",
        "Gi",
        "Ti",
        "Pi",
        "e2",
        "E-3",
      ),
    )
    .map((parts) => parts.join("")),
  fc.stringMatching(/^[0-9.+\-eEinumkKMGTP]{1,7}$/),
  fc.stringMatching(/^[0-9]{15,25}(Ki|Ei|k|n|)$/),
);

const uri = fc.oneof(
  fc.constantFrom("deploy.yaml", "../x.yaml", "a:b", "http:x", "httpx", "http://", "https://h/%zz"),
  fc.constantFrom("a%2", "%41", "x?%zz", "x#%zz", "//h:x/", "http://h:80:80/", "http://[::1]:x/"),
  fc.constantFrom(
    "http://u ser@h/",
    "http://h h/",
    "https://h/a b",
    "{{uri}}",
    "{{nope}}",
    "*",
    "#",
  ),
  fc.stringMatching(/^(https?:|x:|)[a-z:/?#@%[\]\\ .0-9é]{0,8}$/),
);

const text = fc.constantFrom<Value>(
  "",
  "a",
  "runtime",
  "tools",
  "cache",
  "k8s",
  "img",
  "build",
  "run",
  "BUILD",
  "Run",
  "deploy",
  "deployk8s",
  "image",
  "all",
  "All",
  "http",
  "debug",
  "origin",
  "upstream",
  "main",
  "test",
  "{{ver}}",
  "{{ ver }}",
  "{{nope}}",
  "{{ver}",
  "{{remote}}x",
  "Ünïcödé",
  "日本",
  "a b",
  "a\nb",
  "-a",
  "PROJECT_SOURCE",
  "PROJECTS_ROOT",
  "{{env}}",
  "yes",
  "1.10",
  "null",
  "~",
  "0x10",
  "1e3",
  "x".repeat(64),
);

const odd = fc.constantFrom<Value>(
  null,
  true,
  false,
  0,
  1,
  -1,
  8080,
  8081,
  65536,
  1.5,
  1e21,
  2 ** 63,
  2 ** 53,
  9.3e18,
  [],
  {},
  [""],
  [null],
  { a: "b" },
  "",
  "true",
);

const KEYS = [
  "name",
  "id",
  "container",
  "volume",
  "image",
  "kubernetes",
  "openshift",
  "exec",
  "apply",
  "uri",
  "composite",
  "custom",
  "vscodeTask",
  "group",
  "isDefault",
  "dedicatedPod",
  "git",
  "zip",
  "remotes",
  "checkoutFrom",
  "remote",
  "attributes",
  "annotation",
  "endpoints",
  "env",
  "size",
  "inlined",
  "displayName",
  "Name",
  "architectures",
  "provider",
  "foo",
  "parent",
  "dependentProjects",
];

/**
 * Makes a devfile with up to a few faults from one that has something of everything; the same seed
 * gives the same one.
 */
export const mutant: fc.Arbitrary<string> = fc.gen().map((draw) => {
  const root = structuredClone(BASE);
  const count = Math.max(1, draw(fc.integer, { min: -2, max: MUTATIONS }));
  const pick: Draw = (arbitrary) => draw(() => arbitrary);
  for (let done = 0; done < count; done += 1) mutate(root, pick);
  return stringify(root, { version: "1.1", aliasDuplicateObjects: false });
});

function mutate(root: { [key: string]: Value }, pick: Draw): void {
  const slots = slotsOf(root);
  const slot = pick(fc.constantFrom(...slots));
  const { holder, key } = slot;
  const value = valueAt(slot);
  const change = pick(fc.integer({ min: 0, max: 15 }));
  if (change === 0) removeAt(slot);
  else if (change === 1) copyTo(slots, slot, pick);
  else if (change === 2) setAt(slot, pick(odd));
  else if (change === 3 && typeof key === "string") renameAt(slot, pick(fc.constantFrom(...KEYS)));
  else if (change === 4 && isMap(value)) value[pick(fc.constantFrom(...KEYS))] = pick(odd);
  else if (change === 5 && Array.isArray(value)) value.reverse();
  else if (change === 6) root["schemaVersion"] = pick(fc.constantFrom(...VERSIONS));
  else if (change === 7) composites(root, pick);
  else if (change === 8 && Array.isArray(holder)) holder.push(structuredClone(value));
  else if (change === 9) eventTo(root, pick);
  else if (change === 10 && typeof value === "string") setAt(slot, value.toUpperCase());
  else replaceText(slots, pick);
}

/** Puts another text where one is: quantities, addresses and ports where these belong. */
function replaceText(slots: readonly Slot[], pick: Draw): void {
  const texts = slots.filter((slot) => ["string", "number"].includes(typeof valueAt(slot)));
  const slot = pick(fc.constantFrom(...texts));
  if (QUANTITY_FIELDS.includes(String(slot.key))) setAt(slot, pick(quantity));
  else if (slot.key === "uri") setAt(slot, pick(uri));
  else if (slot.key === "targetPort") setAt(slot, pick(fc.oneof(fc.integer(), odd)));
  else setAt(slot, pick(text));
}

/** Adds composite commands that name each other, now and then in capitals. */
function composites(root: { [key: string]: Value }, pick: Draw): void {
  const { commands } = root;
  if (!Array.isArray(commands)) return;
  const ids = ["c1", "c2", "c3", "c4"];
  const named = fc.constantFrom(...ids, "C1", "C2", "C3", "C4", "build", "Image", "nope");
  for (const id of ids.slice(0, pick(fc.integer({ min: 1, max: 4 })))) {
    commands.push({ id, composite: { commands: pick(fc.array(named, { maxLength: 3 })) } });
  }
}

function eventTo(root: { [key: string]: Value }, pick: Draw): void {
  const event = pick(fc.constantFrom("preStart", "postStart", "preStop", "postStop"));
  const names = fc.constantFrom("build", "image", "deploy", "all", "ALL", "Image", "nope", "c1");
  root["events"] = { [event]: pick(fc.array(names, { maxLength: 3 })) };
}

function copyTo(slots: readonly Slot[], { holder, key }: Slot, pick: Draw): void {
  const same = slots.filter((slot) => slot.key === key || typeof key === "number");
  const value = structuredClone(valueAt(pick(fc.constantFrom(...same))));
  setAt({ holder, key }, value);
}

function slotsOf(holder: Slot["holder"]): Slot[] {
  const keys = Array.isArray(holder) ? [...holder.keys()] : Object.keys(holder);
  return keys.flatMap((key) => {
    const slot = { holder, key };
    const value = valueAt(slot);
    return typeof value === "object" && value !== null ? [slot, ...slotsOf(value)] : [slot];
  });
}

function valueAt({ holder, key }: Slot): Value {
  return (Array.isArray(holder) ? holder[Number(key)] : holder[key]) ?? null;
}

function setAt({ holder, key }: Slot, value: Value): void {
  if (Array.isArray(holder)) holder[Number(key)] = value;
  else holder[key] = value;
}

function removeAt({ holder, key }: Slot): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
}

function renameAt(slot: Slot, name: string): void {
  const value = valueAt(slot);
  removeAt(slot);
  setAt({ holder: slot.holder, key: name }, value);
}

function isMap(value: Value): value is { [key: string]: Value } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
