import { isMap, isScalar, isSeq, type Pair, type YAMLMap, type YAMLSeq } from "yaml";
import {
  ELEMENT_LISTS,
  elementsOf,
  FREE_MAPS,
  keysOfContent,
  MERGE_KEYS,
} from "./devfile-lists.ts";
import { dropKey, getNode, isNull, nameOf, pairsOf } from "./devfile-tree.ts";
import { chosenMember, membersOf, type UnionKind, unionBelow } from "./unions.ts";

/**
 * Overrides what was imported, in place, by the rules of a strategic merge patch: maps are merged
 * key by key; lists of components, projects, commands, env, endpoints and volumeMounts are merged by
 * name or id; all else is replaced. Values below an attribute are replaced whole, and null takes an
 * attribute away; elsewhere what is empty overrides nothing.
 *
 * Parity: OverrideDevWorkspaceTemplateSpec of pkg/utils/overriding/overriding.go of the devfile API,
 * over mergeMap and mergeSlice of k8s.io/apimachinery/pkg/util/strategicpatch/patch.go.
 *
 * What overrides nothing that was imported is added; `unknownOverrides` tells of it.
 */
export function overrideContent(imported: YAMLMap, overrides: YAMLMap): void {
  const known: readonly string[] = [...ELEMENT_LISTS, ...FREE_MAPS];
  for (const pair of overrides.items) {
    if (known.includes(nameOf(pair))) overrideKey(imported, pair, "content");
  }
}

/** An element, or a key of a top-level map, that overrides nothing. */
export interface UnknownOverride {
  /** "components", "attributes" */
  readonly list: string;
  readonly key: string;
  /** Where it stands. */
  readonly node: unknown;
  /** What the list that was imported has. */
  readonly known: readonly string[];
}

/**
 * Finds what is overridden although it was not imported.
 *
 * Parity: ensureOnlyExistingElementsAreOverridden of overriding.go.
 */
export function unknownOverrides(imported: YAMLMap, overrides: YAMLMap): UnknownOverride[] {
  return [...ELEMENT_LISTS, ...FREE_MAPS].flatMap((list) => {
    const known = keysOfContent(imported, list);
    return elementsOf(overrides, list)
      .filter(({ key }) => !known.includes(key))
      .map((element) => ({ list, ...element, known }));
  });
}

function overrideMap(target: YAMLMap, patch: YAMLMap, union: UnionKind): void {
  const member = chosenMember(target, patch, union);
  for (const pair of patch.items) overrideKey(target, pair, union);
  if (member === undefined) return;
  for (const other of membersOf(union)) if (other !== member) dropKey(target, other);
}

function overrideKey(target: YAMLMap, pair: Pair, union: UnionKind): void {
  const key = nameOf(pair);
  const { value } = pair;
  if (isNull(value) && union === "attributes") dropKey(target, key);
  if (isNull(value) || (union !== "attributes" && isEmpty(value))) return;
  const found = getNode(target, key);
  const current = union !== "attributes" && isEmpty(found) ? undefined : found;
  if (isMap(current) && isMap(value) && union !== "attributes") {
    overrideMap(current, value, unionBelow(key, union));
  } else if (isSeq(current) && isSeq(value) && union !== "attributes" && isKeyed(key, value)) {
    mergeElements(current, value, key);
  } else {
    const isSameKind = (isMap(current) && isMap(value)) || (isSeq(current) && isSeq(value));
    // Parity: only what takes no value of its own kind loses its nulls on the way in.
    if (!isSameKind) withoutNulls(value);
    putKey(target, pair);
  }
}

/** Parity: fields of the API's structs are omitempty, so that an empty one overrides nothing. */
function isEmpty(node: unknown): boolean {
  return (isScalar(node) && node.value === "") || (isSeq(node) && node.items.length === 0);
}

function isKeyed(list: string, items: YAMLSeq): boolean {
  return Object.hasOwn(MERGE_KEYS, list) && items.items.every(isMap);
}

function putKey(target: YAMLMap, pair: Pair): void {
  const name = nameOf(pair);
  const at = target.items.findIndex((each) => nameOf(each) === name);
  if (at < 0) target.items.push(pair);
  else target.items[at] = pair;
}

/** Parity: discardNullValuesFromPatch of strategicpatch/patch.go. */
function withoutNulls(node: unknown, spared?: string): void {
  if (isSeq(node)) for (const item of node.items) withoutNulls(item, spared);
  if (!isMap(node)) return;
  node.items = node.items.filter((pair) => !isNull(pair.value));
  for (const pair of node.items) if (nameOf(pair) !== spared) withoutNulls(pair.value, spared);
}

function mergeElements(target: YAMLSeq, patch: YAMLSeq, list: string): void {
  const original = [...target.items];
  const find = (items: readonly unknown[], key: string) =>
    items.findIndex((item) => keyOfElement(item, list) === key);
  for (const item of patch.items) {
    const at = find(target.items, keyOfElement(item, list));
    const current = target.items[at];
    if (at < 0) {
      // Parity: a new element keeps nulls, which outside of attributes say nothing.
      withoutNulls(item, "attributes");
      target.items.push(item);
    } else if (isMap(current) && isMap(item)) {
      overrideMap(current, item, elementUnion(list));
    }
  }
  const order = (item: unknown) => find(original, keyOfElement(item, list));
  const isPatched = (item: unknown) => find(patch.items, keyOfElement(item, list)) >= 0;
  const patched = patch.items.flatMap((item) => {
    const at = find(target.items, keyOfElement(item, list));
    return at < 0 ? [] : [target.items[at]];
  });
  target.items = interleaved(
    target.items.filter((item) => !isPatched(item)),
    [...new Set(patched)],
    order,
  );
}

/**
 * Merges two lists of elements: those not patched stand where they stood relative to patched ones,
 * and patched ones in the order of the patch, new ones as early as that allows.
 *
 * Parity: mergeSortedSlice of strategicpatch/patch.go.
 */
function interleaved(
  left: readonly unknown[],
  right: readonly unknown[],
  order: (item: unknown) => number,
): unknown[] {
  const merged: unknown[] = [];
  let [i, j] = [0, 0];
  while (i < left.length && j < right.length) {
    const [before, after] = [order(left[i]), order(right[j])];
    if (before >= 0 && after >= 0 && before < after) merged.push(left[i++]);
    else merged.push(right[j++]);
  }
  return [...merged, ...left.slice(i), ...right.slice(j)];
}

function keyOfElement(item: unknown, list: string): string {
  const pair = pairsOf(item).find((each) => nameOf(each) === MERGE_KEYS[list]);
  return isScalar(pair?.value) ? String(pair.value.value) : "";
}

function elementUnion(list: string): UnionKind {
  if (list === "components") return "component";
  if (list === "commands") return "command";
  return list.toLowerCase().endsWith("projects") ? "project" : "none";
}
