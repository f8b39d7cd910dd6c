import type { YamlNode } from "../../yaml/index.ts";
import type { Fault } from "./fault.ts";
import { versionHint } from "./patterns.ts";
import { jsonScalar } from "./scalar.ts";
import { foundType, labelOf, shown, wantedType } from "./words.ts";

/** Explains that a value is of another type than `type`, which is JSON's word for it. */
export function explainType(
  node: YamlNode,
  path: readonly string[],
  type: string,
  value: unknown,
): Fault {
  const message = `${labelOf(path)} is ${foundType(value)} where ${wantedType(type)} is needed`;
  const isVersion = typeof value === "number" && path.join(".") === "metadata.version";
  // In quotes it would still be none.
  const hint = isVersion ? versionHint(node.text() ?? "") : typeHint(node, type, value);
  return { rule: "schema-type", node, message, hint };
}

function typeHint(node: YamlNode, type: string, value: unknown): string {
  if (value === null) return "Give it a value, or remove the key";
  const scalar = typeof value === "object" ? undefined : (node.text() ?? "");
  if (type === "string")
    return scalar === undefined ? "Write one text" : `Quote it: "${shown(scalar)}"`;
  if (type === "array") return 'Write each item on a line of its own that starts with "- "';
  if (type === "object") return mapHint(value);
  const meant = jsonScalar(scalar?.trim() ?? "");
  const right = type === "boolean" ? typeof meant === "boolean" : Number.isInteger(meant);
  if (right && typeof value === "string")
    return `Write it without quotes: ${shown(scalar?.trim() ?? "")}`;
  return type === "boolean" ? "Write true or false" : "Write a whole number, such as 8080";
}

function mapHint(value: unknown): string {
  if (Array.isArray(value)) return 'Write its keys without a "- " before them';
  return typeof value === "string" && /^[\w-]+:[^\s/]/.test(value)
    ? "Write a space after the colon"
    : "Write its keys below it, each as key: value";
}
