import { ARTIFACT_NAME_CHARS } from "../../../artifact-limits.ts";
import { SCAN_KINDS, type ScanKind } from "../../artifact-type.ts";

/** What the page of artifacts is asked for. */
export interface ArtifactPageQuery {
  /** Id of a type; "" for all. */
  readonly type: string;
  readonly scan: ScanKind | undefined;
  readonly name: string;
  /** From 1. */
  readonly page: number;
}

/** Reads the query of the page; what it does not know is left out. */
export function parseArtifactPageQuery(query: URLSearchParams): ArtifactPageQuery {
  const page = query.get("page") ?? "";
  return {
    type: (query.get("type") ?? "").slice(0, ARTIFACT_NAME_CHARS).toWellFormed(),
    scan: SCAN_KINDS.find((kind) => kind === query.get("scan")),
    name: (query.get("name") ?? "").slice(0, ARTIFACT_NAME_CHARS).toWellFormed(),
    page: /^[1-9]\d{0,5}$/.test(page) ? Number(page) : 1,
  };
}

/** Writes the query of the page, the parts always in one order. */
export function formatArtifactPageQuery({ type, scan, name, page }: ArtifactPageQuery): string {
  const parts = new URLSearchParams();
  if (type !== "") parts.set("type", type);
  if (scan !== undefined) parts.set("scan", scan);
  if (name !== "") parts.set("name", name);
  if (page > 1) parts.set("page", String(page));
  return parts.toString();
}

/** Gives the address of the page with some of its query changed, relative to itself. */
export function artifactsHref(
  query: ArtifactPageQuery,
  change: Partial<ArtifactPageQuery>,
): string {
  const text = formatArtifactPageQuery({ ...query, page: 1, ...change });
  return text === "" ? "artifacts" : `artifacts?${text}`;
}
