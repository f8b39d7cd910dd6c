import { isNode, isScalar, type Pair, type Scalar } from "yaml";
import { scalarValue } from "./scalar-value.ts";
import type { YamlScalar } from "./tree.ts";

/** Gives what the package `yaml` made of a scalar. */
export function scalarOf(node: Scalar): YamlScalar {
  const { source, range, tag, type } = node;
  const isPlain = type === "PLAIN" && tag === undefined && source !== undefined;
  const value = isPlain ? scalarValue(source) : node.value;
  // A !!binary scalar stands for the bytes it encodes.
  const bytes = value instanceof Uint8Array ? Buffer.from(value).toString() : undefined;
  const text = bytes ?? source ?? String(value);
  const [start = 0, end = start] = range ?? [];
  return { kind: "scalar", text, value, offset: start, range: [start, end] };
}

/** Gives the text of a key: every key that the composer lets through is a scalar. */
export function keyOf({ key }: Pair): string {
  return isScalar(key) ? (key.source ?? String(key.value)) : String(key);
}

/** Tells whether a pair merges. Parity: isMerge() of decode.go of yaml.v2; in quotes it is a key like others. */
export function isMerge({ key }: Pair): boolean {
  return isScalar(key) && key.source === "<<" && key.type === "PLAIN";
}

/** Gives where a node begins. */
export function offsetOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}
