import { type Alias, type Document, isAlias, isMap, isNode, isSeq, type Node } from "yaml";
import { DevregError } from "../../errors.ts";
import { YAML_DEPTH } from "../../limits.ts";

/** The node that each alias of a document stands for. */
export type AliasTargets = ReadonlyMap<Alias, Node>;

/** What is known while a document is walked in the order of its text. */
interface Walk {
  readonly targets: Map<Alias, Node>;
  readonly anchors: Map<string, Node>;
  readonly open: Set<Node>;
}

/**
 * Finds what aliases stand for: the last node before them with their anchor, as text order has it.
 *
 * @throws {DevregError} INPUT_INVALID for an alias without anchor or inside of what it stands for;
 *   LIMIT_EXCEEDED for nesting over YAML_DEPTH
 */
export function resolveAliases(document: Document.Parsed): AliasTargets {
  const walk: Walk = { targets: new Map(), anchors: new Map(), open: new Set() };
  visit(document.contents, walk);
  return walk.targets;
}

function visit(node: unknown, walk: Walk): void {
  if (isAlias(node)) walk.targets.set(node, targetOf(node, walk));
  if (!isNode(node) || isAlias(node)) return;
  if (node.anchor !== undefined) walk.anchors.set(node.anchor, node);
  if (!isMap(node) && !isSeq(node)) return;
  if (walk.open.size >= YAML_DEPTH) {
    throw new DevregError(
      "LIMIT_EXCEEDED",
      `Cannot read YAML: nested over ${YAML_DEPTH} levels deep`,
    );
  }
  walk.open.add(node);
  if (isSeq(node)) for (const item of node.items) visit(item, walk);
  else {
    for (const { key, value } of node.items) {
      visit(key, walk);
      visit(value, walk);
    }
  }
  walk.open.delete(node);
}

function targetOf(alias: Alias, { anchors, open }: Walk): Node {
  const target = anchors.get(alias.source);
  if (target !== undefined && !open.has(target)) return target;
  const state = target === undefined ? "no anchor of that name" : "it stands for itself";
  throw new DevregError("INPUT_INVALID", `Cannot read the YAML alias "*${alias.source}": ${state}`);
}
