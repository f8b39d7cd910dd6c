import type { AppDeps, ServerContext } from "../deps.ts";
import { describeGeneration } from "../generation-facts.ts";
import { rawPath } from "../http/index.ts";
import type { PreparedGeneration } from "../served.ts";
import type { Frame } from "./layout.ts";
import { themeOf } from "./theme.ts";

/** A request, as far as what surrounds its page depends on it. */
export interface FrameRequest {
  readonly c: ServerContext;
  readonly deps: AppDeps;
  /** Undefined while there is nothing to serve. */
  readonly generation: PreparedGeneration | undefined;
  /** "../" as often as leads from the page to the site. */
  readonly root: string;
}

/** Tells what surrounds the page that was asked for. */
export function frameOf(request: FrameRequest, query = ""): Frame {
  const { c, deps, generation, root } = request;
  const { name, publicUrl, version, statusDetails } = deps.config;
  const known = generation && describeGeneration(generation.build, statusDetails);
  return {
    root,
    self: selfOf(c.req.raw.url, query),
    theme: themeOf(c.req.raw.headers.get("cookie")),
    name,
    publicUrl,
    version,
    revision: known?.revision,
    sources: known?.sources.flatMap(({ url }) => url ?? []) ?? [],
    notes: deps.state.notes?.() ?? [],
  };
}

/** Gives the way from an address up to the site, so that pages work below any base path. */
export function rootOf(path: string): string {
  return "../".repeat(path.split("/").length - 2);
}

function selfOf(url: string, query: string): string {
  return query === "" ? lastPart(url) : `${lastPart(url)}?${query}`;
}

/**
 * Gives the address of a request relative to itself, without its query: "./" keeps a part with a colon from being taken for a scheme.
 */
export function lastPart(url: string): string {
  const path = rawPath(url);
  return `./${path.slice(path.lastIndexOf("/") + 1)}`;
}
