import { DevregError } from "../errors.ts";
import { REDIRECTS } from "../limits.ts";
import { mayLeadTo } from "./address.ts";
import type { HttpRequest, HttpResponse, Transport } from "./http.ts";

/** How redirects are followed. */
export interface RedirectPolicy {
  /** How many are followed for one request. */
  readonly max: number;
  /** Lower-case names of the headers that another origin may see; all others are dropped. */
  readonly keepHeaders: readonly string[];
}

const DEFAULT: RedirectPolicy = {
  max: REDIRECTS,
  keepHeaders: ["accept", "accept-encoding", "content-type", "if-none-match", "range"],
};

const REDIRECT_STATUSES = new Set([301, 302, 303, 307, 308]);

/**
 * Follows redirects of GET and HEAD, and of other methods those that keep the method (307, 308).
 * An origin is scheme, host and port; another one gets no credentials, cookies or headers of ours.
 *
 * @throws {DevregError} NETWORK when a redirect goes from https to http, from outside to an
 *   internal address, to something that is no web address, or on and on
 */
export function redirecting(send: Transport, policy: RedirectPolicy = DEFAULT): Transport {
  return async (request) => {
    let current = request;
    for (let followed = 0; ; followed += 1) {
      const response = await send(current);
      const target = targetOf(current, response);
      if (target === undefined) return response;
      await response.discard();
      if (followed === policy.max) throw refused(current.url, `more than ${policy.max} redirects`);
      checkHop(current.url, target);
      current = { ...current, url: target, ...headersFor(current, target, policy) };
    }
  };
}

/**
 * Checks that one address may send us on to another.
 *
 * @throws {DevregError} NETWORK
 */
export function checkHop(from: URL, to: URL): void {
  if (to.protocol !== "https:" && to.protocol !== "http:") {
    throw refused(from, `it leads to a ${to.protocol} address`);
  }
  if (from.protocol === "https:" && to.protocol === "http:") {
    throw refused(from, `it leads from https to http://${to.host}`);
  }
  if (!mayLeadTo(from, to)) {
    throw refused(from, `it leads to ${to.host}, which is an internal address`);
  }
}

function targetOf(request: HttpRequest, response: HttpResponse): URL | undefined {
  if (!REDIRECT_STATUSES.has(response.status)) return undefined;
  const reading = request.method === "GET" || request.method === "HEAD";
  if (!reading && response.status < 307) return undefined;
  const location = response.header("location");
  if (location === undefined) return undefined;
  const target = URL.parse(location, request.url.href);
  if (target === null) throw refused(request.url, "its Location is not an address");
  target.hash = "";
  return target;
}

function headersFor(
  request: HttpRequest,
  target: URL,
  policy: RedirectPolicy,
): Pick<HttpRequest, "headers"> {
  const { headers = {} } = request;
  if (target.origin === request.url.origin) return { headers };
  const kept = Object.entries(headers).filter(([name]) => policy.keepHeaders.includes(name));
  return { headers: Object.fromEntries(kept) };
}

function refused(from: URL, state: string): DevregError {
  return new DevregError("NETWORK", `Cannot follow ${from.host}: ${state}`);
}
