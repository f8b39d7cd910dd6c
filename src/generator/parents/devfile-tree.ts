import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  visit,
  YAMLMap,
} from "yaml";
import { DevregError } from "../../errors.ts";
import { YAML_VALUES } from "../../limits.ts";
import { type AliasTargets, entriesOf, readDevfileRoot, resolveAliases } from "../rewrite/index.ts";

/** A devfile as nodes without aliases, anchors and merge keys, whose scalars all are source text. */
export interface DevfileTree {
  readonly document: Document.Parsed;
  readonly root: YAMLMap;
}

/**
 * Reads a devfile for merging. No scalar is interpreted, so that 1.10 and yes are written the way
 * they were read.
 *
 * @param file what messages call it
 * @throws {DevregError} INPUT_INVALID when it is no devfile; LIMIT_EXCEEDED when its aliases stand
 *   for over YAML_VALUES values
 */
export function readTree(file: string, text: string): DevfileTree {
  readDevfileRoot(file, text);
  const document = parseDocument(text.replace(/^\ufeff/, ""), {
    schema: "failsafe",
    version: "1.1",
    uniqueKeys: false,
    stringKeys: true,
    prettyErrors: false,
    logLevel: "error",
  });
  const targets = resolveAliases(document);
  const budget = { left: YAML_VALUES };
  const root = expanded(document.contents, { targets, budget });
  const map = isMap(root) ? root : new YAMLMap();
  document.contents = map as Document.Parsed["contents"];
  return { document, root: map };
}

interface Expansion {
  readonly targets: AliasTargets;
  readonly budget: { left: number };
}

/** Puts copies in the place of aliases and merge keys, below a node too. */
function expanded(node: unknown, expansion: Expansion): Node | null {
  expansion.budget.left -= 1;
  if (expansion.budget.left < 0) {
    throw new DevregError(
      "LIMIT_EXCEEDED",
      `Cannot read the devfile: its aliases stand for over ${YAML_VALUES} values`,
    );
  }
  if (isAlias(node)) return expanded(copyOf(expansion.targets.get(node)), expansion);
  if (!isNode(node)) return null;
  delete node.anchor;
  if (isSeq(node)) node.items = node.items.map((item) => expanded(item, expansion));
  if (isMap(node)) {
    const entries = entriesOf(node.items, expansion.targets);
    const own = new Set<Pair>(node.items);
    node.items = entries.map(([, pair]) => {
      const mine = own.has(pair) ? pair : pair.clone();
      mine.value = expanded(own.has(pair) ? pair.value : copyOf(pair.value), expansion);
      return mine;
    });
  }
  return node;
}

/** Copies a node but for the aliases in it, which stay the ones whose targets are known. */
function copyOf(node: unknown): Node | null {
  if (isAlias(node) || !isNode(node)) return isNode(node) ? node : null;
  const copy = node.clone() as Node;
  if (isSeq(copy) && isSeq(node)) copy.items = node.items.map(copyOf);
  if (isMap(copy) && isMap(node)) {
    copy.items = node.items.map((pair) => {
      const twin = pair.clone();
      twin.value = copyOf(pair.value);
      return twin;
    });
  }
  return copy;
}

/** Takes away comments and blank lines, which say something of the file they were in. */
export function dropComments(root: YAMLMap): void {
  visit(root, {
    Node: (_, node) => {
      delete node.comment;
      delete node.commentBefore;
      delete node.spaceBefore;
    },
  });
}

/** Gives the value of a key. */
export function getNode(map: unknown, key: string): unknown {
  return isMap(map) ? map.items.find((pair) => nameOf(pair) === key)?.value : undefined;
}

/** Gives the source text of a scalar of a map; undefined for null and what is no scalar. */
export function getText(map: unknown, key: string): string | undefined {
  const node = getNode(map, key);
  return isScalar(node) && !isNull(node) ? String(node.value) : undefined;
}

/** Gives the items of a list; none where there is no list. */
export function getItems(map: unknown, key: string): readonly unknown[] {
  const node = getNode(map, key);
  return isSeq(node) ? node.items : [];
}

/** Gives the pairs of a map; none where there is no map. */
export function pairsOf(node: unknown): readonly Pair[] {
  return isMap(node) ? node.items : [];
}

/** Gives the source text of the key of a pair. */
export function nameOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
}

/** Takes a key out of a map. */
export function dropKey(map: YAMLMap, key: string): void {
  map.items = map.items.filter((pair) => nameOf(pair) !== key);
}

/** Tells null, in any of its spellings, from text. */
export function isNull(node: unknown): boolean {
  if (!isScalar(node)) return !isNode(node);
  return node.type === "PLAIN" && /^(~|null|Null|NULL)?$/.test(String(node.value));
}
