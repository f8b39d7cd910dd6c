/** Access to one resource: "repository:devfile-catalog/go:pull,push". Spec: token scopes. */
export type Scope = string;

const REPOSITORY_PATH = /^\/v2\/(.+)\/(?:blobs|manifests|tags|referrers)(?:\/|$)/;

/** Names the access that a request to the distribution API needs. */
export interface Access {
  /** Full name of the repository; undefined outside one. */
  readonly repository: string | undefined;
  readonly writes: boolean;
  /** Full name of the repository that a blob is taken over from. */
  readonly from?: string;
}

/** Finds what a request touches from its method and address. */
export function accessOf(method: string, url: URL): Access {
  const repository = REPOSITORY_PATH.exec(url.pathname)?.[1];
  const access = { repository, writes: method !== "GET" && method !== "HEAD" };
  const { searchParams } = url;
  const from = method === "POST" && searchParams.has("mount") ? searchParams.get("from") : null;
  return from === null ? access : { ...access, from };
}

/**
 * Gives the scopes for an access, `push` with `pull` because registries want both. What is written
 * comes first: some registries read no further.
 */
export function scopesFor(access: Access, url: URL, push: boolean): readonly Scope[] {
  if (access.repository !== undefined) {
    const own = `repository:${access.repository}:${push ? "pull,push" : "pull"}`;
    return access.from === undefined ? [own] : [own, `repository:${access.from}:pull`];
  }
  return url.pathname.endsWith("/_catalog") ? ["registry:catalog:*"] : [];
}

/** Joins scopes of the same resource, in the order of their first appearance. */
export function mergeScopes(scopes: readonly Scope[]): readonly Scope[] {
  const byResource = new Map<string, Set<string>>();
  for (const scope of scopes) {
    const colon = scope.lastIndexOf(":");
    if (colon < 0) continue;
    const actions = byResource.get(scope.slice(0, colon)) ?? new Set();
    for (const action of scope.slice(colon + 1).split(",")) actions.add(action);
    byResource.set(scope.slice(0, colon), actions);
  }
  return [...byResource].map(([resource, actions]) => `${resource}:${[...actions].join(",")}`);
}
