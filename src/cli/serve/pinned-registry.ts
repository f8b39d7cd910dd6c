import type { ReadonlyRegistry, ReadonlyRepository } from "../../oci-client/index.ts";
import type { TagTable } from "./generation-content.ts";

/**
 * Reads a registry with the tags of the generation being served: another replica may have moved them
 * to a newer one already, whose index is not served here yet.
 */
export function pinTags(registry: ReadonlyRegistry, tags: () => TagTable): ReadonlyRegistry {
  return {
    repositories: () => registry.repositories(),
    repository: (name): ReadonlyRepository => {
      const inner = registry.repository(name);
      return {
        resolve: (reference) =>
          inner.resolve(tags().get(name)?.get(reference)?.digest ?? reference),
        exists: (target) => inner.exists(target),
        fetch: (target, options) => inner.fetch(target, options),
        resolveBlob: (digest) => inner.resolveBlob(digest),
        tags: () => inner.tags(),
        referrers: (subject) => inner.referrers(subject),
      };
    },
  };
}
