import { DevregError } from "../../errors.ts";
import { packIndexArtifact, packStackArtifacts, publishBuild } from "../../generator/index.ts";
import { STOP_GRACE_MS } from "../../limits.ts";
import type { Invocation } from "../command.ts";
import { connect } from "../connect.ts";
import { type ProcessEdge, throwIfStopped } from "../edge.ts";
import { findInput, loadInput } from "../input.ts";
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
  const build = await loadInput(edge, await findInput(edge, operands[0]), {
    force: config.force,
    network: !config.noNetwork,
    caFile: config.caFile,
    log,
    progress,
  });
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

/** A refusal says more than a failure; a registry that went away failed everything alike. */
function exitCodeOfFailures(codes: readonly number[]): number {
  if (codes.length === 0) return EXIT.done;
  if (codes.includes(EXIT.denied)) return EXIT.denied;
  return codes.every((code) => code === EXIT.unreachable) ? EXIT.unreachable : EXIT.failed;
}
