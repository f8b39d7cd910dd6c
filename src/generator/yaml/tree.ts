/** What both readers of YAML make of a text. Offsets count UTF-16 units from its first character. */
export type YamlTree = YamlScalar | YamlList | YamlMap;

/** A text, a number, a boolean, a date, bytes or null. */
export interface YamlScalar {
  readonly kind: "scalar";
  /** The text as it is written, without quotes, escapes and folds. */
  readonly text: string;
  /** What YAML 1.1 reads it as. */
  readonly value: unknown;
  readonly offset: number;
  /** Where it is written; what stands for an anchor by an alias is written at the anchor. */
  readonly range: readonly [start: number, end: number];
}

/** A list; an item that is not even written is absent. */
export interface YamlList {
  readonly kind: "list";
  readonly items: readonly (YamlTree | undefined)[];
  readonly offset: number;
}

/** A map, its merge keys written out: each key is there once, in the order of first mention. */
export interface YamlMap {
  readonly kind: "map";
  readonly pairs: readonly YamlPair[];
  readonly offset: number;
}

/** A key of a map, as text, and its value. */
export interface YamlPair {
  readonly key: string;
  readonly keyOffset: number;
  readonly value: YamlTree | undefined;
}
