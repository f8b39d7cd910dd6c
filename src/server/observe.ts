import { REQUESTS_UNDER_WAY } from "../api-limits.ts";
import { PATH_CHARS } from "../limits.ts";
import { createAddressReader } from "./client-address.ts";
import { Crowd } from "./crowd.ts";
import type { Answering, AppDeps, ServerBindings } from "./deps.ts";
import { turnAway } from "./gate.ts";
import { REQUEST_ID, requestIdOf } from "./request-id.ts";
import { type RouteName, routeNameOf } from "./route-name.ts";

/** One year; subdomains may be somebody else's. */
const TLS_ONLY = "max-age=31536000";

/** One request on its way. */
interface Visit {
  readonly request: Request;
  readonly path: string;
  readonly route: RouteName;
  readonly bindings: ServerBindings | undefined;
  readonly startedMs: number;
}

/**
 * Stands around every request: turns away what no route has to look at, measures, logs and counts.
 * It is around the router, not in it: a route behind middleware costs several microseconds more.
 */
export function observe(
  deps: AppDeps,
  routes: Answering,
  pathOf: (request: Request) => string,
): Answering {
  const { metrics } = deps;
  const settle = createSettler(deps);
  const crowd = new Crowd(REQUESTS_UNDER_WAY);
  const answer = (visit: Visit): Response | Promise<Response> => {
    const { request, path, route, bindings } = visit;
    return (
      turnAway(request, path) ??
      crowd.turnAway(request, path, route) ??
      routes.fetch(request, bindings ?? {})
    );
  };
  return {
    fetch: (request, bindings) => {
      const path = pathOf(request);
      const route = routeNameOf(path);
      const visit = { request, path, route, bindings, startedMs: deps.nowMs() };
      const end = () => {
        crowd.leave(route);
        metrics.ended();
      };
      metrics.began();
      crowd.enter(route);
      let answered: Response | Promise<Response> | undefined;
      try {
        answered = answer(visit);
      } finally {
        if (!(answered instanceof Promise)) end();
      }
      if (!(answered instanceof Promise)) return settle(visit, answered);
      return answered.finally(end).then((response) => settle(visit, response));
    },
  };
}

/** Makes what measures and logs an answer that is ready, and gives it its last headers. */
function createSettler(deps: AppDeps): (visit: Visit, answer: Response) => Response {
  const { metrics, telemetry, config } = deps;
  const logAnswer = createAccessLog(deps);
  return (visit, answer) => {
    const { request, path, route, startedMs } = visit;
    const { status, headers } = answer;
    const ms = deps.nowMs() - startedMs;
    const bytes = request.method === "HEAD" ? 0 : Number(headers.get("content-length") ?? 0);
    metrics.observe({ route, status, seconds: ms / 1000, bytes });
    if (config.tlsOnly === true) headers.set("strict-transport-security", TLS_ONLY);
    logAnswer(visit, { route, status, ms: Math.round(ms * 100) / 100, bytes }, headers);
    telemetry?.answered({ request, path, status }, deps.state.current());
    return answer;
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
function createAccessLog(
  deps: AppDeps,
): (visit: Visit, answered: Answered, headers: Headers) => void {
  const { accessLog = "failures", trustedProxies } = deps.config;
  const addressOf = createAddressReader(trustedProxies);
  return ({ request, path, bindings }, answered, headers) => {
    const { status } = answered;
    const fails = status >= 400;
    const isShown = accessLog === "all" || (fails && accessLog === "failures");
    const { method } = request;
    if (!isShown && !fails && !request.headers.has(REQUEST_ID)) {
      deps.log.debug("request", { method, ...answered });
      return;
    }
    const requestId = requestIdOf(deps, request);
    headers.set(REQUEST_ID, requestId);
    const from = addressOf(request, bindings);
    // What is longer is refused for its length, and the rest of it tells nobody anything.
    const shown = path.slice(0, PATH_CHARS);
    const fields = { requestId, method, path: shown, ...answered, from };
    deps.log[isShown ? levelOf(status) : "debug"]("request", fields);
  };
}

function levelOf(status: number): "info" | "warn" {
  return status < 500 ? "info" : "warn";
}
