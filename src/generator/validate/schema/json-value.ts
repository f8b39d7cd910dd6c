import type { YamlNode, YamlScalar, YamlTree } from "../../yaml/index.ts";
import { jsonScalar } from "./scalar.ts";

/** Numbers for Go that are text in YAML 1.1. */
const GO_NUMBER = /^[-+]?0[oOBX]/;

/**
 * Gives a YAML value as the Go generator's schema check sees it: absent and null both are null.
 * Infinity and not-a-number stay, which JSON cannot hold.
 *
 * @param onUnfit told when there are such
 */
export function jsonValue({ tree }: Pick<YamlNode, "tree">, onUnfit = () => {}): unknown {
  return jsonOf(tree, onUnfit);
}

/** Gives every value in a YAML value that JSON has no word for. */
export function* unfitValues(node: YamlNode): Iterable<YamlNode> {
  if (node.isList) for (const item of node.items()) yield* unfitValues(item);
  else if (node.isMap) for (const [, value] of node.entries()) yield* unfitValues(value);
  else if (isUnfit(jsonValue(node))) yield node;
}

function jsonOf(tree: YamlTree | undefined, onUnfit: () => void): unknown {
  if (tree === undefined) return null;
  if (tree.kind === "scalar") {
    const value = jsonScalarOf(tree);
    if (isUnfit(value)) onUnfit();
    return value;
  }
  if (tree.kind === "list") return tree.items.map((item) => jsonOf(item, onUnfit));
  // Without a prototype, for which "__proto__" is a key like any other.
  const value: Record<string, unknown> = Object.create(null);
  for (const pair of tree.pairs) value[pair.key] = jsonOf(pair.value, onUnfit);
  return value;
}

/** Gives a scalar as the Go generator's schema check sees it. */
export function jsonScalarOf(scalar: YamlScalar): unknown {
  const { text, value } = scalar;
  if (value === null) return null;
  if (typeof value === "string") {
    return GO_NUMBER.test(text) && isUnquoted(scalar) ? jsonScalar(text) : text;
  }
  return value instanceof Uint8Array ? text : jsonScalar(text);
}

/** What is written without quotes takes as much room as what it stands for. */
function isUnquoted({ range: [start, end], text }: YamlScalar): boolean {
  return end - start === text.length;
}

/** Tells whether JSON has no word for a value. */
export function isUnfit(value: unknown): boolean {
  return typeof value === "number" && !Number.isFinite(value);
}
