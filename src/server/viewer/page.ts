import { utf8 } from "../../bytes.ts";
import { PAGE_CACHE_BYTES, PAGE_CACHE_ENTRIES } from "../../viewer-limits.ts";
import type { AppDeps, ServerApp, ServerContext } from "../deps.ts";
import { describeGeneration } from "../generation-facts.ts";
import {
  BoundedCache,
  HTML_TYPE,
  PAGE_POLICY,
  Representation,
  rawPath,
  rawQuery,
  reply,
  represent,
} from "../http/index.ts";
import type { PreparedGeneration } from "../served.ts";
import { withGeneration } from "../with-generation.ts";
import { type Frame, layout, type Page } from "./layout.ts";
import { missingPage } from "./missing.ts";
import { parseTheme, type Theme, themeCookie, themeOf } from "./theme.ts";

/** One request for a page. */
export interface PageRequest {
  readonly c: ServerContext;
  readonly deps: AppDeps;
  readonly generation: PreparedGeneration;
  /** "../" as often as leads from the page to the site; links of pages begin with it. */
  readonly root: string;
  readonly query: URLSearchParams;
}

/** Sends the visitor to another page of this site. */
export interface Redirect {
  /** Relative to the page that was asked for. */
  readonly location: string;
}

/** How one kind of page is made. */
export interface PageRoute {
  /** Pattern of its address, as in "/viewer/devfiles/:registry/:devfile". */
  readonly path: string;
  /**
   * Gives the part of the query that the page knows, in one order, as in "search=go&page=2": pages
   * of equal queries are equal, and a choice of theme comes back to it. Default: none of it.
   */
  readonly query?: (request: PageRequest) => string;
  /**
   * Names what else the page depends on beside address, query, theme and generation. Default:
   * nothing. Undefined for a page that is made anew for each request.
   */
  readonly depends?: (request: PageRequest) => string | undefined;
  /** Makes the page; undefined where there is none, which is answered 404. */
  readonly make: (
    request: PageRequest,
  ) => Page | Redirect | undefined | Promise<Page | Redirect | undefined>;
}

const pagesOf = new WeakMap<PreparedGeneration, BoundedCache<Representation>>();

/** Adds a page: made by the generation of the request, in the visitor's theme, and kept. */
export function addPage(app: ServerApp, deps: AppDeps, route: PageRoute): void {
  app.get(
    route.path,
    withGeneration(deps, async (c, generation) => {
      const query = new URLSearchParams(rawQuery(c.req.raw.url));
      const chosen = parseTheme(query.get("theme"));
      if (chosen !== undefined) return rememberTheme(c, query, chosen);
      const request = { c, deps, generation, root: rootOf(c.req.path), query };
      const shown = route.query?.(request) ?? "";
      const frame = frameOf(request, shown);
      const key = keyOf(route, request, frame);
      const known = key === undefined ? undefined : keptPages(generation).get(key);
      if (known !== undefined) return show(c, known);
      const page = await route.make(request);
      if (page === undefined) return showMissing(c, frame);
      if ("location" in page) return redirect(c, page.location);
      const body = bodyOf(layout(frame, page));
      const { status = 200 } = page;
      if (status === 200 && key !== undefined) keptPages(generation).set(key, body);
      return show(c, body, status);
    }),
  );
}

/** Answers an address of the viewer that leads nowhere, whether there is a generation or not. */
export function showMissing(c: ServerContext, frame: Frame): Response {
  const text = layout(frame, missingPage(frame.root));
  return varied(
    reply(c.req.raw, utf8(text), HTML_TYPE, {
      status: 404,
      headers: { "content-security-policy": PAGE_POLICY },
    }),
  );
}

/** Tells what surrounds the page that was asked for. */
export function frameOf(
  request: Omit<PageRequest, "generation" | "query"> & {
    readonly generation: PreparedGeneration | undefined;
  },
  query = "",
): Frame {
  const { c, deps, generation, root } = request;
  const { name, publicUrl, version } = deps.config;
  const known = generation && describeGeneration(generation.build);
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

function keyOf(route: PageRoute, request: PageRequest, frame: Frame): string | undefined {
  const own = route.depends === undefined ? "" : route.depends(request);
  if (own === undefined) return undefined;
  return JSON.stringify([request.c.req.path, frame.self, frame.theme, frame.notes, own]);
}

function keptPages(generation: PreparedGeneration): BoundedCache<Representation> {
  const pages =
    pagesOf.get(generation) ??
    new BoundedCache<Representation>(
      { entries: PAGE_CACHE_ENTRIES, bytes: PAGE_CACHE_BYTES },
      // Each is compressed when first asked for, which comes to less than as much again.
      ({ parts }) => parts.bytes.byteLength * 2,
    );
  pagesOf.set(generation, pages);
  return pages;
}

/** Without a date: pages of one generation differ by theme, which only their tags tell. */
function bodyOf(text: string): Representation {
  return new Representation({ bytes: utf8(text), type: HTML_TYPE, policy: PAGE_POLICY });
}

function show(c: ServerContext, body: Representation, status = 200): Response {
  return varied(represent(c.req.raw, body, { status }));
}

/** The theme is in the page, so that it is there before the first line is drawn. */
function varied(response: Response): Response {
  response.headers.set("vary", "accept-encoding, cookie");
  return response;
}

function rememberTheme(c: ServerContext, query: URLSearchParams, theme: Theme): Response {
  query.delete("theme");
  const rest = query.size === 0 ? "" : `?${query}`;
  const response = redirect(c, `${lastPart(c.req.raw.url)}${rest}`);
  response.headers.set("set-cookie", themeCookie(theme));
  return response;
}

/** Sends the visitor on, by a relative address: what stands before it only the visitor knows. */
export function redirect(c: ServerContext, location: string): Response {
  return reply(c.req.raw, utf8(""), HTML_TYPE, { status: 302, headers: { location } });
}

function selfOf(url: string, query: string): string {
  return query === "" ? lastPart(url) : `${lastPart(url)}?${query}`;
}

/** "./" keeps a part with a colon from being taken for a scheme. */
function lastPart(url: string): string {
  const path = rawPath(url);
  return `./${path.slice(path.lastIndexOf("/") + 1)}`;
}
