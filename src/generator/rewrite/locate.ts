import {
  type Alias,
  isAlias,
  isMap,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type { YamlPath } from "./edit.ts";
import { entriesOf, isMergePair, keyOf } from "./map-entries.ts";
import type { YamlText } from "./yaml-text.ts";

/** Where a path leads. */
export interface Place {
  /** The collections on the way, outermost first. */
  readonly above: readonly (YAMLMap | YAMLSeq)[];
  /** Set when the last part of the path is a key that the map has. */
  readonly pair?: Pair;
  /** What stands there; absent for a key that is missing or has no value. */
  readonly node?: Node;
}

/** What stands in the way of a path: an alias or a merge key, behind which nothing can be edited. */
export type Obstacle = { readonly alias: Alias } | { readonly merge: Pair };

/** Follows a path; undefined where it leads nowhere. A missing last key is a place in its map. */
export function locate(source: YamlText, path: YamlPath): Place | Obstacle | undefined {
  const above: (YAMLMap | YAMLSeq)[] = [];
  let node: unknown = source.document.contents;
  let pair: Pair | undefined;
  for (const [index, part] of path.entries()) {
    if (isAlias(node)) return { alias: node };
    pair = undefined;
    if (isSeq(node) && typeof part === "number") {
      above.push(node);
      node = node.items[part];
      if (node === undefined) return undefined;
    } else if (isMap(node)) {
      above.push(node);
      pair = node.items.findLast((each) => keyOf(each) === String(part) && !isMergePair(each));
      const merge = pair === undefined ? mergeThatHas(source, node, String(part)) : undefined;
      if (merge !== undefined) return { merge };
      if (pair === undefined && index < path.length - 1) return undefined;
      node = pair?.value;
    } else {
      return undefined;
    }
  }
  const found = isNode(node) ? { node } : {};
  return { above, ...(pair === undefined ? {} : { pair }), ...found };
}

/** Finds the merge key by which a map has a key, if it has it so. */
export function mergeThatHas({ targets }: YamlText, map: YAMLMap, key: string): Pair | undefined {
  return map.items.find(
    (pair) => isMergePair(pair) && entriesOf([pair], targets).some(([merged]) => merged === key),
  );
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null;
}
