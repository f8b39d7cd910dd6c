import type { ReadonlyRegistry } from "./content.ts";

/**
 * Reads several registries as one, by the repositories that they have now; a name that two have is
 * that of the first.
 */
export async function joinRegistries(
  first: ReadonlyRegistry,
  ...others: readonly ReadonlyRegistry[]
): Promise<ReadonlyRegistry> {
  const holders = new Map<string, ReadonlyRegistry>();
  for (const registry of [first, ...others]) {
    for await (const name of registry.repositories()) {
      if (!holders.has(name)) holders.set(name, registry);
    }
  }
  return {
    repositories: async function* list() {
      yield* [...holders.keys()].sort();
    },
    repository: (name) => (holders.get(name) ?? first).repository(name),
  };
}
