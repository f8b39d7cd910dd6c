/** The names that metrics and log give to groups of addresses; a closed set, so that labels are. */
export const ROUTE_NAMES = [
  "root",
  "health",
  "readyz",
  "info",
  "index",
  "v2index",
  "devfiles",
  "starters",
  "files",
  "search",
  "artifacts",
  "openapi",
  "badges",
  "viewer",
  "update",
  "v2-manifests",
  "v2-blobs",
  "v2-other",
  "other",
] as const;

/** One of {@link ROUTE_NAMES}. */
export type RouteName = (typeof ROUTE_NAMES)[number];

const FIRST_PART: ReadonlyMap<string, RouteName> = new Map(
  Object.entries<RouteName>({
    "": "root",
    health: "health",
    readyz: "readyz",
    info: "info",
    index: "index",
    v2index: "v2index",
    devfiles: "devfiles",
    stacks: "files",
    samples: "files",
    icons: "files",
    documents: "files",
    search: "search",
    artifacts: "artifacts",
    "openapi.json": "openapi",
    badges: "badges",
    viewer: "viewer",
    "robots.txt": "viewer",
    "sitemap.xml": "viewer",
    "favicon.ico": "viewer",
    api: "update",
  }),
);

/** Names the group that an address belongs to. */
export function routeNameOf(path: string): RouteName {
  const end = path.indexOf("/", 1);
  const first = end < 0 ? path.slice(1) : path.slice(1, end);
  if (first === "v2") return v2RouteOf(path);
  const name = FIRST_PART.get(first) ?? "other";
  return name === "devfiles" && path.includes("/starter-projects/") ? "starters" : name;
}

function v2RouteOf(path: string): RouteName {
  if (path.includes("/manifests/")) return "v2-manifests";
  return path.includes("/blobs/") ? "v2-blobs" : "v2-other";
}
