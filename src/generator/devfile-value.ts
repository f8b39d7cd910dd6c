import { SHOWN_YAML_DEPTH, SHOWN_YAML_NODES } from "../viewer-limits.ts";
import { isNestedTooDeeply } from "./nesting.ts";
import { parseYaml, type YamlTree } from "./yaml/index.ts";

/**
 * What a devfile says, every scalar as the text that it is written as, so that `1.10` stays what
 * it is; null is the empty text. Keys are in the order of the file.
 */
export type DevfileValue = string | readonly DevfileValue[] | ReadonlyMap<string, DevfileValue>;

/** A devfile read for showing it. */
export interface ReadDevfile {
  readonly value: ReadonlyMap<string, DevfileValue>;
  /** True when it says more than is shown of any devfile. */
  readonly isCut: boolean;
}

/** Reads the bytes of a devfile; undefined when it is broken, which was told at generating. */
export function readDevfileValue(devfile: Uint8Array): ReadDevfile | undefined {
  if (isNestedTooDeeply(devfile)) return undefined;
  const tree = parseYaml("devfile.yaml", devfile, () => undefined)?.tree;
  if (tree?.kind !== "map") return undefined;
  const left = { nodes: SHOWN_YAML_NODES };
  const value = shownValue(tree, left, 0);
  return value instanceof Map ? { value, isCut: left.nodes <= 0 } : undefined;
}

/** Aliases are written out: a few lines can stand for more than any memory holds. */
function shownValue(
  tree: YamlTree | undefined,
  left: { nodes: number },
  depth: number,
): DevfileValue {
  left.nodes -= 1;
  if (tree === undefined || left.nodes <= 0 || depth > SHOWN_YAML_DEPTH) return "";
  if (tree.kind === "scalar") return tree.value === null ? "" : tree.text;
  if (tree.kind === "list") {
    const items: DevfileValue[] = [];
    for (const item of tree.items) {
      if (left.nodes <= 0) break;
      items.push(shownValue(item, left, depth + 1));
    }
    return items;
  }
  const entries = new Map<string, DevfileValue>();
  for (const { key, value } of tree.pairs) {
    if (left.nodes <= 0) break;
    entries.set(key, shownValue(value, left, depth + 1));
  }
  return entries;
}
