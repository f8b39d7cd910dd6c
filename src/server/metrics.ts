import { Hono } from "hono";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { utf8 } from "../bytes.ts";
import { reply } from "./http/index.ts";
import type { RouteName } from "./route-name.ts";
import type { ServedState } from "./served.ts";
import { createUpdateMetrics, type UpdateMetrics } from "./updates/update-metrics.ts";

/** One request that was answered. */
export interface ObservedRequest {
  readonly route: RouteName;
  readonly status: number;
  readonly seconds: number;
  /** Size of the body promised; zero where it is not known ahead. */
  readonly bytes: number;
}

/** Counts what the server does. */
export interface ServerMetrics extends UpdateMetrics {
  observe(request: ObservedRequest): void;
  /** Counts a failure of the registry behind. */
  upstreamFailed(): void;
  /** Gives the text form that Prometheus reads. */
  render(): Promise<{ readonly type: string; readonly text: string }>;
}

const BUCKETS_S = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Makes the metrics of one server. */
export function createMetrics(state: ServedState, now: () => Date): ServerMetrics {
  const registry = new Registry();
  const registers = [registry];
  const index = new Histogram({
    // Parity: name and label of the Go server.
    name: "index_http_request_duration_seconds",
    help: "Time to answer index requests",
    labelNames: ["status"],
    buckets: BUCKETS_S,
    registers,
  });
  const all = new Histogram({
    name: "devreg_http_request_duration_seconds",
    help: "Time to answer requests other than index requests",
    labelNames: ["route", "status"],
    buckets: BUCKETS_S,
    registers,
  });
  const v2Bytes = new Counter({
    name: "devreg_v2_response_bytes_total",
    help: "Bytes of /v2 answers whose size was known ahead",
    registers,
  });
  const failures = new Counter({
    name: "devreg_upstream_failures_total",
    help: "Failed requests to the registry behind",
    registers,
  });
  addGenerationGauges(registers, state, now);
  const ofRoute = keepChildren((route, status) => all.labels(route, String(status)));
  const ofIndex = keepChildren((_, status) => index.labels(String(status)));
  return {
    observe: ({ route, status, seconds, bytes }) => {
      const isIndex = route === "index" || route === "v2index";
      (isIndex ? ofIndex : ofRoute)(route, status).observe(seconds);
      if (route.startsWith("v2-")) v2Bytes.inc(bytes);
    },
    upstreamFailed: () => failures.inc(),
    ...createUpdateMetrics(registers, state),
    render: async () => ({ type: registry.contentType, text: await registry.metrics() }),
  };
}

/** Keeps the series of each label set, which prom-client would look up by hashing each time. */
function keepChildren<Child>(
  make: (route: string, status: number) => Child,
): (route: string, status: number) => Child {
  const children = new Map<string, Child>();
  return (route, status) => {
    const key = route + status;
    const child = children.get(key) ?? make(route, status);
    children.set(key, child);
    return child;
  };
}

function addGenerationGauges(registers: Registry[], state: ServedState, now: () => Date): void {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  const entries = () => state.current()?.build.index ?? [];
  gauge("devreg_index_entries", "Entries of the index being served", () => entries().length);
  gauge("devreg_index_versions", "Versions of the index being served", () =>
    entries().reduce((sum, entry) => sum + (entry.versions?.length ?? 0), 0),
  );
  gauge("devreg_index_age_seconds", "Time since the index being served was loaded", () => {
    const since = state.current()?.since;
    return since === undefined ? 0 : Math.max(0, now().getTime() - since.getTime()) / 1000;
  });
  gauge("devreg_ready", "1 while there is an index to serve", () =>
    Number(state.current() !== undefined),
  );
  gauge(
    "devreg_degraded_reasons",
    "Number of reasons that /readyz gives",
    () => state.reasons().length,
  );
}

/** Makes the application of the metrics port: /metrics and nothing else. */
export function createMetricsApp(metrics: ServerMetrics): Hono {
  const app = new Hono();
  app.get("/metrics", async (c) => {
    const { type, text } = await metrics.render();
    return reply(c.req.raw, utf8(text), type);
  });
  app.notFound((c) => reply(c.req.raw, utf8("not found\n"), "text/plain", { status: 404 }));
  return app;
}
