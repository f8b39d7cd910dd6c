import type { YAMLMap } from "yaml";
import { getNode, isNull } from "./devfile-tree.ts";

/**
 * What a map is, as far as merging has to know: a union, of whose members one only may stay; the
 * content of a devfile; attributes; anything else.
 *
 * Parity: the unions of pkg/apis/workspaces/v1alpha2/zz_generated.union_definitions.go of the devfile
 * API. An image is no union here: there, setting autoBuild in an override takes its dockerfile away.
 */
export type UnionKind =
  | "content"
  | "attributes"
  | "component"
  | "command"
  | "project"
  | "location"
  | "dockerfile"
  | "import"
  | "none";

const MEMBERS: Readonly<Record<UnionKind, readonly string[]>> = {
  content: [],
  attributes: [],
  component: ["container", "kubernetes", "openshift", "volume", "image", "plugin", "custom"],
  command: ["exec", "apply", "composite", "custom", "vscodeTask", "vscodeLaunch"],
  project: ["git", "github", "zip", "custom"],
  location: ["uri", "inlined"],
  dockerfile: ["uri", "devfileRegistry", "git"],
  import: ["uri", "id", "kubernetes"],
  none: [],
};

/** Gives the keys of a union. */
export function membersOf(union: UnionKind): readonly string[] {
  return MEMBERS[union];
}

/** Tells what the map below a key is. */
export function unionBelow(key: string, union: UnionKind): UnionKind {
  if (key === "attributes") return "attributes";
  if (union === "component" && (key === "kubernetes" || key === "openshift")) return "location";
  if (key === "dockerfile") return "dockerfile";
  return key === "plugin" ? "import" : "none";
}

/**
 * Finds the member of a union that stays: the one that the patch sets, else the one that is there.
 * Undefined where neither is clear.
 *
 * Parity: normalizeUnion of pkg/apis/workspaces/v1alpha2/union_implementation.go: the discriminator
 * of the patch replaces the one that is there, and a patch with several members has none.
 */
export function chosenMember(
  target: YAMLMap,
  patch: YAMLMap,
  union: UnionKind,
): string | undefined {
  const set = membersOf(union).filter((member) => isSet(patch, member));
  const there = membersOf(union).filter((member) => isSet(target, member));
  if (set.length === 1) return set[0];
  return there.length === 1 ? there[0] : undefined;
}

function isSet(map: YAMLMap, key: string): boolean {
  const node = getNode(map, key);
  return node !== undefined && !isNull(node);
}
