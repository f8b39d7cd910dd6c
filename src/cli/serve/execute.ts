import { randomUUID } from "node:crypto";
import { DevregError } from "../../errors.ts";
import { DRAIN_MS } from "../../limits.ts";
import type { Logger } from "../../log.ts";
import type { ReadonlyRegistry } from "../../oci-client/index.ts";
import { noProgress, type StartProgress } from "../../progress.ts";
import {
  createApp,
  createFrontedRegistry,
  createMetrics,
  createMetricsApp,
  listen,
  type ServerMetrics,
} from "../../server/index.ts";
import type { Invocation } from "../command.ts";
import type { Connection } from "../connect.ts";
import type { ProcessEdge } from "../edge.ts";
import type { FlagValues } from "../flag.ts";
import { findInput, type Input, watchedFolders } from "../input.ts";
import { openInput } from "../load-input.ts";
import { createNetwork } from "../network.ts";
import { commandLogger, commandProgress } from "../output.ts";
import { EXIT } from "../report.ts";
import { bannerOf } from "./banner.ts";
import type { serveFlags } from "./flags.ts";
import { loadGeneration } from "./load.ts";
import { createPublisher, type Publisher } from "./publisher.ts";
import { keepLoaded } from "./reloader.ts";
import { GenerationState } from "./state.ts";
import { readTlsFiles } from "./tls-files.ts";

type Config = FlagValues<typeof serveFlags>;

/** Where the Go server keeps its registry; taken with its environment when no other is named. */
const GO_REGISTRY = { registry: "localhost:5000", prefix: "" };

/** Runs `devreg serve` until it is told to stop, and gives its exit code. */
export async function executeServe(
  edge: ProcessEdge,
  { config, operands }: Invocation<typeof serveFlags>,
): Promise<number> {
  const log = commandLogger(edge, { format: config.logFormat, level: config.logLevel });
  const input = await findInput(edge, operands);
  if (input.kind === "bundle" && config.publicUrl === undefined) {
    log.warn("devfiles name images at their own registries", { hint: "say --public-url" });
  }
  const watched = config.watch ? watchedFolders(input) : [];
  await using closing = new AsyncDisposableStack();
  // A build has all that it needs.
  const fetches = input.kind === "repository" && !config.noNetwork;
  const network = fetches ? createNetwork(edge, config, log) : undefined;
  closing.defer(async () => network?.close());
  const opened = await openInput(edge, input, { network, log, progress: terminalProgress(edge) });
  closing.defer(() => opened.close());
  const state = new GenerationState();
  const { force, onDuplicate, publicUrl } = config;
  const source = { force, onDuplicate, publicUrl, log, progress: noProgress };
  const [connection, { wantsNetwork }] = await Promise.all([
    openRegistry(edge, config, input, log),
    loadGeneration(edge, opened, source, state),
  ]);
  const metrics = createMetrics(state, edge.now);
  if (connection !== undefined) state.report("registry", "not loaded yet");
  const publisher = connection && createPublisher(edge, connection.registry, state, log);
  const registry =
    connection && publisher && front(edge, connection, publisher, state, metrics, log);
  const server = listen({
    ...(await listenOptions(edge, config, metrics)),
    app: createApp({
      state,
      registry,
      config: { ...config, basePath: config.basePath ?? "", version: edge.tool.version },
      log,
      metrics,
      nowMs: edge.nowMs,
      requestId: randomUUID,
    }),
    log,
  });
  edge.stdout.write(`${bannerOf(state, server.url)}\n`);
  const renewed = () => publisher?.wake();
  const reload = { ...source, watched, wantsNetwork, network, renewed };
  const background = [
    keepLoaded(edge, opened, state, reload, edge.stopped),
    publisher?.run(edge.stopped),
  ];
  await Promise.all([untilAborted(edge.stopped), ...background]);
  log.info("stopping");
  edge.killed.addEventListener("abort", () => server.stop(0), { once: true });
  await server.stop(DRAIN_MS);
  await connection?.close();
  return EXIT.done;
}

async function openRegistry(
  edge: ProcessEdge,
  config: Config,
  input: Input,
  log: Logger,
): Promise<Connection | undefined> {
  const location = config.registry ?? (input.kind === "parts" ? GO_REGISTRY : undefined);
  if (location === undefined) return undefined;
  if (input.kind === "bundle") {
    throw new DevregError("USAGE", `Cannot serve "${input.shown}" in front of a registry`, {
      hint: "Leave --registry out, or load the bundle: devreg mirror load BUNDLE --to HOST",
    });
  }
  const { connect } = await import("../connect.ts");
  return connect(edge, location, config, log, DRAIN_MS);
}

function front(
  edge: ProcessEdge,
  { registry, authenticated }: Connection,
  publisher: Publisher,
  state: GenerationState,
  metrics: ServerMetrics,
  log: Logger,
): ReadonlyRegistry {
  return createFrontedRegistry({
    upstream: registry,
    own: () => state.current()?.registry,
    // With credentials behind, strangers must not read by them what the index does not name.
    allowed: authenticated ? () => false : undefined,
    onMissing: (repository, tag) => {
      log.warn("the registry lacks a stack version", { repository, tag });
      publisher.wake();
    },
    onFailure: () => {
      metrics.upstreamFailed();
      // It finds out whether the registry is there, says so in /readyz, and goes on until it is.
      publisher.wake();
    },
    clock: edge,
    log,
  });
}

async function listenOptions(edge: ProcessEdge, config: Config, metrics: ServerMetrics) {
  const { metricsListen } = config;
  return {
    ...config.listen,
    metrics: metricsListen && { ...metricsListen, app: createMetricsApp(metrics) },
    http2: config.http2,
    tls: await readTlsFiles(edge, config.tlsCert, config.tlsKey),
  };
}

/** The log tells of what was fetched; a line that moves is for people. */
function terminalProgress(edge: ProcessEdge): StartProgress {
  return edge.stderr.isTerminal ? commandProgress(edge) : noProgress;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
