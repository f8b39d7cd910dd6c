import { describeError } from "../../errors.ts";
import { FOLDER_DEPTH } from "../../limits.ts";
import type { Finding, ReportFinding, Severity } from "../findings.ts";
import { pairOf } from "./map-index.ts";
import type { TextLines } from "./text-lines.ts";
import type { YamlPair, YamlTree } from "./tree.ts";
import { plainValue } from "./value.ts";

const INDEX = /^\d+$/;
/** What to do, by what is needed. */
const HINTS = {
  "a list": 'Write each item on a line of its own that starts with "- "',
  "a map": "Write its keys below it, each as key: value",
  text: "Write one text",
  "true or false": "Write true or false, without quotes",
};

/** What all nodes of one document share. */
export interface YamlScope {
  readonly file: string;
  readonly lines: TextLines;
  readonly report: ReportFinding;
}

/** Where in its file a value is. */
type YamlPlace = Pick<Finding, "file" | "line" | "column" | "path">;

/**
 * A value of a YAML file, or its absence, read by the type that is expected of it. Text is the
 * source text of a scalar, so that `1.10` never becomes 1.1. A value of another type is reported as
 * an error and read as absent; null is absent.
 */
export class YamlNode {
  readonly #scope: YamlScope;
  readonly #tree: YamlTree | undefined;
  // Path and offset are made up from these where something is wrong; nodes are made by the million.
  readonly #from: YamlNode | undefined;
  readonly #name: string | number;
  readonly #keyOffset: number | undefined;

  /** Takes the value, and for what is not the root how it is reached. */
  constructor(
    scope: YamlScope,
    tree: YamlTree | undefined,
    from?: YamlNode,
    name: string | number = "",
    keyOffset?: number,
  ) {
    this.#scope = scope;
    this.#tree = tree;
    this.#from = from;
    this.#name = name;
    this.#keyOffset = keyOffset;
  }

  /** Path inside the document: "versions[1].default". */
  get path(): string {
    if (this.#from === undefined) return "";
    const above = this.#from.path;
    if (typeof this.#name === "number") return `${above}[${this.#name}]`;
    return above === "" ? this.#name : `${above}.${this.#name}`;
  }

  /** False for what is missing or null. */
  get present(): boolean {
    return isPresent(this.#tree);
  }

  /** False when no text of its whole file can have something in it that has no space. */
  fileMayMean(text: string): boolean {
    return this.#scope.lines.mayMean(text);
  }

  /** Gives all that is below it, for who reads the whole at once; absent for what is missing. */
  get tree(): YamlTree | undefined {
    return this.#tree;
  }

  /** Gives the value of a key; absent when this is not a map. Merge keys count after own keys. */
  get(key: string): YamlNode {
    const tree = this.#tree;
    return this.#valueOf(key, tree?.kind === "map" ? pairOf(tree, key) : undefined);
  }

  /** Gives the value of a key; undefined where {@link get} would give an absent one. */
  child(key: string): YamlNode | undefined {
    const tree = this.#tree;
    const pair = tree?.kind === "map" ? pairOf(tree, key) : undefined;
    return isPresent(pair?.value) ? this.#valueOf(key, pair) : undefined;
  }

  /** Tells whether a key has a value. */
  has(key: string): boolean {
    const tree = this.#tree;
    return tree?.kind === "map" && isPresent(pairOf(tree, key)?.value);
  }

  /**
   * Gives the value at a path of keys and indexes: `["versions", 1, "default"]`. What is absent is
   * placed at the nearest value above it that is there. Digits count as an index in a list.
   */
  find(path: readonly (string | number)[]): YamlNode {
    return path.reduce<YamlNode>((node, step) => node.#step(step), this);
  }

  /** True for a list, which items() reads without complaint. */
  get isList(): boolean {
    return this.#tree?.kind === "list";
  }

  /** True for a map, whose entries() can be read without complaint. */
  get isMap(): boolean {
    return this.#tree?.kind === "map";
  }

  /** True for a text, a number and the like: what is no list, no map and not null. */
  get isScalar(): boolean {
    return this.present && this.#tree?.kind === "scalar";
  }

  /**
   * Gives the offsets between which a scalar is written, in UTF-16 units behind any byte order
   * mark; where an alias stands for it, that is at its anchor.
   */
  get range(): readonly [start: number, end: number] | undefined {
    return this.#tree?.kind === "scalar" ? this.#tree.range : undefined;
  }

  /** Gives the items of a list. */
  items(): readonly YamlNode[] {
    if (!this.present) return [];
    if (this.#tree?.kind !== "list") return this.#mismatch("a list", []);
    return this.#tree.items.map((item, at) => this.#child(item, at));
  }

  /** Gives the entries of a map by the source text of the keys. */
  entries(): readonly (readonly [string, YamlNode])[] {
    if (!this.present) return [];
    if (this.#tree?.kind !== "map") return this.#mismatch("a map", []);
    return this.#tree.pairs.map((pair) => [pair.key, this.#valueOf(pair.key, pair)] as const);
  }

  /** Gives the source text of a scalar. */
  text(): string | undefined {
    if (!this.present) return undefined;
    return this.#tree?.kind === "scalar" ? this.#tree.text : this.#mismatch("text", undefined);
  }

  /** Gives a boolean in any YAML 1.1 spelling. */
  flag(): boolean | undefined {
    if (!this.present) return undefined;
    const value = this.#tree?.kind === "scalar" ? this.#tree.value : undefined;
    return typeof value === "boolean" ? value : this.#mismatch("true or false", undefined);
  }

  /** Gives a list of texts; a null item is an empty text. */
  texts(): readonly string[] {
    return this.items().map((item) => item.text() ?? "");
  }

  /** Gives a map of texts; a null value is an empty text. */
  textMap(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.entries().map(([key, node]) => [key, node.text() ?? ""]));
  }

  /** Gives a map of booleans; a null value is false. */
  flagMap(): Readonly<Record<string, boolean>> {
    return Object.fromEntries(this.entries().map(([key, node]) => [key, node.flag() ?? false]));
  }

  /** True for an unquoted scalar that YAML 1.1 does not read as text: 1.10, yes, 2025-01-01. */
  get readsAsOtherThanText(): boolean {
    const tree = this.#tree;
    return this.present && tree?.kind === "scalar" && typeof tree.value !== "string";
  }

  /** Gives the value as JSON holds it; null for what is absent. What JSON cannot hold is reported. */
  value(): unknown {
    try {
      return plainValue(this.#tree, FOLDER_DEPTH);
    } catch (error) {
      this.report("error", "yaml-value", describeError(error), "Put it in quotes, or remove it");
      return undefined;
    }
  }

  /** Where this is, or what it is missing from, as the position fields of a finding. */
  position(): YamlPlace {
    return this.#place(this.#offset());
  }

  /** Where the key of this value stands; of what has no key, such as the item of a list, itself. */
  keyPosition(): YamlPlace {
    return this.#place(this.#keyOffset ?? this.#offset());
  }

  /** Reports a finding at this place. */
  report(severity: Severity, rule: string, message: string, hint?: string): void {
    const more = hint === undefined ? {} : { hint };
    this.#scope.report({ severity, rule, message, ...this.position(), ...more });
  }

  #place(offset: number | undefined): YamlPlace {
    const { file, lines } = this.#scope;
    const { path } = this;
    const at = offset === undefined ? {} : lines.positionOf(offset);
    return { file, ...at, ...(path === "" ? {} : { path }) };
  }

  #step(step: string | number): YamlNode {
    const tree = this.#tree;
    if (tree?.kind !== "list" || !INDEX.test(String(step))) return this.get(String(step));
    return this.#child(tree.items[Number(step)], Number(step));
  }

  #valueOf(key: string, pair: YamlPair | undefined): YamlNode {
    return this.#child(pair?.value, key, pair?.keyOffset);
  }

  #child(tree: YamlTree | undefined, name: string | number, keyOffset?: number): YamlNode {
    return new YamlNode(this.#scope, tree, this, name, keyOffset);
  }

  /** Where it is, or what it is missing from; nothing in an empty document. */
  #offset(): number | undefined {
    if (this.#tree !== undefined || this.#from === undefined) return this.#tree?.offset;
    return this.#from.#offset();
  }

  #mismatch<Value>(expected: keyof typeof HINTS, instead: Value): Value {
    const message = `${kindOf(this.#tree)} where ${expected} is needed`;
    this.report("error", "yaml-type", message, HINTS[expected]);
    return instead;
  }
}

function isPresent(tree: YamlTree | undefined): boolean {
  return tree !== undefined && !(tree.kind === "scalar" && tree.value === null);
}

function kindOf(tree: YamlTree | undefined): string {
  if (tree?.kind !== "scalar") return `a ${tree?.kind}`;
  return typeof tree.value === "string" ? "text" : `"${tree.text}"`;
}
