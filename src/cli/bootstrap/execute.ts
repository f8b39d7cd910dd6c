import { DevregError } from "../../errors.ts";
import {
  type Build,
  packIndexArtifact,
  packStackArtifacts,
  publishBuild,
} from "../../generator/index.ts";
import { STOP_GRACE_MS } from "../../limits.ts";
import type { Logger } from "../../log.ts";
import type { StartProgress } from "../../progress.ts";
import type { Invocation } from "../command.ts";
import { connect } from "../connect.ts";
import { type ProcessEdge, throwIfStopped } from "../edge.ts";
import type { FlagValues } from "../flag.ts";
import { findInput } from "../input.ts";
import { openInput } from "../load-input.ts";
import { createNetwork } from "../network.ts";
import { commandLogger, commandProgress } from "../output.ts";
import { waitForRegistry } from "../registry-wait.ts";
import { EXIT, exitCodeOf } from "../report.ts";
import type { bootstrapFlags } from "./flags.ts";
import { renderPublishReport } from "./render.ts";

/** Runs `devreg bootstrap` and gives its exit code. */
export async function executeBootstrap(
  edge: ProcessEdge,
  { config, operands }: Invocation<typeof bootstrapFlags>,
): Promise<number> {
  const location = config.registry;
  if (location === undefined) {
    throw new DevregError("USAGE", "Cannot run bootstrap: --registry is missing", {
      hint: "Name the registry to load: --registry HOST[:PORT][/PREFIX]",
    });
  }
  const log = commandLogger(edge);
  const progress = commandProgress(edge);
  const build = await loadBuild(edge, config, operands, { log, progress });
  const artifacts = await packStackArtifacts(build);
  const index = await packIndexArtifact(build, artifacts);
  const { registry, close } = await connect(edge, location, config, log, STOP_GRACE_MS);
  try {
    await waitForRegistry(edge, registry, config.wait, log);
    const report = await publishBuild(artifacts, index, registry, {
      log,
      progress,
      signal: edge.stopped,
    });
    edge.stdout.write(renderPublishReport(report, location, config.format));
    throwIfStopped(edge);
    return exitCodeOfFailures(
      [...report.failures, ...report.rejected].map(({ error }) => exitCodeOf(error)),
    );
  } finally {
    await close();
  }
}

async function loadBuild(
  edge: ProcessEdge,
  config: FlagValues<typeof bootstrapFlags>,
  operands: readonly string[],
  tools: { readonly log: Logger; readonly progress: StartProgress },
): Promise<Build> {
  await using closing = new AsyncDisposableStack();
  const input = await findInput(edge, operands);
  if (input.kind === "bundle") {
    throw new DevregError("USAGE", `Cannot bootstrap "${input.shown}": it is a bundle`, {
      hint: "Load it with its images: devreg mirror load BUNDLE --to HOST[:PORT][/PREFIX]",
    });
  }
  // A build has all that it needs.
  const fetches = input.kind === "repository" && !config.noNetwork;
  const network = fetches ? createNetwork(edge, config, tools.log) : undefined;
  closing.defer(async () => network?.close());
  const opened = await openInput(edge, input, { network, ...tools });
  closing.defer(() => opened.close());
  const access = await network?.open();
  const { force, onDuplicate } = config;
  return (await opened.load({ force, onDuplicate, access, ...tools })).build;
}

/** A refusal says more than a failure; a registry that went away failed everything alike. */
function exitCodeOfFailures(codes: readonly number[]): number {
  if (codes.length === 0) return EXIT.done;
  if (codes.includes(EXIT.denied)) return EXIT.denied;
  return codes.every((code) => code === EXIT.unreachable) ? EXIT.unreachable : EXIT.failed;
}
