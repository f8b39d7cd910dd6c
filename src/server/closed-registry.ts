import { DevregError } from "../errors.ts";
import type { ReadonlyRegistry, ReadonlyRepository } from "../oci-client/index.ts";

/** A registry that knows which repositories it has. */
export interface ClosedRegistry extends ReadonlyRegistry {
  has(name: string): boolean;
}

/**
 * Closes a registry over the repositories it has now: any other name is answered without asking it,
 * so that names made up by clients cost nothing.
 */
export async function closeRegistry(registry: ReadonlyRegistry): Promise<ClosedRegistry> {
  const names = new Set<string>();
  for await (const name of registry.repositories()) names.add(name);
  return {
    has: (name) => names.has(name),
    repositories: async function* list() {
      yield* names;
    },
    repository: (name) => (names.has(name) ? registry.repository(name) : ABSENT_REPOSITORY),
  };
}

/** A repository that does not exist: it has nothing, and listing its tags says so. */
export const ABSENT_REPOSITORY: ReadonlyRepository = {
  exists: async () => false,
  fetch: async () => {
    throw absent();
  },
  resolveBlob: async () => undefined,
  resolve: async () => undefined,
  tags: () => ({
    [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(absent()) }),
  }),
  referrers: async function* none() {},
};

function absent(): DevregError {
  return new DevregError("NOT_FOUND", "Cannot find the repository: it does not exist here");
}
