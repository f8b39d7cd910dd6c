import { Hono } from "hono";
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { utf8 } from "../bytes.ts";
import { EVENT_LOOP_SAMPLE_MS } from "../observe-limits.ts";
import { DurationHistogram, type DurationSeries } from "./duration-histogram.ts";
import { cacheUse, reply } from "./http/index.ts";
import { addIndexGauges } from "./index-metrics.ts";
import { TROUBLE_KINDS, type TroubleKind } from "./reason.ts";
import type { RouteName } from "./route-name.ts";
import type { ServedState } from "./served.ts";
import type { TelemetryOutcome } from "./telemetry/index.ts";
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
  /** Counts a request that came in. */
  began(): void;
  /** Says that the answer to one is ready to be sent. */
  ended(): void;
  observe(request: ObservedRequest): void;
  /** Counts a failure of the registry behind; of what kind, as far as that is known. */
  upstreamFailed(kind?: TroubleKind): void;
  /** Counts events of telemetry by what became of them. */
  telemetryCounted(outcome: TelemetryOutcome, events: number): void;
  /** Tells of the process, too: processor, memory, files, and how late its event loop is. */
  watchProcess(): void;
  /** Gives the text form that Prometheus reads. */
  render(): Promise<{ readonly type: string; readonly text: string }>;
}

const BUCKETS_S = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Makes the metrics of one server. */
export function createMetrics(state: ServedState, now: () => Date): ServerMetrics {
  const registry = new Registry();
  const registers = [registry];
  addIndexGauges(registers, state, now);
  addCacheMetrics(registers);
  return {
    ...createRequestMetrics(registers),
    ...createFailureMetrics(registers),
    ...createUpdateMetrics(registers, state),
    watchProcess: () => watchProcess(registry),
    render: async () => ({ type: registry.contentType, text: await registry.metrics() }),
  };
}

type RequestMetrics = Pick<ServerMetrics, "began" | "ended" | "observe">;

/** One request costs a few additions; the library is told the sums when somebody reads them. */
function createRequestMetrics(registers: Registry[]): RequestMetrics {
  const index = new DurationHistogram({
    // Parity: name and label of the Go server.
    name: "index_http_request_duration_seconds",
    help: "Time to answer index requests",
    labelNames: ["status"],
    buckets: BUCKETS_S,
    registers,
  });
  const all = new DurationHistogram({
    name: "devreg_http_request_duration_seconds",
    help: "Time until the answer to a request was ready to be sent",
    labelNames: ["route", "status"],
    buckets: BUCKETS_S,
    registers,
  });
  const bytesOut = new Map<RouteName, number>();
  addByteCounter(registers, bytesOut);
  let inFlight = 0;
  addInFlightGauge(registers, () => inFlight);
  const ofRoute = keepChildren((route, code) => {
    const status = String(code);
    const isIndex = route === "index" || route === "v2index";
    return {
      all: all.series({ route, status }),
      index: isIndex ? indexOf(status) : undefined,
    };
  });
  const indexSeries = new Map<string, DurationSeries>();
  const indexOf = (status: string) => {
    const series = indexSeries.get(status) ?? index.series({ status });
    indexSeries.set(status, series);
    return series;
  };
  return {
    began: () => {
      inFlight += 1;
    },
    ended: () => {
      inFlight -= 1;
    },
    observe: ({ route, status, seconds, bytes }) => {
      const series = ofRoute(route, status);
      series.all.add(seconds);
      series.index?.add(seconds);
      bytesOut.set(route, (bytesOut.get(route) ?? 0) + bytes);
    },
  };
}

function addByteCounter(registers: Registry[], sums: ReadonlyMap<RouteName, number>): void {
  new Counter({
    name: "devreg_http_response_bytes_total",
    help: "Bytes of bodies, as their Content-Length promised",
    labelNames: ["route"],
    registers,
    collect() {
      this.reset();
      for (const [route, sum] of sums) this.labels(route).inc(sum);
    },
  });
}

function addInFlightGauge(registers: Registry[], read: () => number): void {
  new Gauge({
    name: "devreg_http_requests_in_flight",
    help: "Requests whose answer is not ready yet",
    registers,
    collect() {
      this.set(read());
    },
  });
}

/** Keeps what was made for each route and status. */
function keepChildren<Child>(
  make: (route: RouteName, status: number) => Child,
): (route: RouteName, status: number) => Child {
  const children = new Map<RouteName, Map<number, Child>>();
  return (route, status) => {
    const known = children.get(route)?.get(status);
    if (known !== undefined) return known;
    const child = make(route, status);
    children.set(route, (children.get(route) ?? new Map<number, Child>()).set(status, child));
    return child;
  };
}

type FailureMetrics = Pick<ServerMetrics, "upstreamFailed" | "telemetryCounted">;

const OUTCOMES: readonly TelemetryOutcome[] = ["sent", "dropped", "failed"];

/** Every kind is there from the start, so that rates begin at 0. */
function createFailureMetrics(registers: Registry[]): FailureMetrics {
  const upstream = new Counter({
    name: "devreg_upstream_failures_total",
    help: "Failed requests to the registry behind, by kind",
    labelNames: ["kind"],
    registers,
  });
  for (const kind of TROUBLE_KINDS) upstream.labels(kind).inc(0);
  const telemetry = new Counter({
    name: "devreg_telemetry_events_total",
    help: "Events of telemetry, by what became of them",
    labelNames: ["outcome"],
    registers,
  });
  for (const outcome of OUTCOMES) telemetry.labels(outcome).inc(0);
  return {
    upstreamFailed: (kind = "failed") => upstream.labels(kind).inc(),
    telemetryCounted: (outcome, events) => telemetry.labels(outcome).inc(events),
  };
}

function addCacheMetrics(registers: Registry[]): void {
  new Counter({
    name: "devreg_cache_requests_total",
    help: "Times that something was looked up in a cache, by whether it was there",
    labelNames: ["cache", "result"],
    registers,
    collect() {
      this.reset();
      for (const [cache, { hits, misses }] of cacheUse()) {
        this.labels(cache, "hit").inc(hits);
        this.labels(cache, "miss").inc(misses);
      }
    },
  });
  for (const unit of ["entries", "bytes"] as const) {
    new Gauge({
      name: `devreg_cache_${unit}`,
      help: unit === "bytes" ? "What caches hold, about" : "How many things caches hold",
      labelNames: ["cache"],
      registers,
      collect() {
        this.reset();
        for (const [cache, held] of cacheUse()) this.labels(cache).set(held[unit]);
      },
    });
  }
}

/** What Bun has no figures for, and what it counts so that it misleads. */
const MEANINGLESS =
  /^nodejs_(?:heap_space|gc|active|external|version)|^process_(?:heap|virtual)|^nodejs_heap_size/;

function watchProcess(registry: Registry): void {
  collectDefaultMetrics({
    register: registry,
    eventLoopMonitoringPrecision: EVENT_LOOP_SAMPLE_MS,
  });
  for (const { name } of registry.getMetricsAsArray()) {
    if (MEANINGLESS.test(name)) registry.removeSingleMetric(name);
  }
}

/** Makes the application of the metrics port: /metrics and nothing else. */
export function createMetricsApp(metrics: ServerMetrics): Hono {
  const app = new Hono();
  app.get("/metrics", async (c) => {
    const { type, text } = await metrics.render();
    return reply(c.req.raw, utf8(text), type);
  });
  app.notFound((c) => reply(c.req.raw, utf8("not found\n"), "text/plain", { status: 404 }));
  app.onError((_, c) =>
    reply(c.req.raw, utf8("internal server error\n"), "text/plain", { status: 500 }),
  );
  return app;
}
