import { createPeerTrust, type PeerTrust } from "../client-address.ts";
import type { AppDeps, ServerConfig, ServerContext } from "../deps.ts";
import { basePathOf } from "../http/index.ts";
import { parseHost, parsePrefix, parseScheme, type Scheme, singleValue } from "./grammar.ts";

/** Where the visitor of one request reaches this server. */
export interface Site {
  /** "https://devfiles.example": where /v2, /health and /readyz are. */
  readonly origin: string;
  /** "" or "/base": what stands between the origin and every other address. */
  readonly base: string;
  /** True when it was configured, so that it is the same for all visitors. */
  readonly isFixed: boolean;
}

const readers = new WeakMap<ServerConfig, (c: ServerContext) => Site | undefined>();

/**
 * Tells where the visitor of a request reaches this server: the public URL, else what a trusted
 * proxy says, else the Host. This is the one source of absolute addresses.
 *
 * Undefined when the request does not say it in a form that may stand in a page: such requests are
 * answered 400 where an absolute address is needed.
 */
export function siteOf({ config }: Pick<AppDeps, "config">, c: ServerContext): Site | undefined {
  const reader = readers.get(config) ?? createReader(config);
  readers.set(config, reader);
  return reader(c);
}

/** Gives the absolute address of a path below the site, as in "viewer/status" or "". */
export function addressIn({ origin, base }: Site, path: string): string {
  return `${origin}${base}/${path}`;
}

/** Gives "devfiles.example:8080": the host that OCI clients name; they drop any base path. */
export function registryHostOf({ origin }: Site): string {
  return origin.slice(origin.indexOf("://") + 3);
}

function createReader(config: ServerConfig): (c: ServerContext) => Site | undefined {
  const { publicUrl, basePath, trustedProxies } = config;
  if (publicUrl !== undefined) {
    const { origin, pathname } = new URL(publicUrl);
    const site: Site = { origin, base: pathname.replace(/\/+$/, ""), isFixed: true };
    return () => site;
  }
  const isTrusted = createPeerTrust(trustedProxies);
  return (c) => readSite(c, basePath, isTrusted);
}

function readSite(c: ServerContext, basePath: string, isTrusted: PeerTrust): Site | undefined {
  const { raw } = c.req;
  const forwarded = isTrusted(raw, c.env) ? raw.headers : undefined;
  const scheme = readForwarded(forwarded, "x-forwarded-proto", parseScheme, ownScheme(raw.url));
  const prefix = readForwarded(forwarded, "x-forwarded-prefix", parsePrefix, "");
  if (scheme === undefined || prefix === undefined) return undefined;
  const parse = (text: string) => parseHost(text, scheme);
  const host = readForwarded(forwarded, "x-forwarded-host", parse, parse(ownHost(raw)));
  if (host === undefined) return undefined;
  const base = `${prefix}${basePathOf(raw, basePath)}`;
  return { origin: `${scheme}://${host}`, base, isFixed: false };
}

function readForwarded<Value>(
  headers: Headers | undefined,
  name: string,
  parse: (text: string) => Value | undefined,
  own: Value | undefined,
): Value | undefined {
  const text = headers?.get(name);
  if (text === undefined || text === null || text === "") return own;
  const single = singleValue(text);
  return single === undefined ? undefined : parse(single);
}

function ownScheme(url: string): Scheme {
  return url.startsWith("https:") ? "https" : "http";
}

/** HTTP/2 has the host in the address alone. */
function ownHost({ headers, url }: Request): string {
  return headers.get("host") ?? /^https?:\/\/([^/?#]*)/i.exec(url)?.[1] ?? "";
}
