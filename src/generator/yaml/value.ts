import type { YamlTree } from "./tree.ts";

/**
 * Gives a value of YAML as JSON holds it: dates and bytes become text, what is absent null.
 *
 * @param depth how many levels it may have
 * @throws {Error} for infinity, not-a-number and what is nested deeper
 */
export function plainValue(tree: YamlTree | undefined, depth: number): unknown {
  return valueBelow(tree, depth, 0);
}

function valueBelow(tree: YamlTree | undefined, limit: number, depth: number): unknown {
  if (depth > limit) throw new Error(`nested over ${limit} levels deep`);
  const below = (child: YamlTree | undefined) => valueBelow(child, limit, depth + 1);
  if (tree === undefined) return null;
  if (tree.kind === "list") return tree.items.map(below);
  if (tree.kind === "map") {
    return Object.fromEntries(tree.pairs.map(({ key, value }) => [key, below(value)]));
  }
  return plainScalar(tree.value);
}

function plainScalar(value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new Error(`${value} has no place in an index`);
  }
  if (value instanceof Date) return value.toISOString().replace(".000Z", "Z");
  return value instanceof Uint8Array ? Buffer.from(value).toString() : value;
}
