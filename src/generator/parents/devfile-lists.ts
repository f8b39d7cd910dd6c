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

/** Gives the keys of the elements of a top-level list, or those of a top-level map. */
export function keysOfContent(content: unknown, list: string): readonly string[] {
  const key = MERGE_KEYS[list];
  if (key === undefined) return pairsOf(getNode(content, list)).map(nameOf);
  return getItems(content, list).flatMap((item) => getText(item, key) ?? []);
}
