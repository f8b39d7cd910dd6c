import { mirrorToRegistry, planFailures } from "../../../airgap/index.ts";
import { parseReference } from "../../../oci-client/index.ts";
import type { Invocation } from "../../command.ts";
import { type ProcessEdge, throwIfStopped } from "../../edge.ts";
import { commandLogger, commandProgress } from "../../output.ts";
import { preparePlan } from "../prepare.ts";
import { planRegistryImage } from "../registry-image.ts";
import { renderOutcome } from "../render.ts";
import { openReport } from "../report-file.ts";
import {
  preparedFindings,
  preparedNotes,
  registryOutcome,
  requireTarget,
  targetOf,
} from "../target.ts";
import type { copyFlags } from "./flags.ts";

/** Runs `devreg mirror copy` and gives its exit code. */
export async function executeCopy(
  edge: ProcessEdge,
  { config, operands }: Invocation<typeof copyFlags>,
): Promise<number> {
  const location = requireTarget("mirror copy", config.to);
  const tools = { log: commandLogger(edge), progress: commandProgress(edge) };
  await using prepared = await preparePlan(edge, config, operands, tools);
  const { plan, registries } = prepared;
  const target = targetOf(config, location, registries.target(location));
  await target.registry.ping();
  const image = await planRegistryImage(edge, config, prepared, target.registry);
  const report = await openReport(edge, config.report, tools.log);
  const done = await mirrorToRegistry({
    ...tools,
    lock: plan.lock,
    rules: prepared.rules,
    images: plan.images.map(({ locked, graph }) => {
      const { registry, repository } = parseReference(locked.image);
      return { locked, graph, source: registries.source(registry).repository(repository) };
    }),
    failures: planFailures(plan),
    build: prepared.offline,
    target,
    putImage: image.putImage,
    items: report.items,
    nowMs: edge.nowMs,
    signal: edge.stopped,
  });
  throwIfStopped(edge);
  const leftOut = [...prepared.leftOut, ...done.leftOut];
  const notes = [...preparedNotes(prepared), ...image.notes];
  const outcome = registryOutcome(
    report.items.list(),
    { ...done, leftOut },
    target,
    notes,
    preparedFindings(prepared),
  );
  edge.stdout.write(renderOutcome(outcome, config.format));
  await report.end(outcome);
  return outcome.exitCode;
}
