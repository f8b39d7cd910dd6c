/** The names that metrics and log give to groups of addresses; a closed set, so that labels are. */
export type RouteName =
  | "root"
  | "health"
  | "readyz"
  | "info"
  | "index"
  | "v2index"
  | "devfiles"
  | "files"
  | "viewer"
  | "update"
  | "v2-manifests"
  | "v2-blobs"
  | "v2-other"
  | "other";

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
    viewer: "viewer",
    api: "update",
  }),
);

/** Names the group that an address belongs to. */
export function routeNameOf(path: string): RouteName {
  const end = path.indexOf("/", 1);
  const first = end < 0 ? path.slice(1) : path.slice(1, end);
  if (first !== "v2") return FIRST_PART.get(first) ?? "other";
  if (path.includes("/manifests/")) return "v2-manifests";
  return path.includes("/blobs/") ? "v2-blobs" : "v2-other";
}
