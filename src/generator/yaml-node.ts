import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair } from "yaml";
import { describeError } from "../errors.ts";
import { YAML_ALIASES } from "../limits.ts";
import type { Finding, ReportFinding, Severity } from "./findings.ts";
import { plainValue } from "./yaml-value.ts";

/** What all nodes of one document share. */
export interface YamlScope {
  readonly file: string;
  readonly document: Document.Parsed;
  readonly report: ReportFinding;
  readonly positionOf: (offset: number) => { readonly line: number; readonly column: number };
}

/** Makes a node; `at` places one that is absent, at the node it is missing from. */
interface YamlNodeInit {
  readonly node: Node | undefined;
  readonly path: string;
  readonly scope: YamlScope;
  readonly at?: Node | undefined;
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

  constructor(init: YamlNodeInit) {
    this.path = init.path;
    this.scope = init.scope;
    this.node = follow(init.node, init.scope.document);
    this.#at = init.node ?? init.at;
  }

  /** False for what is missing or null. */
  get present(): boolean {
    return this.node !== undefined && !isNull(this.node);
  }

  /** Gives the value of a key; absent when this is not a map. Merge keys count after own keys. */
  get(key: string): YamlNode {
    const pair = findPair(this.node, key, this.scope.document, 0);
    return this.#child(nodeOf(pair?.value), this.path === "" ? key : `${this.path}.${key}`);
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
    const keys = keysOf(this.node, this.scope.document, 0).filter((key) => key !== "<<");
    return [...new Set(keys)].map((key) => [key, this.get(key)] as const);
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

  /** Gives the value as JSON holds it; aliases that expand over YAML_ALIASES times are reported. */
  value(): unknown {
    try {
      return plainValue(this.node?.toJS(this.scope.document, { maxAliasCount: YAML_ALIASES }));
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

  /** Reports a finding at this place. */
  report(severity: Severity, rule: string, message: string, hint?: string): void {
    const more = hint === undefined ? {} : { hint };
    this.scope.report({ severity, rule, message, ...this.position(), ...more });
  }

  #child(node: Node | undefined, path: string): YamlNode {
    return new YamlNode({ node, path, scope: this.scope, at: this.node ?? this.#at });
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

/** Gives the node behind an alias; undefined when its anchor is missing or leads in circles. */
function follow(node: Node | undefined, document: Document.Parsed): Node | undefined {
  let behind = node;
  for (let steps = 0; isAlias(behind) && steps < YAML_ALIASES; steps += 1) {
    behind = behind.resolve(document);
  }
  return isAlias(behind) ? undefined : behind;
}

/** Gives the keys of a map and of what is merged into it. */
function keysOf(node: Node | undefined, document: Document.Parsed, depth: number): string[] {
  if (!isMap(node) || depth > YAML_ALIASES) return [];
  return node.items.flatMap((pair) => [
    keyText(pair),
    ...mergedInto(pair, document).flatMap((source) => keysOf(source, document, depth + 1)),
  ]);
}

/** Gives the maps that a pair merges; none when it is no merge. */
function mergedInto(pair: Pair, document: Document.Parsed): readonly (Node | undefined)[] {
  if (keyText(pair) !== "<<") return [];
  const merged = follow(nodeOf(pair.value), document);
  const sources = isSeq(merged) ? merged.items : [merged];
  return sources.map((source) => follow(nodeOf(source), document));
}

function findPair(
  node: Node | undefined,
  key: string,
  document: Document.Parsed,
  depth: number,
): Pair | undefined {
  if (!isMap(node) || depth > YAML_ALIASES) return undefined;
  const own = node.items.findLast((pair) => keyText(pair) === key);
  if (own !== undefined) return own;
  for (const source of node.items.flatMap((pair) => mergedInto(pair, document))) {
    const found = findPair(source, key, document, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
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
