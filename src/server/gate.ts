import type { MiddlewareHandler } from "hono";
import { PATH_CHARS, QUERY_CHARS } from "../limits.ts";
import type { ServerEnv } from "./deps.ts";
import { COMMON_HEADERS, findPathFault, jsonReply, rawQuery } from "./http/index.ts";
import { refuse } from "./refuse.ts";

const ALLOWED = "GET, HEAD, OPTIONS";
const PREFLIGHT = {
  ...COMMON_HEADERS,
  allow: ALLOWED,
  "access-control-allow-methods": ALLOWED,
  "access-control-allow-headers": "*",
  "access-control-max-age": "86400",
  "content-length": "0",
};

/** Lets through what can have an answer at all: reading methods, sane addresses of bounded length. */
export const gate: MiddlewareHandler<ServerEnv> = async (c, next) => {
  const { method, path, raw } = c.req;
  if (path.length > PATH_CHARS) return refuse(raw, path, 414, "the address is too long");
  if (rawQuery(raw.url).length > QUERY_CHARS) {
    return refuse(raw, path, 414, "the query is too long");
  }
  if (method === "OPTIONS") return new Response(null, { status: 204, headers: PREFLIGHT });
  if (method !== "GET" && method !== "HEAD") return refuseMethod(raw, path);
  const fault = findPathFault(path);
  if (fault === "malformed") return refuse(raw, path, 400, "the address is malformed");
  if (fault === "not-found") return refuse(raw, path, 404, "there is nothing at this address");
  return next();
};

/** Parity: the message of the Go server; POST to /v2 without a slash is not found there. */
function refuseMethod(request: Request, path: string): Response {
  if (path === "/v2") return refuse(request, path, 404, "there is nothing at this address");
  if (path.startsWith("/v2/")) return refuse(request, path, 405, "this registry is read-only");
  return jsonReply(
    request,
    { message: "Only GET requests are supported." },
    { status: 405, headers: { allow: ALLOWED } },
  );
}
