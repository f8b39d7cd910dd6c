import type { MiddlewareHandler } from "hono";
import { createAddressReader } from "./client-address.ts";
import type { AppDeps, ServerEnv } from "./deps.ts";
import { turnAway } from "./gate.ts";
import { REQUEST_ID, requestIdOf } from "./request-id.ts";
import { routeNameOf } from "./route-name.ts";

/**
 * Stands around every request: turns away what no route has to look at, measures, and logs:
 * failures as such, the rest for debugging. One middleware, since each costs several microseconds.
 */
export function observe(deps: AppDeps): MiddlewareHandler<ServerEnv> {
  const addressOf = createAddressReader(deps.config.trustedProxies);
  return async (c, next) => {
    const startedMs = deps.nowMs();
    const refused = turnAway(c.req.raw, c.req.path);
    if (refused === undefined) await next();
    else c.res = refused;
    const { status, headers } = c.res;
    const ms = deps.nowMs() - startedMs;
    const route = routeNameOf(c.req.path);
    const bytes = c.req.method === "HEAD" ? 0 : Number(headers.get("content-length") ?? 0);
    deps.metrics.observe({ route, status, seconds: ms / 1000, bytes });
    const fields = { method: c.req.method, route, status, ms: round(ms), bytes };
    if (status < 400 && !c.req.raw.headers.has(REQUEST_ID)) deps.log.debug("request", fields);
    else {
      const requestId = requestIdOf(deps, c);
      c.res.headers.set(REQUEST_ID, requestId);
      const from = addressOf(c.req.raw, c.env);
      const all = { requestId, ...fields, path: c.req.path, from };
      deps.log[levelOf(status)]("request", all);
    }
  };
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}

function levelOf(status: number): "debug" | "info" | "warn" {
  if (status < 400) return "debug";
  return status < 500 ? "info" : "warn";
}
