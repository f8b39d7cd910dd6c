import { type DevfileValue, diffNames } from "../../../../generator/index.ts";
import { ARCHIVE } from "../archive-shelf.ts";
import { type DevfileModel, type Fields, imageOf, isFields, isList } from "../devfile-model.ts";
import { readableSize } from "../file-list.ts";
import type { OpenedVersion } from "../open-version.ts";

/** What became of one thing between two versions. */
export interface Change {
  readonly kind: "added" | "removed" | "changed";
  readonly name: string;
  /** What differs in a thing that both have; one without a field name is the thing itself. */
  readonly fields: readonly FieldChange[];
}

/** A value before and after; "" where there was or is none. */
export interface FieldChange {
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

/** All changes of one part of a devfile. */
export interface PartChanges {
  readonly part: string;
  readonly changes: readonly Change[];
}

/** Names of things, each with its fields by their paths. */
type Things = ReadonlyMap<string, ReadonlyMap<string, string>>;

const NO_FIELDS: ReadonlyMap<string, string> = new Map();
/** Stands for the bytes of a file, which are no use to look at. */
const CONTENT = "content";
/** Parts with a list of their own below; what is left is told key by key. */
const OWN_PARTS = new Set(["components", "commands", "starterProjects", "events"]);

/** Tells what changed between two versions, part by part; parts without changes are left out. */
export function describeChanges(
  before: OpenedVersion,
  after: OpenedVersion,
): readonly PartChanges[] {
  const parts = [...partsOf(before, after)];
  return parts
    .map(([part, one, other]) => ({ part, changes: compareThings(one, other) }))
    .filter(({ changes }) => changes.length > 0);
}

function* partsOf(
  before: OpenedVersion,
  after: OpenedVersion,
): Generator<readonly [part: string, before: Things, after: Things]> {
  const [one, other] = [before.model, after.model];
  if (one !== undefined && other !== undefined) {
    for (const [part, thingsOf] of PARTS) yield [part, thingsOf(one), thingsOf(other)];
  }
  yield ["Files", filesOf(before), filesOf(after)];
}

const PARTS: readonly (readonly [string, (model: DevfileModel) => Things])[] = [
  ["Metadata", ({ root }) => rootThings(root)],
  ["Images", imageThings],
  ["Components", componentThings],
  ["Endpoints", endpointThings],
  ["Commands", ({ root }) => named(root.get("commands"), "id")],
  ["Starter projects", ({ root }) => named(root.get("starterProjects"), "name")],
  ["Events", ({ events }) => new Map(events.map(([name, text]) => [name, single(text)]))],
];

function compareThings(before: Things, after: Things): readonly Change[] {
  const { added, changed, removed } = diffNames(keysOf(before), keysOf(after));
  const of = (kind: Change["kind"], names: readonly string[]) =>
    names.map((name) => {
      const [one, other] = [before.get(name) ?? NO_FIELDS, after.get(name) ?? NO_FIELDS];
      return { kind, name, fields: fieldsOf(kind, one, other) };
    });
  return [...of("added", added), ...of("removed", removed), ...of("changed", changed)];
}

/** Of what came or went only a value that is all of it is told. */
function fieldsOf(
  kind: Change["kind"],
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly FieldChange[] {
  const names = kind === "changed" ? new Set([...before.keys(), ...after.keys()]) : [""];
  return [...names]
    .map((field) => ({ field, before: before.get(field) ?? "", after: after.get(field) ?? "" }))
    .filter(({ field, before: old, after: now }) => old !== now && field !== CONTENT);
}

function keysOf(things: Things): ReadonlyMap<string, string> {
  return new Map([...things].map(([name, fields]) => [name, JSON.stringify([...fields])]));
}

function rootThings(root: Fields): Things {
  const rest = new Map([...root].filter(([key]) => !OWN_PARTS.has(key)));
  const things = new Map<string, ReadonlyMap<string, string>>();
  for (const [path, text] of flatten(rest)) {
    things.set(path.replace(/^metadata\.(?=[^.]+$)/, ""), single(text));
  }
  return things;
}

function imageThings({ components }: DevfileModel): Things {
  const images = components.filter((component) => imageOf(component) !== "");
  return new Map(images.map((component) => [component.name, single(imageOf(component))]));
}

/** Without images and endpoints, which are parts of their own. */
function componentThings({ components }: DevfileModel): Things {
  return new Map(
    components.map(({ name, kind, body }) => {
      const rest = new Map(body);
      for (const key of ["image", "imageName", "endpoints"]) rest.delete(key);
      return [name, new Map([["kind", kind], ...flatten(rest)])];
    }),
  );
}

function endpointThings({ endpoints }: DevfileModel): Things {
  return new Map(
    endpoints.map(({ component, name, body }) => {
      const rest = new Map(body);
      rest.delete("name");
      return [`${name} of ${component}`, new Map(flatten(rest))];
    }),
  );
}

function filesOf({ files, devfile }: OpenedVersion): Things {
  const things = new Map<string, ReadonlyMap<string, string>>();
  const isUnpacked = files.some(({ isPacked }) => isPacked);
  for (const { name, sizeBytes, isPacked, hash } of files) {
    // The devfile is told of above, and what is in the archive by its own names.
    if (devfile !== undefined && /^\.?devfile\.yaml$/.test(name) && !isPacked) continue;
    if (name === ARCHIVE && isUnpacked) continue;
    const fields = [["size", readableSize(sizeBytes)] as const, [CONTENT, hash] as const];
    things.set(name, new Map(fields));
  }
  return things;
}

/** Gives the things of a list by the key that names them. */
function named(value: DevfileValue | undefined, key: string): Things {
  const items = isList(value) ? value.filter(isFields) : [];
  return new Map(
    items.map((item) => {
      const rest = new Map(item);
      rest.delete(key);
      return [nameOf(item, key) ?? "", new Map(flatten(rest))];
    }),
  );
}

function single(text: string): ReadonlyMap<string, string> {
  return new Map([["", text]]);
}

/** Gives every text below a value with the path that leads to it: "exec.group.kind". */
function* flatten(value: DevfileValue, path = ""): Generator<readonly [string, string]> {
  if (typeof value === "string") {
    yield [path, value];
  } else if (isFields(value)) {
    for (const [key, child] of value) yield* flatten(child, join(path, key));
  } else if (value.every((item) => typeof item === "string")) {
    yield [path, value.join(", ")];
  } else {
    for (const [at, item] of value.entries()) {
      const [label, rest] = labelled(item) ?? [String(at + 1), item];
      yield* flatten(rest, join(path, label));
    }
  }
}

/** Gives the name that an item goes by and what else it says. */
function labelled(item: DevfileValue): readonly [string, DevfileValue] | undefined {
  if (!isFields(item)) return undefined;
  const key = nameOf(item, "name") === undefined ? "id" : "name";
  const label = nameOf(item, key);
  if (label === undefined) return undefined;
  const rest = new Map(item);
  rest.delete(key);
  return [label, rest];
}

function nameOf(fields: Fields, key: string): string | undefined {
  const name = fields.get(key);
  return typeof name === "string" && name !== "" ? name : undefined;
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
