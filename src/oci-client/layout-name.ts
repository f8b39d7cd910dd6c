import { type Digest, isDigest } from "./digest.ts";
import { isRegistryHost, isRepositoryName, isTag } from "./reference.ts";

/** What the name of a root says. */
export interface RootName {
  /** Undefined for a bare tag, and for what breaks the grammar. */
  readonly repository?: string;
  readonly tag?: string;
}

/**
 * Tells whether text names a repository inside an image layout: a repository name, before which the
 * host and port that it came from may stand ("registry.corp:5000/team/app").
 */
export function isLayoutName(text: string): boolean {
  if (isRepositoryName(text)) return true;
  const slash = text.indexOf("/");
  const host = text.slice(0, Math.max(0, slash));
  return host.includes(":") && isRegistryHost(host) && isRepositoryName(text.slice(slash + 1));
}

/** Takes apart `<repository>:<tag>`, `<repository>@<digest>` and a bare tag. */
export function parseRootName(name: string, digest: Digest): RootName {
  if (isTag(name)) return { tag: name };
  const at = name.indexOf("@");
  if (at >= 0) {
    const repository = name.slice(0, at);
    const named = name.slice(at + 1);
    return isLayoutName(repository) && isDigest(named) && named === digest ? { repository } : {};
  }
  const colon = name.lastIndexOf(":");
  const repository = name.slice(0, Math.max(0, colon));
  const tag = name.slice(colon + 1);
  return isLayoutName(repository) && isTag(tag) ? { repository, tag } : {};
}
