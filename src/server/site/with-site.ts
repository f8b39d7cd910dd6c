import { SITE_CACHE_BYTES, SITE_CACHE_ENTRIES } from "../../api-limits.ts";
import type { AppDeps, ServerContext } from "../deps.ts";
import { BoundedCache, REVALIDATE, type Representation, statusReply } from "../http/index.ts";
import { type Site, siteOf } from "./site.ts";

/** Keeps an answer from being shared: another visitor may reach this server by another name. */
const OWN_COPY = "private, no-cache";

/** Answers with what needs to know the site; a request that does not tell it is answered 400. */
export async function withSite(
  deps: Pick<AppDeps, "config">,
  c: ServerContext,
  answer: (site: Site) => Response | Promise<Response>,
): Promise<Response> {
  const site = siteOf(deps, c);
  if (site !== undefined) return await answer(site);
  return statusReply(c.req.raw, 400, "the Host of the request is not one that can be answered");
}

/** Gives the Cache-Control of an answer that has addresses of the site in it. */
export function cacheControlOf({ isFixed }: Site): string {
  return isFixed ? REVALIDATE : OWN_COPY;
}

/** Gives what tells answers for one site from those for another, for the keys of caches. */
export function siteKey({ origin, base }: Site): string {
  return `${origin}${base}`;
}

/** Keeps what was made for each of a few sites; strangers may name as many as they like. */
export class SiteCache {
  readonly #made = new BoundedCache<Representation>(
    { name: "sites", entries: SITE_CACHE_ENTRIES, bytes: SITE_CACHE_BYTES },
    ({ parts }) => parts.bytes.byteLength * 2,
  );

  /** Gives what was made for a site, or makes it. */
  of(site: Site, make: () => Representation): Representation {
    const key = siteKey(site);
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#made.set(key, made);
    return made;
  }
}
