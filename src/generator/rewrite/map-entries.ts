import { isAlias, isMap, isScalar, isSeq, type Pair } from "yaml";
import { DevregError } from "../../errors.ts";
import { YAML_VALUES } from "../../limits.ts";
import type { AliasTargets } from "./aliases.ts";

/** Gives the key of a pair as source text. */
export function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? (pair.key.source ?? String(pair.key.value)) : String(pair.key);
}

/** Tells a merge key from a key that is spelt like one but quoted. */
export function isMergePair(pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.type === "PLAIN" && keyOf(pair) === "<<";
}

/**
 * Gives the pairs of a map that count: of equal keys the last one; then what is merged, of equal
 * keys the first one.
 *
 * @throws {DevregError} LIMIT_EXCEEDED when merges in merges come to over YAML_VALUES maps
 */
export function entriesOf(
  pairs: readonly Pair[],
  targets: AliasTargets,
  budget = { left: YAML_VALUES },
): readonly (readonly [string, Pair])[] {
  const entries = new Map<string, Pair>();
  for (const pair of pairs) if (!isMergePair(pair)) entries.set(keyOf(pair), pair);
  for (const source of pairs.filter(isMergePair).flatMap((pair) => sourcesOf(pair, targets))) {
    budget.left -= 1;
    if (budget.left < 0) {
      throw new DevregError("LIMIT_EXCEEDED", `Cannot read YAML: over ${YAML_VALUES} merged maps`);
    }
    for (const [key, pair] of entriesOf(source, targets, budget)) {
      if (!entries.has(key)) entries.set(key, pair);
    }
  }
  return [...entries];
}

function sourcesOf(pair: Pair, targets: AliasTargets): readonly (readonly Pair[])[] {
  const follow = (node: unknown) => (isAlias(node) ? targets.get(node) : node);
  const source = follow(pair.value);
  const maps = isSeq(source) ? source.items.map(follow) : [source];
  return maps.flatMap((map) => (isMap(map) ? [map.items] : []));
}
