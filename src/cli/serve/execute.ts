import { DRAIN_MS } from "../../limits.ts";
import { noProgress, type StartProgress } from "../../progress.ts";
import type { Invocation } from "../command.ts";
import type { ProcessEdge } from "../edge.ts";
import { findInput, findInputIfAny, watchedFolders } from "../input.ts";
import { openInput } from "../load-input.ts";
import { commandLogger, commandProgress } from "../output.ts";
import { EXIT } from "../report.ts";
import { assemble, begin, openNetwork, type Serving } from "./assemble.ts";
import { bannerOf } from "./banner.ts";
import type { serveFlags } from "./flags.ts";
import { keepLive } from "./live.ts";
import { loadOperand } from "./load.ts";
import { checkModes, isLive } from "./modes.ts";
import { openBeside } from "./open-beside.ts";
import { openServer } from "./open-server.ts";
import { openTelemetry } from "./open-telemetry.ts";
import { keepLoaded } from "./reloader.ts";
import { openStarters } from "./starters/open-starters.ts";

/** Runs `devreg serve` until it is told to stop, and gives its exit code. */
export async function executeServe(
  edge: ProcessEdge,
  { config, operands }: Invocation<typeof serveFlags>,
): Promise<number> {
  const log = commandLogger(edge, { format: config.logFormat, level: config.logLevel });
  // With a source, or a registry to follow, the command line need not name anything.
  const find = isLive(config) ? findInputIfAny : findInput;
  const input = await find(edge, operands);
  checkModes(config, input);
  if (input?.kind === "bundle" && config.publicUrl === undefined) {
    log.warn("images in devfiles lead to their registries outside, not to this server", {
      hint: "give its address with --public-url",
    });
  }
  const watched = config.watch && input !== undefined ? watchedFolders(input) : [];
  await using closing = new AsyncDisposableStack();
  const network = openNetwork({ edge, config, input, log });
  closing.defer(async () => network?.close());
  const beside = openBeside(edge, config, log, closing);
  const starters = openStarters(edge, config, log, closing);
  const serving = await assemble({ edge, config, input, network, beside, starters, log });
  closing.defer(() => closeAll(serving));
  const progress = terminalProgress(edge);
  const opened = input && (await openInput(edge, input, { network, log, progress }));
  closing.defer(async () => opened?.close());
  const { force, onDuplicate, publicUrl } = config;
  const source = { force, onDuplicate, publicUrl, log, progress: noProgress };
  const loaded = opened && (await loadOperand(opened, source));
  await begin(serving, loaded?.generation);
  const { telemetryCounted } = serving.metrics;
  const telemetry = openTelemetry(edge, config, telemetryCounted, log);
  const server = await openServer(serving, telemetry);
  telemetry?.start(edge.stopped);
  edge.stdout.write(`${bannerOf(serving.state, server.url)}\n`);
  const wantsNetwork = loaded?.wantsNetwork === true;
  const renewed = () => serving.publisher?.wake();
  const { state, stage, turns } = serving;
  const reload = { load: source, watched, wantsNetwork, network, state, stage, turns, renewed };
  const stopped = untilAborted(edge.stopped).then(async () => {
    log.info("stopping");
    edge.killed.addEventListener("abort", () => server.stop(0), { once: true });
    await server.stop(DRAIN_MS);
  });
  await Promise.all([
    // Nobody new is let in while what is under way behind us comes to its end.
    stopped,
    keepLive(serving, edge.stopped),
    config.noNetwork ? undefined : beside?.run(edge.stopped),
    // What the command line names is only what one begins with where there is a source.
    isLive(config) ? undefined : opened && keepLoaded(edge, opened, reload, edge.stopped),
  ]);
  await telemetry?.finish();
  return EXIT.done;
}

/** Waits for the update under way, which the way out ends soon, then removes what was fetched. */
async function closeAll({ updater, sources, connection }: Serving): Promise<void> {
  await updater?.idle();
  await Promise.all(sources.map((source) => source.close()));
  await connection?.close();
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
