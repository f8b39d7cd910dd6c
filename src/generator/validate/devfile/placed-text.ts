import type { YamlNode } from "../../yaml/index.ts";
import { jsonValue } from "../schema/index.ts";

/** A text of a devfile and the value that holds it. */
export interface PlacedText {
  readonly text: string;
  readonly node: YamlNode;
}

/** Tells whether a map has a key with a value. */
export function has(node: YamlNode | undefined, key: string): boolean {
  const tree = node?.tree;
  if (tree?.kind !== "map") return false;
  // A node is made only for what is there: most keys that rules ask for are not.
  const value = tree.pairs.find((pair) => pair.key === key)?.value;
  return value !== undefined && (value.kind !== "scalar" || value.value !== null);
}

/** Gives the value of a key; undefined when there is none. */
export function childOf(node: YamlNode | undefined, key: string): YamlNode | undefined {
  return has(node, key) ? node?.get(key) : undefined;
}

/** Gives the text of a value; undefined, without a report, when the library reads it as none. */
export function textAt(node: YamlNode | undefined): PlacedText | undefined {
  const text = node?.isScalar === true ? jsonValue(node) : undefined;
  return node === undefined || typeof text !== "string" ? undefined : { text, node };
}

/** Gives the number of a value; undefined, without a report, when the library reads it as none. */
export function numberAt(node: YamlNode | undefined): number | undefined {
  const value = node?.isScalar === true ? jsonValue(node) : undefined;
  return typeof value === "number" ? value : undefined;
}

/** Gives the items of a value; none, without a report, when it is no list. */
export function itemsOf(node: YamlNode | undefined): readonly YamlNode[] {
  return node?.isList ? node.items() : [];
}

/** Gives the entries of a value; none, without a report, when it is no map. */
export function entriesOf(node: YamlNode | undefined): readonly (readonly [string, YamlNode])[] {
  return node?.isMap ? node.entries() : [];
}

/** Gives the items of a list that are texts. */
export function textsAt(node: YamlNode | undefined): readonly PlacedText[] {
  return itemsOf(node).flatMap((item) => textAt(item) ?? []);
}

/** Tells whether a value is true in any spelling of YAML 1.1; false, without a report, otherwise. */
export function isTrue(node: YamlNode | undefined): boolean {
  return node?.isScalar === true && jsonValue(node) === true;
}
