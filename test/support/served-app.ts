import { type Build, packStackArtifacts } from "../../src/generator/index.ts";
import { silentLogger } from "../../src/log.ts";
import {
  type Answering,
  type AppDeps,
  createApp,
  createMetrics,
  createRoutes,
  type PreparedGeneration,
  prepareServed,
  type Reason,
  type ServedState,
  type ServerApp,
  type ServerBindings,
  type ServerConfig,
  type ServerMetrics,
} from "../../src/server/index.ts";
import { sampleBuild } from "./sample-build.ts";

/** An application over a build, and what a test asks of it. */
export interface ServedApp {
  /** Sends a request; headers by name. */
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  send(method: string, path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  request(path: string, init?: RequestInit, bindings?: ServerBindings): Promise<Response>;
  readonly app: Answering;
  /** The routes of an application like it. */
  readonly routes: ServerApp["routes"];
  readonly generation: PreparedGeneration;
  readonly metrics: ServerMetrics;
}

/** How an application differs from a plain one. */
export interface ServedAppOptions {
  readonly build?: Build;
  readonly config?: Partial<ServerConfig>;
  readonly deps?: Partial<AppDeps>;
  readonly reasons?: readonly Reason[];
  /** Asked for at each request. */
  readonly notes?: () => readonly string[];
  /** False for a server that has nothing to serve yet. */
  readonly loaded?: boolean;
}

/** The configuration of an application that tests say nothing else of. */
export const PLAIN_CONFIG: ServerConfig = {
  headless: false,
  name: "Test",
  basePath: "",
  strictCompat: false,
  trustedProxies: [],
  version: "1.2.3",
};

/** When the generation of every application in tests begins. */
export const SINCE = new Date("2026-01-02T03:04:05Z");

/** Prepares a build for serving. */
export async function prepare(build: Build): Promise<PreparedGeneration> {
  const { registry } = await packStackArtifacts(build);
  return prepareServed(build, registry, { now: SINCE });
}

/** Makes an application over a build, the sample build if none is given. */
export async function servedApp(options: ServedAppOptions = {}): Promise<ServedApp> {
  const generation = await prepare(options.build ?? (await sampleBuild()));
  const state: ServedState = {
    current: () => (options.loaded === false ? undefined : generation),
    reasons: () => options.reasons ?? [],
    ...(options.notes === undefined ? {} : { notes: options.notes }),
  };
  const metrics = createMetrics(state, () => SINCE);
  const deps: AppDeps = {
    state,
    config: { ...PLAIN_CONFIG, ...options.config },
    log: silentLogger,
    metrics,
    nowMs: () => 0,
    requestId: () => "made-id",
    ...options.deps,
  };
  const app = createApp(deps);
  const request: ServedApp["request"] = async (path, init, bindings) =>
    app.fetch(new Request(path.startsWith("/") ? `http://localhost${path}` : path, init), bindings);
  const send: ServedApp["send"] = (method, path, headers = {}) =>
    request(path, { method, headers });
  const { routes } = createRoutes(deps);
  const get: ServedApp["get"] = (path, headers) => send("GET", path, headers);
  return { get, send, request, app, routes, generation, metrics };
}
