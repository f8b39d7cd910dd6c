import { isMap, isScalar, isSeq, type YAMLMap } from "yaml";
import { utf8 } from "../../bytes.ts";
import type { Finding } from "../findings.ts";
import type { ImportedContent } from "../validate/index.ts";
import { parseYaml, type YamlNode } from "../yaml/index.ts";
import type { Origin, Origins } from "./sourced-tree.ts";
import { treeText } from "./tree-text.ts";

/** The rules whose findings no parent can make up for. */
const OF_ITS_OWN: ReadonlySet<string> = new Set([
  "annotation-conflict",
  "command-duplicate",
  "component-duplicate",
  "composite-circle",
  "composite-empty",
  "endpoint-duplicate",
  "endpoint-port",
  "env-duplicate",
  "env-reserved",
  "group-default-several",
  "mount-path-duplicate",
  "port-range",
  "project-checkout",
  "project-duplicate",
  "project-remotes",
  "quantity",
  "quantity-odd",
  "request-over-limit",
  "uri",
]);

/** What could not be flattened: only that is told which is so whatever its parents have. */
export function readAlone(root: YamlNode): ImportedContent {
  return {
    content: root,
    alone: true,
    place: (finding) =>
      // A parent may define the variable.
      OF_ITS_OWN.has(finding.rule) && !finding.message.includes("{{") ? finding : undefined,
  };
}

/** A value of the flattened devfile, and where it was read. */
interface PlacedValue {
  readonly origin: Origin;
  readonly parts: readonly (string | number)[];
}

/**
 * Reads a flattened devfile as rules do. Findings in what its author wrote are placed there, those
 * in what came from a parent at the reference to it. Undefined for one that is too large to be read.
 */
export function readFlattened(
  file: string,
  root: YAMLMap,
  origins: Origins,
): ImportedContent | undefined {
  // Values of a wrong type were reported where they were read first.
  const content = parseYaml(file, utf8(treeText(root)), () => undefined);
  if (content === undefined) return undefined;
  let values: ReadonlyMap<string, PlacedValue> | undefined;
  return {
    content,
    place: (finding) => {
      values ??= placedValues(root, origins);
      return placeFinding(finding, content, values);
    },
  };
}

function placedValues(root: YAMLMap, origins: Origins): ReadonlyMap<string, PlacedValue> {
  const values = new Map<string, PlacedValue>();
  const visit = (node: unknown, path: string, parts: PlacedValue["parts"]): void => {
    const origin = origins.of(node);
    if (origin !== undefined) values.set(path, { origin, parts });
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? String(key.value) : String(key);
        visit(value, path === "" ? name : `${path}.${name}`, [...parts, name]);
      }
    }
    if (isSeq(node)) {
      for (const [at, item] of node.items.entries()) visit(item, `${path}[${at}]`, [...parts, at]);
    }
  };
  visit(root, "", []);
  return values;
}

function placeFinding(
  finding: Finding,
  content: YamlNode,
  values: ReadonlyMap<string, PlacedValue>,
): Finding | undefined {
  const wanted = finding.path ?? "";
  let path = wanted;
  while (path !== "" && !values.has(path)) path = pathAbove(path);
  const value = values.get(path);
  if (value === undefined) return finding;
  const { node, via } = value.origin;
  const { line: _, column: __, path: ___, ...rest } = finding;
  if (via !== undefined) {
    if (finding.severity === "warning") return undefined;
    const message = `in the ${via.name}: ${finding.message}`;
    return { ...rest, ...via.at.position(), message };
  }
  const at = isAtKey(finding, content.find(value.parts)) ? node.keyPosition() : node.position();
  const whole = `${at.path ?? ""}${wanted.slice(path.length)}`.replace(/^\./, "");
  return { ...rest, ...at, ...(whole === "" ? {} : { path: whole }) };
}

/** Paths end in ".key" or "[index]"; a key may have a dot itself. */
function pathAbove(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("."), path.lastIndexOf("[")));
}

function isAtKey({ line, column }: Finding, flat: YamlNode): boolean {
  const [key, value] = [flat.keyPosition(), flat.position()];
  const isSame = key.line === value.line && key.column === value.column;
  return !isSame && key.line === line && key.column === column;
}
