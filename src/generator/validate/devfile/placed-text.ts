import type { YamlNode } from "../../yaml/index.ts";

/** A text of a devfile and the value that holds it. */
export interface PlacedText {
  readonly text: string;
  readonly node: YamlNode;
}

/** Gives the text of a value; undefined, without a report, when it is none. */
export function textAt(node: YamlNode): PlacedText | undefined {
  if (!node.present || node.isList || node.isMap || node.readsAsOtherThanText) return undefined;
  const text = node.text();
  return text === undefined ? undefined : { text, node };
}

/** Gives the items of a value; none, without a report, when it is no list. */
export function itemsOf(node: YamlNode): readonly YamlNode[] {
  return node.isList ? node.items() : [];
}

/** Gives the entries of a value; none, without a report, when it is no map. */
export function entriesOf(node: YamlNode): readonly (readonly [string, YamlNode])[] {
  return node.isMap ? node.entries() : [];
}

/** Gives the items of a list that are texts. */
export function textsAt(node: YamlNode): readonly PlacedText[] {
  return itemsOf(node).flatMap((item) => textAt(item) ?? []);
}

/** Tells whether a value is true in any spelling of YAML 1.1; false, without a report, otherwise. */
export function isTrue(node: YamlNode): boolean {
  return node.readsAsOtherThanText && node.value() === true;
}
