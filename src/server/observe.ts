import type { MiddlewareHandler } from "hono";
import { REQUEST_ID_CHARS } from "../limits.ts";
import { createAddressReader } from "./client-address.ts";
import type { AppDeps, ServerEnv } from "./deps.ts";
import { routeNameOf } from "./route-name.ts";

const REQUEST_ID = "x-request-id";
const SANE_ID = /^[\w.:-]+$/;

/** Gives each request an id, measures it and logs it: failures as such, the rest for debugging. */
export function observe(deps: AppDeps): MiddlewareHandler<ServerEnv> {
  const addressOf = createAddressReader(deps.config.trustedProxies);
  return async (c, next) => {
    const startedMs = deps.nowMs();
    const requestId = acceptId(c.req.raw.headers.get(REQUEST_ID)) ?? deps.requestId();
    c.set("requestId", requestId);
    await next();
    const { status, headers } = c.res;
    headers.set(REQUEST_ID, requestId);
    const ms = deps.nowMs() - startedMs;
    const route = routeNameOf(c.req.path);
    const bytes = c.req.method === "HEAD" ? 0 : Number(headers.get("content-length") ?? 0);
    deps.metrics.observe({ route, status, seconds: ms / 1000, bytes });
    const fields = { requestId, method: c.req.method, route, status, ms: round(ms), bytes };
    if (status < 400) deps.log.debug("request", fields);
    else {
      const from = addressOf(c.req.raw, c.env);
      deps.log[status < 500 ? "info" : "warn"]("request", { ...fields, path: c.req.path, from });
    }
  };
}

function acceptId(text: string | null): string | undefined {
  return text !== null && text.length <= REQUEST_ID_CHARS && SANE_ID.test(text) ? text : undefined;
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
