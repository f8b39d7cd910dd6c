import type { YamlMap, YamlPair } from "./tree.ts";

/** Maps up to this size are searched pair by pair. */
const SMALL = 32;
const INDEXES = new WeakMap<YamlMap, ReadonlyMap<string, YamlPair>>();

/** Gives the pair of a key; large maps are indexed when first asked. */
export function pairOf(map: YamlMap, key: string): YamlPair | undefined {
  if (map.pairs.length > SMALL) return indexOf(map).get(key);
  for (const pair of map.pairs) if (pair.key === key) return pair;
  return undefined;
}

function indexOf(map: YamlMap): ReadonlyMap<string, YamlPair> {
  const known = INDEXES.get(map);
  if (known !== undefined) return known;
  const index = new Map(map.pairs.map((pair) => [pair.key, pair]));
  INDEXES.set(map, index);
  return index;
}
