import type { YamlNode } from "../../yaml/index.ts";
import { jsonScalar } from "./scalar.ts";

/** Takes a value that JSON cannot hold. */
export type OnUnfit = (node: YamlNode) => void;

/** Numbers for Go that are text in YAML 1.1. */
const GO_NUMBER = /^[-+]?0[oOBX]/;

/**
 * Gives a YAML value as the Go generator's schema check sees it. Absent and null both are null; of
 * infinity and not-a-number it is told.
 */
export function jsonValue(node: YamlNode, unfit: OnUnfit): unknown {
  if (!node.present) return null;
  if (node.isList) return node.items().map((item) => jsonValue(item, unfit));
  if (node.isMap) {
    return Object.fromEntries(node.entries().map(([key, value]) => [key, jsonValue(value, unfit)]));
  }
  const text = node.text() ?? "";
  if (!node.readsAsOtherThanText && !(GO_NUMBER.test(text) && isUnquoted(node, text))) return text;
  const value = jsonScalar(text);
  if (typeof value === "number" && !Number.isFinite(value)) unfit(node);
  return value;
}

/** What is written without quotes takes as much room as what it stands for. */
function isUnquoted({ range }: YamlNode, text: string): boolean {
  return range !== undefined && range[1] - range[0] === text.length;
}
