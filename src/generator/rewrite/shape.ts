import { isAlias, isMap, isScalar, isSeq } from "yaml";
import { DevregError } from "../../errors.ts";
import { YAML_VALUES } from "../../limits.ts";
import { formatYamlPath, type YamlEdit, type YamlPath, type YamlValue } from "./edit.ts";
import { entriesOf } from "./map-entries.ts";
import type { YamlText } from "./yaml-text.ts";

/**
 * What a YAML document says, without how it says it: aliases and merge keys followed. A scalar is
 * its type and its source text, so that 1.10 and 1.1 differ, as do 1 and "1".
 */
export type Shape = string | readonly Shape[] | ReadonlyMap<string, Shape>;

/** Reads what a document says. @throws {DevregError} LIMIT_EXCEEDED over YAML_VALUES values */
export function shapeOf(source: YamlText): Shape {
  return shape(source.document.contents, source, { left: YAML_VALUES });
}

function shape(node: unknown, source: YamlText, budget: { left: number }): Shape {
  budget.left -= 1;
  if (budget.left < 0) {
    throw new DevregError(
      "LIMIT_EXCEEDED",
      `Cannot read YAML: its aliases stand for over ${YAML_VALUES} values`,
    );
  }
  if (isAlias(node)) return shape(source.targets.get(node), source, budget);
  if (isSeq(node)) return node.items.map((item) => shape(item, source, budget));
  if (isMap(node)) {
    const entries = entriesOf(node.items, source.targets);
    return new Map(entries.map(([key, { value }]) => [key, shape(value, source, budget)]));
  }
  if (!isScalar(node)) return scalarShape(null, "");
  return scalarShape(node.value, node.source ?? String(node.value));
}

function scalarShape(value: unknown, source: string): string {
  if (typeof value === "string") return `text:${value}`;
  return value === null ? "null" : `${typeof value}:${source}`;
}

/** Applies an edit to what a document says. @throws {DevregError} INPUT_INVALID without its place */
export function editShape(root: Shape, edit: YamlEdit): Shape {
  return changed(root, edit.path, edit);
}

function changed(at: Shape, path: YamlPath, edit: YamlEdit): Shape {
  const [part, ...rest] = path;
  if (part === undefined) return valueShape("value" in edit ? edit.value : "");
  if (typeof part === "number" && Array.isArray(at) && part in at) {
    return at.map((item, index) => (index === part ? changed(item, rest, edit) : item));
  }
  if (!(at instanceof Map)) throw noPlace(edit.path);
  const key = String(part);
  const entries = new Map<string, Shape>(at);
  const below = entries.get(key);
  if (rest.length > 0 && below === undefined) throw noPlace(edit.path);
  if (rest.length > 0 && below !== undefined) return entries.set(key, changed(below, rest, edit));
  if (edit.kind === "remove" || edit.kind === "pair") entries.delete(key);
  if (edit.kind !== "remove") {
    entries.set(edit.kind === "pair" ? edit.key : key, valueShape(edit.value));
  }
  return entries;
}

function valueShape(value: YamlValue): Shape {
  if (typeof value === "string") return scalarShape(value, value);
  return new Map(Object.entries(value).map(([key, below]) => [key, valueShape(below)]));
}

/** Tells whether two documents say the same; the order of keys says nothing. */
export function sameShape(a: Shape, b: Shape): boolean {
  if (typeof a === "string" || typeof b === "string") return a === b;
  if (a instanceof Map && b instanceof Map) {
    return (
      a.size === b.size &&
      [...a].every(([key, value]) => {
        const other = b.get(key);
        return other !== undefined && sameShape(value, other);
      })
    );
  }
  if (!Array.isArray(a) || !Array.isArray(b)) return false;
  return a.length === b.length && a.every((item, index) => sameShape(item, b[index]));
}

/** Reports a path that leads nowhere. */
export function noPlace(path: YamlPath): DevregError {
  return new DevregError(
    "INPUT_INVALID",
    `Cannot rewrite "${formatYamlPath(path)}": the document has no such place`,
  );
}
