import { HOST_CHARS, PREFIX_CHARS } from "../../api-limits.ts";

const LABEL = "[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?";
const HOST = new RegExp(
  `^(?:${LABEL}(?:\\.${LABEL})*\\.?|\\[[0-9a-f:]+(?:\\.[0-9]+){0,3}\\])(?::([0-9]{1,5}))?$`,
);
const PREFIX = /^(?:\/[A-Za-z0-9._~-]+)*$/;
const DOT_PART = /\/\.{1,2}(?:\/|$)/;
const DEFAULT_PORTS: Readonly<Record<Scheme, string>> = { http: ":80", https: ":443" };

/** How a server is spoken to. */
export type Scheme = "http" | "https";

/**
 * Reads a host with or without port as it may stand in a page: lower-cased, without the port that
 * the scheme has anyway. Undefined for markup, user information, blanks, lists and whatever else is
 * no host. Spec: RFC 9110, 7.2.
 */
export function parseHost(text: string, scheme: Scheme): string | undefined {
  if (text.length > HOST_CHARS + ":65535".length) return undefined;
  const host = text.toLowerCase();
  const match = HOST.exec(host);
  if (match === null || Number(match[1] ?? 0) > 65_535) return undefined;
  // The parser of addresses knows about brackets and numbers what the pattern does not.
  if (!URL.canParse(`${scheme}://${host}/`)) return undefined;
  const port = DEFAULT_PORTS[scheme];
  return host.endsWith(port) ? host.slice(0, -port.length) : host;
}

/** Reads the scheme that a proxy was spoken to with; undefined for any other than the two. */
export function parseScheme(text: string): Scheme | undefined {
  const scheme = text.toLowerCase();
  return scheme === "http" || scheme === "https" ? scheme : undefined;
}

/** Reads the path that a proxy took away, without its last slash; undefined when it is none. */
export function parsePrefix(text: string): string | undefined {
  if (text.length > PREFIX_CHARS) return undefined;
  const prefix = text.replace(/\/+$/, "");
  return PREFIX.test(prefix) && !DOT_PART.test(prefix) ? prefix : undefined;
}

/**
 * Gives the one value of a header that several proxies may each have added to; undefined where they
 * contradict each other, as nobody knows then which of them the visitor sees.
 */
export function singleValue(text: string): string | undefined {
  const [first = "", ...others] = text.split(",").map((value) => value.trim());
  return others.every((value) => value.toLowerCase() === first.toLowerCase()) ? first : undefined;
}
