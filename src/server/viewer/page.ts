import { utf8 } from "../../bytes.ts";
import { PAGE_CACHE_BYTES, PAGE_CACHE_ENTRIES } from "../../viewer-limits.ts";
import type { AppDeps, ServerApp, ServerContext } from "../deps.ts";
import {
  BoundedCache,
  HTML_TYPE,
  PAGE_POLICY,
  REVALIDATE,
  Representation,
  rawQuery,
  reply,
  represent,
} from "../http/index.ts";
import type { PreparedGeneration } from "../served.ts";
import { cacheControlOf, type Site, siteKey, siteOf, withSite } from "../site/index.ts";
import type { GenerationHandler } from "../with-generation.ts";
import { frameOf, lastPart, rootOf } from "./frame.ts";
import { type Frame, layout, type Page } from "./layout.ts";
import { missingPage } from "./missing.ts";
import { parseTheme, type Theme, themeCookie } from "./theme.ts";
import { waitingPage } from "./waiting.ts";

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

/** A request for a page with absolute addresses in it. */
export interface SitePageRequest extends PageRequest {
  readonly site: Site;
}

/** A request for a page that has absolute addresses in it where it is known what they are. */
export interface OpenPageRequest extends PageRequest {
  readonly site: Site | undefined;
}

/** What a route gives: a page, another address, or undefined where there is none. */
export type PageAnswer = Page | Redirect | undefined;

/** How one kind of page is made. */
export interface PageRoute<Asked extends PageRequest = PageRequest> {
  /** Pattern of its address, as in "/viewer/devfiles/:registry/:devfile". */
  readonly path: string;
  /**
   * Gives the part of the query that the page knows, in one order, as in "search=go&page=2": pages
   * of equal queries are equal, and a choice of theme comes back to it. Default: none of it.
   */
  readonly query?: (request: Asked) => string;
  /**
   * Names what else the page depends on beside address, query, site, theme and generation. Default:
   * nothing. Undefined for a page that is made anew for each request.
   */
  readonly depends?: (request: Asked) => string | undefined;
  /** Makes the page; undefined where there is none, which is answered 404. */
  readonly make: (request: Asked) => PageAnswer | Promise<PageAnswer>;
}

/** What tells the pages of one site from those of another, where they differ. */
interface Sited {
  readonly key: string;
  readonly cacheControl: string;
}

const EVERYWHERE: Sited = { key: "", cacheControl: REVALIDATE };

const pagesOf = new WeakMap<PreparedGeneration, BoundedCache<Representation>>();

/** Adds a page: made by the generation of the request, in the visitor's theme, and kept. */
export function addPage(app: ServerApp, deps: AppDeps, route: PageRoute): void {
  const answer = withPage(deps, (c, generation) =>
    answerPage(route, requestOf(c, deps, generation), EVERYWHERE),
  );
  app.get(route.path, answer);
}

/**
 * Adds a page that has absolute addresses in it: kept apart for each name of this server, and
 * answered 400 to a request that does not tell a good one.
 */
export function addSitePage(
  app: ServerApp,
  deps: AppDeps,
  route: PageRoute<SitePageRequest>,
): void {
  const answer = withPage(deps, (c, generation) =>
    withSite(deps, c, (site) =>
      answerPage(route, { ...requestOf(c, deps, generation), site }, sitedBy(site)),
    ),
  );
  app.get(route.path, answer);
}

/** Adds a page that is kept apart in the same way, and is there for requests that tell no name too. */
export function addOpenPage(
  app: ServerApp,
  deps: AppDeps,
  route: PageRoute<OpenPageRequest>,
): void {
  const answer = withPage(deps, (c, generation) => {
    const site = siteOf(deps, c);
    const sited = site === undefined ? EVERYWHERE : sitedBy(site);
    return answerPage(route, { ...requestOf(c, deps, generation), site }, sited);
  });
  app.get(route.path, answer);
}

function sitedBy(site: Site): Sited {
  return { key: siteKey(site), cacheControl: cacheControlOf(site) };
}

/** Hands the generation on; while there is none, a page says so. */
function withPage(deps: AppDeps, answer: GenerationHandler) {
  return (c: ServerContext) => {
    const generation = deps.state.current();
    if (generation !== undefined) return answer(c, generation);
    const frame = frameOf({ c, deps, generation, root: rootOf(c.req.path) });
    const response = showPage(c, frame, waitingPage(frame));
    response.headers.set("retry-after", "1");
    return response;
  };
}

async function answerPage<Asked extends PageRequest>(
  route: PageRoute<Asked>,
  request: Asked,
  sited: Sited,
): Promise<Response> {
  const { c, generation, query } = request;
  const chosen = parseTheme(query.get("theme"));
  if (chosen !== undefined) return rememberTheme(c, query, chosen);
  const frame = frameOf(request, route.query?.(request));
  const own = route.depends === undefined ? "" : route.depends(request);
  const { self, theme, notes } = frame;
  const key =
    own === undefined
      ? undefined
      : JSON.stringify([c.req.path, self, theme, notes, sited.key, own]);
  const known = key === undefined ? undefined : keptPages(generation).get(key);
  if (known !== undefined) return show(c, known);
  const page = await route.make(request);
  if (page === undefined) return showMissing(c, frame);
  if ("location" in page) return redirect(c, page.location);
  const body = bodyOf(layout(frame, page), sited.cacheControl);
  const { status = 200 } = page;
  if (status === 200 && key !== undefined) keptPages(generation).set(key, body);
  return show(c, body, status);
}

function requestOf(c: ServerContext, deps: AppDeps, generation: PreparedGeneration): PageRequest {
  const query = new URLSearchParams(rawQuery(c.req.raw.url));
  return { c, deps, generation, root: rootOf(c.req.path), query };
}

/** Answers with a page that nothing is kept of, whether there is a generation or not. */
export function showPage(c: ServerContext, frame: Frame, page: Page): Response {
  return show(c, bodyOf(layout(frame, page), REVALIDATE), page.status);
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

function keptPages(generation: PreparedGeneration): BoundedCache<Representation> {
  const pages =
    pagesOf.get(generation) ??
    new BoundedCache<Representation>(
      { name: "pages", entries: PAGE_CACHE_ENTRIES, bytes: PAGE_CACHE_BYTES },
      // Each is compressed when first asked for, which comes to less than as much again.
      ({ parts }) => parts.bytes.byteLength * 2,
    );
  pagesOf.set(generation, pages);
  return pages;
}

/** Without a date: pages of one generation differ by theme, which only their tags tell. */
function bodyOf(text: string, cacheControl: string): Representation {
  const policy = PAGE_POLICY;
  return new Representation({ bytes: utf8(text), type: HTML_TYPE, policy, cacheControl });
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
