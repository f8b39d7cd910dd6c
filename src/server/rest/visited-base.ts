import type { AppDeps, ServerConfig, ServerContext } from "../deps.ts";
import { basePathOf } from "../http/index.ts";
import { registryHostOf, siteOf } from "../site/index.ts";

const seenConfigs = new WeakMap<ServerConfig, ServerConfig>();

/**
 * Gives what stands before a path where the visitor sees it, as in "/base": what redirects begin
 * with. Unlike the base of a site it is "" for those who come past the public URL, by an address
 * inside a cluster: there is nothing at that path for them.
 */
export function visitedBaseOf({ config }: Pick<AppDeps, "config">, c: ServerContext): string {
  const seen = siteOf({ config: withoutPublicUrl(config) }, c);
  const own = seen?.base ?? basePathOf(c.req.raw, config.basePath);
  if (own !== "" || seen === undefined || config.publicUrl === undefined) return own;
  // Proxies in front of us may take the path away without a word; the host tells that they did.
  const shown = siteOf({ config }, c);
  return shown !== undefined && registryHostOf(seen) === registryHostOf(shown) ? shown.base : "";
}

/** One for each configuration: what reads requests is kept by it. */
function withoutPublicUrl(config: ServerConfig): ServerConfig {
  const known = seenConfigs.get(config);
  if (known !== undefined) return known;
  const { publicUrl: _publicUrl, ...seen } = config;
  seenConfigs.set(config, seen);
  return seen;
}
