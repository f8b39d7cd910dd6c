import {
  type Alias,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
} from "yaml";
import { YAML_EXPANDED_CHARS } from "../../limits.ts";
import type { Complain } from "./complaint.ts";
import { scalarValue } from "./scalar-value.ts";
import type { YamlPair, YamlTree } from "./tree.ts";

const MERGE = "<<";

/** What became of a node: no tree of one that is left out. */
interface Converted {
  readonly tree: YamlTree | undefined;
  /** What it comes to, in characters and values, with every alias below it written out. */
  readonly expanded: number;
}

/** What an anchor names; nothing while that is being read. */
interface Anchored {
  converted: Converted | undefined;
}

/**
 * Turns what the package `yaml` composed into a tree without anchors, aliases and merge keys. An
 * alias must stand for an anchor before it; of equal keys a warning is given. A document that
 * aliases blow up beyond all measure is refused, so that whoever reads the tree need not count.
 * Parity: the Go generator refuses that too.
 *
 * @returns nothing when an error was complained of
 */
export function convertTree(
  contents: unknown,
  complain: Complain,
): { readonly tree: YamlTree | undefined } | undefined {
  const converter = new TreeConverter(complain);
  const { tree, expanded } = converter.convert(contents, "");
  if (converter.isWithin(expanded)) return converter.isSound ? { tree } : undefined;
  complain({
    severity: "error",
    rule: "yaml-expansion",
    message: `its aliases stand for over ${YAML_EXPANDED_CHARS} characters`,
    hint: "Write the values out instead of repeating them",
    ...(tree === undefined ? {} : { offset: tree.offset }),
  });
  return undefined;
}

class TreeConverter {
  isSound = true;
  readonly #complain: Complain;
  /** A later anchor of the same name hides the earlier one. */
  readonly #anchors = new Map<string, Anchored>();
  #merged = 0;

  constructor(complain: Complain) {
    this.#complain = complain;
  }

  /** Tells whether a document of this size, and what was merged in it, is not beyond all measure. */
  isWithin(expanded: number): boolean {
    return expanded <= YAML_EXPANDED_CHARS && this.#merged <= YAML_EXPANDED_CHARS;
  }

  convert(node: unknown, path: string): Converted {
    if (isAlias(node)) return this.#alias(node, path);
    const anchored: Anchored = { converted: undefined };
    if (isNode(node) && node.anchor !== undefined) this.#anchors.set(node.anchor, anchored);
    anchored.converted = this.#withoutAnchor(node, path);
    return anchored.converted;
  }

  #withoutAnchor(node: unknown, path: string): Converted {
    if (isScalar(node)) return scalar(node);
    if (isSeq(node)) return this.#list(node.items, offsetOf(node), path);
    if (isMap(node)) return this.#map(node.items, offsetOf(node), path);
    // The item of an ordered map (!!omap) stands without the map that it was written as.
    if (isPair(node)) return this.#map([node], offsetOf(node.key), path);
    return { tree: undefined, expanded: 1 };
  }

  #list(nodes: readonly unknown[], offset: number, path: string): Converted {
    const converted = nodes.map((node, at) => this.convert(node, `${path}[${at}]`));
    const items = converted.map(({ tree }) => tree);
    return { tree: { kind: "list", items, offset }, expanded: sizeOf(converted) };
  }

  /** Own keys count before merged ones, of equal own ones the last, of merged ones the first. */
  #map(nodes: readonly Pair[], offset: number, path: string): Converted {
    const pairs = new Map<string, YamlPair>();
    const seen = new Set<string>();
    const all: Converted[] = [];
    for (const node of nodes) {
      const key = keyOf(node);
      const keyOffset = offsetOf(node.key);
      const below = path === "" ? key : `${path}.${key}`;
      const merges = isMerge(node);
      if (seen.has(key) && !merges) this.#warnOfEqual(keyOffset, below);
      seen.add(key);
      all.push(this.convert(node.key, below));
      const value = this.convert(node.value, below);
      all.push(value);
      if (merges) this.#merge(pairs, value, keyOffset, below);
      else pairs.set(key, { key, keyOffset, value: value.tree });
    }
    return {
      tree: { kind: "map", pairs: [...pairs.values()], offset },
      expanded: sizeOf(all) + nodes.length,
    };
  }

  #merge(
    pairs: Map<string, YamlPair>,
    { tree, expanded }: Converted,
    offset: number,
    path: string,
  ): void {
    this.#merged += expanded;
    if (!this.isWithin(0)) return;
    for (const source of tree?.kind === "list" ? tree.items : [tree]) {
      if (source?.kind !== "map") {
        if (this.isSound) this.#refuseMerge(source?.offset ?? tree?.offset ?? offset, path);
        continue;
      }
      for (const pair of source.pairs) if (!pairs.has(pair.key)) pairs.set(pair.key, pair);
    }
  }

  /** Parity: decode.go of yaml.v2, "map merge requires map or sequence of maps as the value". */
  #refuseMerge(offset: number, path: string): void {
    this.isSound = false;
    this.#complain({
      severity: "error",
      rule: "yaml-merge",
      message: "what << merges is no map",
      hint: "Name a map or a list of maps by its anchor",
      offset,
      path,
    });
  }

  /** Gives what an alias stands for, at the place of the alias. */
  #alias(alias: Alias, path: string): Converted {
    const anchored = this.#anchors.get(alias.source);
    const offset = offsetOf(alias);
    if (anchored?.converted !== undefined) {
      const { tree, expanded } = anchored.converted;
      return { tree: tree && { ...tree, offset }, expanded };
    }
    this.isSound = false;
    const state = anchored === undefined ? "no anchor" : "it would contain itself:";
    const message = `${state} "${alias.source}"`;
    const hint = "Put it in quotes, or set the anchor above";
    this.#complain({ severity: "error", rule: "yaml-alias", message, hint, offset, path });
    return { tree: undefined, expanded: 1 };
  }

  #warnOfEqual(offset: number, path: string): void {
    this.#complain({
      severity: "warning",
      rule: "yaml-duplicate-key",
      message: "the key is there twice and the last one counts",
      hint: "Remove one of them",
      offset,
      path,
    });
  }
}

function scalar(node: Scalar): Converted {
  const { source, range, tag, type } = node;
  const isPlain = type === "PLAIN" && tag === undefined && source !== undefined;
  const value = isPlain ? scalarValue(source) : node.value;
  // A !!binary scalar stands for the bytes it encodes.
  const bytes = value instanceof Uint8Array ? Buffer.from(value).toString() : undefined;
  const text = bytes ?? source ?? String(value);
  const expanded = 1 + (source?.length ?? 0);
  const [start = 0, end = start] = range ?? [];
  return { tree: { kind: "scalar", text, value, offset: start, range: [start, end] }, expanded };
}

function sizeOf(converted: readonly Converted[]): number {
  return converted.reduce((sum, { expanded }) => sum + expanded, 1);
}

/** Gives the text of a key: every key that the composer lets through is a scalar. */
function keyOf({ key }: Pair): string {
  return isScalar(key) ? (key.source ?? String(key.value)) : String(key);
}

/** Parity: isMerge() of decode.go of yaml.v2; in quotes it is a key like others. */
function isMerge({ key }: Pair): boolean {
  return isScalar(key) && key.source === MERGE && key.type === "PLAIN";
}

function offsetOf(node: Node | unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}
