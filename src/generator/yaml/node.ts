import type { Node, Pair } from "yaml";
import { type Alias, type Document, isAlias, isMap, isPair, isScalar, isSeq } from "yaml";
import { describeError } from "../../errors.ts";
import { FOLDER_DEPTH } from "../../limits.ts";
import type { Finding, ReportFinding, Severity } from "../findings.ts";
import { plainScalar } from "./value.ts";

const INDEX = /^\d+$/;

/** What all nodes of one document share. */
export interface YamlScope {
  readonly file: string;
  readonly document: Document.Parsed;
  /** What each alias stands for; filled when the document is checked. */
  readonly targets: Map<Alias, Node>;
  /** The pairs of each map read so far by key, merged ones included. */
  readonly pairs: Map<Node, ReadonlyMap<string, Pair>>;
  readonly report: ReportFinding;
  readonly positionOf: (offset: number) => { readonly line: number; readonly column: number };
}

/** Makes a node; `at` places one that is absent, at the node it is missing from. */
interface YamlNodeInit {
  readonly node: Node | undefined;
  readonly path: string;
  readonly scope: YamlScope;
  readonly at?: Node | undefined;
  /** The key that it is the value of. */
  readonly key?: Node | undefined;
}

/**
 * A value of a YAML file, or its absence, read by the type that is expected of it. Text is the
 * source text of a scalar, so that `1.10` never becomes 1.1. A value of another type is reported as
 * an error and read as absent; null is absent.
 */
export class YamlNode {
  /** Path inside the document: "versions[1].default". */
  readonly path: string;
  readonly scope: YamlScope;
  /** The parsed node behind it, aliases followed. */
  readonly node: Node | undefined;
  readonly #at: Node | undefined;
  readonly #key: Node | undefined;

  constructor(init: YamlNodeInit) {
    this.path = init.path;
    this.scope = init.scope;
    this.node = follow(init.node, init.scope);
    this.#at = init.node ?? init.at;
    this.#key = init.key;
  }

  /** False for what is missing or null. */
  get present(): boolean {
    return this.node !== undefined && !isNull(this.node);
  }

  /** Gives the value of a key; absent when this is not a map. Merge keys count after own keys. */
  get(key: string): YamlNode {
    return this.#valueOf(key, pairsOf(this.node, this.scope).get(key));
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
    return isSeq(this.node);
  }

  /** True for a map, whose entries() can be read without complaint. */
  get isMap(): boolean {
    return isMap(this.node);
  }

  /** Gives the items of a list. */
  items(): readonly YamlNode[] {
    if (!this.present) return [];
    if (!isSeq(this.node)) return this.#mismatch("a list", []);
    return this.node.items.map((item, at) => this.#child(nodeOf(item), `${this.path}[${at}]`));
  }

  /** Gives the entries of a map by the source text of the keys. */
  entries(): readonly (readonly [string, YamlNode])[] {
    if (!this.present) return [];
    if (!isMap(this.node)) return this.#mismatch("a map", []);
    const pairs = pairsOf(this.node, this.scope);
    return [...pairs].map(([key, pair]) => [key, this.#valueOf(key, pair)] as const);
  }

  /** Gives the source text of a scalar. */
  text(): string | undefined {
    if (!this.present) return undefined;
    if (!isScalar(this.node)) return this.#mismatch("text", undefined);
    // A !!binary scalar stands for the bytes it encodes.
    if (this.node.value instanceof Uint8Array) return Buffer.from(this.node.value).toString();
    return this.node.source ?? String(this.node.value);
  }

  /** Gives a boolean in any YAML 1.1 spelling. */
  flag(): boolean | undefined {
    if (!this.present) return undefined;
    const value = isScalar(this.node) ? this.node.value : undefined;
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
    return this.present && isScalar(this.node) && typeof this.node.value !== "string";
  }

  /** Gives the value as JSON holds it; null for what is absent. What JSON cannot hold is reported. */
  value(): unknown {
    try {
      return this.#plain(0);
    } catch (error) {
      this.report("error", "yaml-value", describeError(error));
      return undefined;
    }
  }

  /** Where this is, or what it is missing from, as the position fields of a finding. */
  position(): Pick<Finding, "file" | "line" | "column" | "path"> {
    const offset = this.#at?.range?.[0];
    const at = offset === undefined ? {} : this.scope.positionOf(offset);
    return { file: this.scope.file, ...at, ...(this.path === "" ? {} : { path: this.path }) };
  }

  /** Where the key of this value stands; of what has no key, such as the item of a list, itself. */
  keyPosition(): Pick<Finding, "file" | "line" | "column" | "path"> {
    const offset = this.#key?.range?.[0];
    return { ...this.position(), ...(offset === undefined ? {} : this.scope.positionOf(offset)) };
  }

  /** Reports a finding at this place. */
  report(severity: Severity, rule: string, message: string, hint?: string): void {
    const more = hint === undefined ? {} : { hint };
    this.scope.report({ severity, rule, message, ...this.position(), ...more });
  }

  #plain(depth: number): unknown {
    if (depth > FOLDER_DEPTH) throw new Error(`nested over ${FOLDER_DEPTH} levels deep`);
    if (!this.present) return null;
    if (this.isMap) {
      return Object.fromEntries(this.entries().map(([key, node]) => [key, node.#plain(depth + 1)]));
    }
    if (this.isList) return this.items().map((item) => item.#plain(depth + 1));
    // The item of an ordered map (!!omap) is a map of one pair.
    if (isPair(this.node)) {
      const value = this.#valueOf(keyText(this.node), this.node);
      return { [keyText(this.node)]: value.#plain(depth + 1) };
    }
    return plainScalar(isScalar(this.node) ? this.node.value : undefined);
  }

  #step(step: string | number): YamlNode {
    if (!isSeq(this.node) || !INDEX.test(String(step))) return this.get(String(step));
    return this.#child(nodeOf(this.node.items[Number(step)]), `${this.path}[${step}]`);
  }

  #valueOf(key: string, pair: Pair | undefined): YamlNode {
    const path = this.path === "" ? key : `${this.path}.${key}`;
    return this.#child(nodeOf(pair?.value), path, nodeOf(pair?.key));
  }

  #child(node: Node | undefined, path: string, key?: Node): YamlNode {
    return new YamlNode({ node, path, scope: this.scope, at: this.node ?? this.#at, key });
  }

  #mismatch<Value>(expected: string, instead: Value): Value {
    this.report("error", "yaml-type", `${kindOf(this.node)} where ${expected} is needed`);
    return instead;
  }
}

/** Gives the key of a pair as source text. */
export function keyText(pair: Pair): string {
  const { key } = pair;
  if (isScalar(key)) return key.source ?? String(key.value);
  return String(key);
}

/** Gives the node behind an alias; undefined when its anchor is missing or would contain it. */
function follow(node: Node | undefined, { targets }: YamlScope): Node | undefined {
  return isAlias(node) ? targets.get(node) : node;
}

/**
 * Gives the pairs of a map by key: of equal keys the last, of merged ones the first, own ones before
 * merged ones. Each map is read once, however often it is merged.
 */
function pairsOf(node: Node | undefined, scope: YamlScope): ReadonlyMap<string, Pair> {
  if (!isMap(node)) return NO_PAIRS;
  const known = scope.pairs.get(node);
  if (known !== undefined) return known;
  const pairs = new Map<string, Pair>();
  for (const pair of node.items) {
    const key = keyText(pair);
    if (key !== "<<") pairs.set(key, pair);
    else for (const source of mergedInto(pair, scope)) addMissing(pairs, pairsOf(source, scope));
  }
  scope.pairs.set(node, pairs);
  return pairs;
}

const NO_PAIRS: ReadonlyMap<string, Pair> = new Map();

function addMissing(pairs: Map<string, Pair>, others: ReadonlyMap<string, Pair>): void {
  for (const [key, pair] of others) if (!pairs.has(key)) pairs.set(key, pair);
}

/** Gives what a merge key merges. */
function mergedInto(pair: Pair, scope: YamlScope): readonly (Node | undefined)[] {
  const merged = follow(nodeOf(pair.value), scope);
  const sources = isSeq(merged) ? merged.items : [merged];
  return sources.map((source) => follow(nodeOf(source), scope));
}

/** Narrows what the parser types as unknown: a parsed document holds nodes and null only. */
function nodeOf(value: unknown): Node | undefined {
  return value === null ? undefined : (value as Node | undefined);
}

function isNull(node: Node): boolean {
  return isScalar(node) && node.value === null;
}

function kindOf(node: Node | undefined): string {
  if (isSeq(node)) return "a list";
  if (isMap(node)) return "a map";
  const value = isScalar(node) ? node.value : undefined;
  return typeof value === "string" ? "text" : `"${isScalar(node) ? node.source : value}"`;
}
