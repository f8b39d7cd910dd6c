import { PATH_CHARS, QUERY_CHARS } from "../limits.ts";
import { COMMON_HEADERS, DATA_POLICY, findPathFault, jsonReply, rawQuery } from "./http/index.ts";
import { refuse } from "./refuse.ts";
import { refuseWrite } from "./v2/index.ts";

/** The one address that takes requests which are not for reading; it says itself which. */
export const UPDATE_PATH = "/api/update";

const ALLOWED = "GET, HEAD, OPTIONS";
const PREFLIGHT = {
  ...COMMON_HEADERS,
  "content-security-policy": DATA_POLICY,
  allow: ALLOWED,
  "access-control-allow-methods": ALLOWED,
  "access-control-allow-headers": "*",
  "access-control-max-age": "86400",
  "content-length": "0",
};

/**
 * Answers what no route has to look at: other methods than reading ones, preflights, addresses that
 * are malformed or too long. Gives undefined for everything else.
 */
export function turnAway(request: Request, path: string): Response | undefined {
  if (path.length > PATH_CHARS) return refuse(request, path, 414, "the address is too long");
  if (rawQuery(request.url).length > QUERY_CHARS) {
    return refuse(request, path, 414, "the query is too long");
  }
  // Bun joins repeated headers; whoever stands before us may have gone by the other one. Spec: RFC
  // 9112, 3.2.
  if (request.headers.get("host")?.includes(",")) {
    return refuse(request, path, 400, "there is more than one Host");
  }
  const { method } = request;
  if (path === UPDATE_PATH) return undefined;
  if (method === "OPTIONS") return new Response(null, { status: 204, headers: PREFLIGHT });
  if (method !== "GET" && method !== "HEAD") return refuseMethod(request, path);
  const fault = findPathFault(path);
  if (fault === "malformed") return refuse(request, path, 400, "the address is malformed");
  if (fault === "not-found") return refuse(request, path, 404, "there is nothing at this address");
  return undefined;
}

/** Parity: the message of the Go server; POST to /v2 without a slash is not found there. */
function refuseMethod(request: Request, path: string): Response {
  if (path === "/v2") return refuse(request, path, 404, "there is nothing at this address");
  if (path.startsWith("/v2/")) return refuseWrite(request, path);
  return jsonReply(
    request,
    { message: "Only GET requests are supported." },
    { status: 405, headers: { allow: ALLOWED } },
  );
}
