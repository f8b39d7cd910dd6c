import type { YamlNode } from "../../yaml/index.ts";
import { explainType } from "./explain-type.ts";
import type { Fault } from "./fault.ts";
import { jsonScalarOf, jsonValue } from "./json-value.ts";

/** The fields of metadata that Go knows, by their names in lower case. */
const TEXT = [
  ...["name", "version", "displayname", "description", "icon", "globalmemorylimit"],
  ...["projecttype", "language", "website", "provider", "supporturl"],
];
const ASCII = /^[ -~]*$/;
const LISTS = ["tags", "architectures"];

/**
 * Gives the fields of metadata whose type is wrong for Go although the schema says nothing: those
 * that the schema of an older version lets pass, and those in another case, as keys of metadata are
 * free. Parity: encoding/json, by which devfile/library reads DevfileMetadata, looks at no case.
 */
export function metadataFaults(metadata: YamlNode): readonly Fault[] {
  const { tree } = metadata;
  if (tree?.kind !== "map") return [];
  const faults: Fault[] = [];
  for (const { key, value } of tree.pairs) {
    const field = foldCase(key);
    // A text is right wherever a text is wanted and where Go looks at nothing.
    const isText = value?.kind === "scalar" && typeof jsonScalarOf(value) === "string";
    if (isText && !LISTS.includes(field) && field !== "attributes") continue;
    faults.push(...typeFaults(key, field, metadata.get(key)));
  }
  return faults;
}

function typeFaults(key: string, field: string, node: YamlNode): readonly Fault[] {
  // Of what is null the schema says what it has to say; Go takes it for absent.
  if (!node.present) return [];
  const path = ["metadata", key];
  if (TEXT.includes(field)) return textFaults(node, path);
  if (LISTS.includes(field)) return listFaults(node, path);
  const value = field === "attributes" ? jsonValue(node) : {};
  return typeof value === "object" && !Array.isArray(value)
    ? []
    : [explainType(node, path, "object", value)];
}

function textFaults(node: YamlNode, path: readonly string[]): readonly Fault[] {
  const value = jsonValue(node);
  return typeof value === "string" ? [] : [explainType(node, path, "string", value)];
}

function listFaults(node: YamlNode, path: readonly string[]): readonly Fault[] {
  if (!node.isList) return [explainType(node, path, "array", jsonValue(node))];
  return node
    .items()
    .flatMap((item, at) => (item.present ? textFaults(item, [...path, String(at)]) : []));
}

/** Parity: Go compares names of fields as Unicode folds case, long s and the sign of Kelvin too. */
function foldCase(key: string): string {
  return ASCII.test(key) ? key.toLowerCase() : key.toUpperCase().toLowerCase();
}
