import type { MiddlewareHandler } from "hono";
import { REQUESTS_UNDER_WAY } from "../api-limits.ts";
import { PATH_CHARS } from "../limits.ts";
import { createAddressReader } from "./client-address.ts";
import { Crowd } from "./crowd.ts";
import type { AppDeps, ServerContext, ServerEnv } from "./deps.ts";
import { turnAway } from "./gate.ts";
import { REQUEST_ID, requestIdOf } from "./request-id.ts";
import { routeNameOf } from "./route-name.ts";

/** One year; subdomains may be somebody else's. */
const TLS_ONLY = "max-age=31536000";

/**
 * Stands around every request: turns away what no route has to look at, measures, logs and counts.
 * One middleware, since each costs several microseconds.
 */
export function observe(deps: AppDeps): MiddlewareHandler<ServerEnv> {
  const { metrics, telemetry, config } = deps;
  const logAnswer = createAccessLog(deps);
  const crowd = new Crowd(REQUESTS_UNDER_WAY);
  return async (c, next) => {
    const startedMs = deps.nowMs();
    metrics.began();
    const { raw, path } = c.req;
    const route = routeNameOf(path);
    crowd.enter(route);
    try {
      const refused = turnAway(raw, path) ?? crowd.turnAway(raw, path, route);
      if (refused === undefined) await next();
      else c.res = refused;
    } finally {
      crowd.leave(route);
      metrics.ended();
    }
    const { status, headers } = c.res;
    const ms = deps.nowMs() - startedMs;
    const bytes = c.req.method === "HEAD" ? 0 : Number(headers.get("content-length") ?? 0);
    metrics.observe({ route, status, seconds: ms / 1000, bytes });
    if (config.tlsOnly === true) headers.set("strict-transport-security", TLS_ONLY);
    logAnswer(c, { route, status, ms: Math.round(ms * 100) / 100, bytes });
    const counted = { request: raw, path, status };
    telemetry?.answered(counted, deps.state.current());
  };
}

interface Answered {
  readonly route: string;
  readonly status: number;
  readonly ms: number;
  readonly bytes: number;
}

/**
 * Makes the writer of one line a request: the path without its query, which may hold what is secret,
 * and where the request came from. What is not in the access log is for debugging.
 */
function createAccessLog(deps: AppDeps): (c: ServerContext, answered: Answered) => void {
  const { accessLog = "failures", trustedProxies } = deps.config;
  const addressOf = createAddressReader(trustedProxies);
  return (c, answered) => {
    const { status } = answered;
    const fails = status >= 400;
    const isShown = accessLog === "all" || (fails && accessLog === "failures");
    const { method } = c.req;
    if (!isShown && !fails && !c.req.raw.headers.has(REQUEST_ID)) {
      deps.log.debug("request", { method, ...answered });
      return;
    }
    const requestId = requestIdOf(deps, c);
    c.res.headers.set(REQUEST_ID, requestId);
    const from = addressOf(c.req.raw, c.env);
    // What is longer is refused for its length, and the rest of it tells nobody anything.
    const path = c.req.path.slice(0, PATH_CHARS);
    const fields = { requestId, method, path, ...answered, from };
    deps.log[isShown ? levelOf(status) : "debug"]("request", fields);
  };
}

function levelOf(status: number): "info" | "warn" {
  return status < 500 ? "info" : "warn";
}
