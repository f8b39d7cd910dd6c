import { getItems, getNode, getText, nameOf, pairsOf } from "./devfile-tree.ts";

/** Top-level lists of a devfile whose elements have a key. */
export const ELEMENT_LISTS = [
  "components",
  "projects",
  "starterProjects",
  "dependentProjects",
  "commands",
] as const;

/** Top-level maps of a devfile whose keys are the author's. */
export const FREE_MAPS = ["attributes", "variables"] as const;

/**
 * The key of the elements of each list that is merged element by element.
 *
 * Parity: the tags patchStrategy and patchMergeKey in pkg/apis/workspaces/v1alpha2 of the devfile API.
 */
export const MERGE_KEYS: Readonly<Record<string, string>> = {
  components: "name",
  projects: "name",
  starterProjects: "name",
  dependentProjects: "name",
  commands: "id",
  env: "name",
  endpoints: "name",
  volumeMounts: "name",
};

/** An element of a top-level list, or an entry of a top-level map, by its key. */
export interface KeyedElement {
  readonly key: string;
  /** Where the key stands; for an entry of a map, its value. */
  readonly node: unknown;
}

/** Gives the elements of a top-level list that have a key, or the entries of a top-level map. */
export function elementsOf(content: unknown, list: string): readonly KeyedElement[] {
  const key = MERGE_KEYS[list];
  if (key === undefined) {
    const pairs = pairsOf(getNode(content, list));
    return pairs.map((pair) => ({ key: nameOf(pair), node: pair.value }));
  }
  return getItems(content, list).flatMap((item) => {
    const text = getText(item, key);
    return text === undefined ? [] : [{ key: text, node: getNode(item, key) }];
  });
}

/** Gives the keys of the elements of a top-level list, or those of a top-level map. */
export function keysOfContent(content: unknown, list: string): readonly string[] {
  return elementsOf(content, list).map(({ key }) => key);
}
