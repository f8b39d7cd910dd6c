import type { YamlNode } from "../../yaml/index.ts";
import { jsonScalarOf } from "../schema/index.ts";

/** A text of a devfile and the value that holds it. */
export interface PlacedText {
  readonly text: string;
  readonly node: YamlNode;
}

/** Tells whether a map has a key with a value. */
export function has(node: YamlNode | undefined, key: string): boolean {
  return node?.has(key) === true;
}

/** Gives the value of a key; undefined when there is none. */
export function childOf(node: YamlNode | undefined, key: string): YamlNode | undefined {
  return node?.child(key);
}

/** Gives the text of a value; undefined, without a report, when the library reads it as none. */
export function textAt(node: YamlNode | undefined): PlacedText | undefined {
  const text = scalarAt(node);
  return node === undefined || typeof text !== "string" ? undefined : { text, node };
}

/** Gives the number of a value; undefined, without a report, when the library reads it as none. */
export function numberAt(node: YamlNode | undefined): number | undefined {
  const value = scalarAt(node);
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
  const texts: PlacedText[] = [];
  for (const item of itemsOf(node)) {
    const text = textAt(item);
    if (text !== undefined) texts.push(text);
  }
  return texts;
}

/** Tells whether a value is true in any spelling of YAML 1.1; false, without a report, otherwise. */
export function isTrue(node: YamlNode | undefined): boolean {
  return scalarAt(node) === true;
}

function scalarAt(node: YamlNode | undefined): unknown {
  const tree = node?.tree;
  return tree?.kind === "scalar" ? jsonScalarOf(tree) : undefined;
}
