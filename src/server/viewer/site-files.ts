import { readFileSync } from "node:fs";
import { utf8 } from "../../bytes.ts";
import { SITEMAP_ADDRESSES } from "../../viewer-limits.ts";
import type { AppDeps, ServerApp } from "../deps.ts";
import { DATA_POLICY, PLAIN_TEXT, Representation, represent } from "../http/index.ts";
import type { PreparedGeneration } from "../served.ts";
import { addressIn, cacheControlOf, type Site, SiteCache, withSite } from "../site/index.ts";
import { withGeneration } from "../with-generation.ts";
import { entryPath, ownNameOf } from "./entry-link.ts";
import faviconFile from "./favicon.ico" with { type: "file" };
import { html } from "./html.ts";
import { MARK_SHAPE } from "./icon.ts";

/** Its address does not change with it, so it is not kept for ever. */
const A_DAY = "public, max-age=86400";

const FAVICONS = {
  "/favicon.svg": new Representation({
    bytes: utf8(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${MARK_SHAPE}</svg>`),
    type: "image/svg+xml",
    cacheControl: A_DAY,
  }),
  // The same picture for browsers that ask for nothing else.
  "/favicon.ico": new Representation({
    bytes: readFileSync(faviconFile),
    type: "image/x-icon",
    cacheControl: A_DAY,
    compressible: false,
  }),
} as const;

/** Adds /favicon.svg, /favicon.ico, /robots.txt and /sitemap.xml. */
export function addSiteFiles(app: ServerApp, deps: AppDeps): void {
  for (const [path, body] of Object.entries(FAVICONS)) {
    app.get(path, (c) => represent(c.req.raw, body));
  }
  const rules = new SiteCache();
  app.get("/robots.txt", (c) =>
    withSite(deps, c, (site) =>
      represent(
        c.req.raw,
        rules.of(site, () => makeRobots(site)),
      ),
    ),
  );
  const sitemaps = new WeakMap<PreparedGeneration, SiteCache>();
  app.get(
    "/sitemap.xml",
    withGeneration(deps, (c, generation) =>
      withSite(deps, c, (site) => {
        const made = sitemaps.get(generation) ?? new SiteCache();
        sitemaps.set(generation, made);
        const name = ownNameOf(deps);
        return represent(
          c.req.raw,
          made.of(site, () => makeSitemap(site, name, generation)),
        );
      }),
    ),
  );
}

/** Pages may be found; what clients download, and each way of filtering, need not be. */
function makeRobots(site: Site): Representation {
  const rules = ["User-agent: *", "Disallow: /v2/", "Disallow: /*?"];
  const text = `${[...rules, `Sitemap: ${addressIn(site, "sitemap.xml")}`].join("\n")}\n`;
  return new Representation({
    bytes: utf8(text),
    type: PLAIN_TEXT,
    cacheControl: cacheControlOf(site),
  });
}

function makeSitemap(site: Site, name: string, { build }: PreparedGeneration): Representation {
  const pages = ["viewer", ...build.index.map((entry) => entryPath(name, entry))];
  const text = html`<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${pages.slice(0, SITEMAP_ADDRESSES).map((page) => html`<url><loc>${addressIn(site, page)}</loc></url>\n`)}</urlset>
`;
  return new Representation({
    bytes: utf8(text.markup),
    type: "application/xml; charset=utf-8",
    policy: DATA_POLICY,
    cacheControl: cacheControlOf(site),
  });
}
