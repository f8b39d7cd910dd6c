import { isAlias, isMap, isScalar, isSeq, type Pair, Scalar } from "yaml";
import { DevregError } from "../../errors.ts";
import { YAML_BYTES } from "../../limits.ts";
import type { AliasTargets } from "./aliases.ts";
import type { YamlValue } from "./edit.ts";
import { entriesOf, keyOf } from "./map-entries.ts";
import { type ScalarStyle, scalarText } from "./scalar-text.ts";

/**
 * Writes a node on one line, what its aliases and merge keys stand for included, so that it can
 * stand wherever an alias to it stood.
 *
 * @throws {DevregError} LIMIT_EXCEEDED when that would be over YAML_BYTES
 */
export function flowText(node: unknown, targets: AliasTargets): string {
  return written(node, targets, 0);
}

function written(node: unknown, targets: AliasTargets, before: number): string {
  if (isAlias(node)) return written(targets.get(node), targets, before);
  if (isSeq(node)) {
    return `[${joined(node.items, before, (item, at) => written(item, targets, at))}]`;
  }
  if (isMap(node)) {
    const pairs = entriesOf(node.items, targets).map(([, pair]) => pair);
    return `{${joined(pairs, before, (pair, at) => pairText(pair, targets, at))}}`;
  }
  return isScalar(node) ? scalarNodeText(node) : "null";
}

/** Writes a pair as it can stand inside of `{}`, and on a line of its own. */
export function pairText(pair: Pair, targets: AliasTargets, before = 0): string {
  const key = isScalar(pair.key) ? scalarNodeText(pair.key) : scalarText(keyOf(pair));
  return `${key}: ${written(pair.value, targets, before + key.length)}`;
}

/** Writes a value of an edit on one line, its texts in a style where one is asked for. */
export function flowValueText(value: YamlValue, style?: ScalarStyle): string {
  if (typeof value === "string") return scalarText(value, style, true);
  const entries = Object.entries(value).map(
    ([key, below]) => `${scalarText(key, style, true)}: ${flowValueText(below, style)}`,
  );
  return `{${entries.join(", ")}}`;
}

/** What is no text keeps its source, the only writing that surely means the same. */
function scalarNodeText(scalar: Scalar): string {
  const { value, source } = scalar;
  if (typeof value !== "string") return source === undefined || source === "" ? "null" : source;
  const isBlock = scalar.type === Scalar.BLOCK_FOLDED || scalar.type === Scalar.BLOCK_LITERAL;
  return scalarText(value, isBlock ? undefined : scalar.type, true);
}

function joined<Item>(
  items: readonly Item[],
  before: number,
  write: (item: Item, before: number) => string,
): string {
  let text = "";
  for (const [index, item] of items.entries()) {
    text += `${index === 0 ? "" : ", "}${write(item, before + text.length)}`;
    if (before + text.length > YAML_BYTES) {
      throw new DevregError(
        "LIMIT_EXCEEDED",
        `Cannot rewrite YAML: its aliases stand for over ${YAML_BYTES} bytes`,
      );
    }
  }
  return text;
}
