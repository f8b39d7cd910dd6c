import type { ReadonlyRegistry, ReadonlyRepository } from "../../oci-client/index.ts";
import type { TagTable } from "./generation-content.ts";

/**
 * Reads a registry with the tags of the generation being served: another replica may have moved them
 * to a newer one already, whose index is not served here yet.
 */
export function pinTags(registry: ReadonlyRegistry, tags: () => TagTable): ReadonlyRegistry {
  return {
    repositories: (signal) => registry.repositories(signal),
    repository: (name): ReadonlyRepository => {
      const inner = registry.repository(name);
      return {
        resolve: (reference, signal) =>
          inner.resolve(tags().get(name)?.get(reference)?.digest ?? reference, signal),
        exists: (target) => inner.exists(target),
        fetch: (target, options) => inner.fetch(target, options),
        resolveBlob: (digest, signal) => inner.resolveBlob(digest, signal),
        tags: (signal) => inner.tags(signal),
        referrers: (subject, signal) => inner.referrers(subject, signal),
      };
    },
  };
}
