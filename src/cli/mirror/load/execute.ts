import { keepRegistryImage, loadBundle } from "../../../airgap/index.ts";
import { STOP_GRACE_MS } from "../../../limits.ts";
import type { Invocation } from "../../command.ts";
import { type ProcessEdge, throwIfStopped } from "../../edge.ts";
import { commandLogger, commandProgress } from "../../output.ts";
import { openRegistries } from "../registries.ts";
import { renderOutcome } from "../render.ts";
import { openReport } from "../report-file.ts";
import { leftOutNotes, registryOutcome, requireTarget, targetOf } from "../target.ts";
import type { loadFlags } from "./flags.ts";
import { openOperand } from "./receive.ts";

/** Runs `devreg mirror load` and gives its exit code. */
export async function executeLoad(
  edge: ProcessEdge,
  { config, operands }: Invocation<typeof loadFlags>,
): Promise<number> {
  const location = requireTarget("mirror load", config.to);
  const log = commandLogger(edge);
  await using closing = new AsyncDisposableStack();
  const bundle = await openOperand(edge, operands[0] ?? "", config.cacheDir, closing);
  const registries = await openRegistries(edge, config, log, STOP_GRACE_MS);
  closing.defer(() => registries.close());
  const target = targetOf(config, location, registries.target(location));
  await target.registry.ping();
  const report = await openReport(edge, config.report, log);
  const done = await loadBundle({
    bundle,
    target,
    putImage: await keepRegistryImage(bundle.registry, target.registry),
    items: report.items,
    log,
    progress: commandProgress(edge),
    nowMs: edge.nowMs,
    signal: edge.stopped,
  });
  throwIfStopped(edge);
  const notes = leftOutNotes(bundle.lock);
  const outcome = registryOutcome(report.items.list(), done, target, notes);
  edge.stdout.write(renderOutcome(outcome, config.format));
  await report.end(outcome);
  return outcome.exitCode;
}
