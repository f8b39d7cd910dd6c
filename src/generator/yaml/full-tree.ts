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
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { YAML_EXPANDED_CHARS } from "../../limits.ts";
import type { Complain, Complaint } from "./complaint.ts";
import { isMerge, keyOf, offsetOf, scalarOf } from "./full-nodes.ts";
import { refusedKey, refusedScalar, refusedTab, type Stretch } from "./refused-by-go.ts";
import type { YamlPair, YamlTree } from "./tree.ts";

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
  text: string,
  complain: Complain,
): { readonly tree: YamlTree | undefined } | undefined {
  const converter = new TreeConverter(text, complain);
  const { tree, expanded } = converter.convert(contents, "");
  converter.checkTabs();
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
  readonly #text: string;
  readonly #stretches: Stretch[] = [];
  #merged = 0;
  /** The column, from 0, of the block that is converted; -1 outside of all. */
  #column = -1;
  /** How far lines within the brackets that are converted must be indented. */
  #flowIndent: number | undefined;

  constructor(text: string, complain: Complain) {
    this.#text = text;
    this.#complain = complain;
  }

  /** Refuses tabs that indent what was converted. */
  checkTabs(): void {
    if (this.#text.includes("\t")) this.#refuse(refusedTab(this.#text, this.#stretches));
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
    if (isScalar(node)) return this.#scalar(node);
    if (isSeq(node) || isMap(node)) return this.#collection(node, path);
    // The item of an ordered map (!!omap) stands without the map that it was written as.
    if (isPair(node)) return this.#map([node], offsetOf(node.key), path);
    return { tree: undefined, expanded: 1 };
  }

  #scalar(node: Scalar): Converted {
    this.#skipTabs(node);
    this.#refuse(refusedScalar(node, this.#text, this.#flowIndent));
    return { tree: scalarOf(node), expanded: 1 + (node.source?.length ?? 0) };
  }

  #collection(node: YAMLSeq | YAMLMap, path: string): Converted {
    const [column, flowIndent] = [this.#column, this.#flowIndent];
    const offset = offsetOf(node);
    if (node.flow === true) {
      this.#skipTabs(node);
      this.#flowIndent ??= column + 1;
    } else this.#column = offset - this.#text.lastIndexOf("\n", offset - 1) - 1;
    const converted = isSeq(node)
      ? this.#list(node.items, offset, path)
      : this.#map(node.items, offset, path);
    this.#column = column;
    this.#flowIndent = flowIndent;
    return converted;
  }

  #skipTabs({ range }: Node): void {
    if (range) this.#stretches.push([range[0], range[1]]);
  }

  #refuse(refusal: Complaint | undefined): void {
    if (refusal === undefined) return;
    this.isSound = false;
    this.#complain(refusal);
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
      this.#refuse(refusedKey(node, this.#text));
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
    this.#refuse({
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
    const state = anchored === undefined ? "no anchor" : "it would contain itself:";
    const message = `${state} "${alias.source}"`;
    const hint = "Put it in quotes, or set the anchor above";
    this.#refuse({ severity: "error", rule: "yaml-alias", message, hint, offset, path });
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

function sizeOf(converted: readonly Converted[]): number {
  return converted.reduce((sum, { expanded }) => sum + expanded, 1);
}
