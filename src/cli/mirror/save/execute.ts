import { resolve } from "node:path";
import {
  type BundleWriter,
  contentOf,
  distinctBytes,
  type EarlierBundle,
  openBundleWriter,
  openEarlier,
  requireSpace,
  type SavedBundle,
  saveBundle,
} from "../../../airgap/index.ts";
import { DevregError } from "../../../errors.ts";
import type { Invocation } from "../../command.ts";
import { type ProcessEdge, throwIfStopped } from "../../edge.ts";
import { commandLogger, commandProgress } from "../../output.ts";
import { preparePlan } from "../prepare.ts";
import { planRegistryImage } from "../registry-image.ts";
import { exitCodeOfItems, renderOutcome } from "../render.ts";
import { openReport } from "../report-file.ts";
import { preparedFindings, preparedNotes } from "../target.ts";
import { bundleExecutable } from "./bundle-executable.ts";
import { type Destination, destinationOf } from "./destination.ts";
import type { saveFlags } from "./flags.ts";

/** Runs `devreg mirror save` and gives its exit code. */
export async function executeSave(
  edge: ProcessEdge,
  { config, operands }: Invocation<typeof saveFlags>,
): Promise<number> {
  const destination = destinationOf(edge, config);
  refuseSameFile(edge, config.report, destination);
  const tools = { log: commandLogger(edge), progress: commandProgress(edge) };
  await using closing = new AsyncDisposableStack();
  await using prepared = await preparePlan(edge, config, operands, tools);
  const { plan, registries } = prepared;
  const executable = await bundleExecutable(edge, config);
  const needBytes = distinctBytes(plan.images) + (executable?.size ?? 0);
  if (destination.volume !== undefined) await requireSpace(destination.volume, needBytes);
  const report = await openReport(edge, config.report, tools.log);
  const writer = await openBundleWriter({
    output: destination.output,
    planned: [...contentOf(plan.images)],
    executable,
    spoolFolder: await destination.openSpool(closing),
    signal: edge.stopped,
  });
  const earlier = await openEarlier(destination.output, tools.log);
  const { notes, ...saved } = await finishing(writer, earlier, async () => {
    const { registry } = writer;
    const image = await planRegistryImage(edge, config, prepared, registry, earlier?.registry);
    const done = await saveBundle({
      ...tools,
      earlier: earlier?.registry,
      plan,
      build: prepared.offline,
      source: registries.source,
      writer,
      putImage: image.putImage,
      items: report.items,
      nowMs: edge.nowMs,
      signal: edge.stopped,
    });
    return { ...done, notes: image.notes };
  });
  throwIfStopped(edge);
  const leftOut = [...prepared.leftOut, ...saved.leftOut];
  const items = report.items.list();
  const findings = preparedFindings(prepared);
  const outcome = {
    items,
    findings,
    leftOut,
    notes: [...preparedNotes(prepared), ...notes],
    closing: closingLines(saved, destination),
    exitCode: exitCodeOfItems(items, leftOut, findings),
  };
  destination.tell(renderOutcome(outcome, config.format));
  await report.end(outcome);
  return outcome.exitCode;
}

function refuseSameFile(
  { cwd }: ProcessEdge,
  report: string | undefined,
  { volume }: Destination,
): void {
  if (report === undefined || resolve(cwd, report) !== volume) return;
  throw new DevregError("USAGE", `Cannot write the report to "${report}": that is the bundle`, {
    hint: "Name another file: --report FILE",
  });
}

/** Leaves what was written in a state that the next run can go on from. */
async function finishing<Value>(
  writer: BundleWriter,
  earlier: EarlierBundle | undefined,
  save: () => Promise<Value>,
): Promise<Value> {
  try {
    return await save();
  } catch (error) {
    await writer.abort();
    throw error;
  } finally {
    await earlier?.close();
  }
}

function closingLines({ bundle }: SavedBundle, { shown }: Destination): readonly string[] {
  if (bundle === undefined) return ["wrote no bundle"];
  const load =
    shown === undefined
      ? "load it with: devreg mirror load - --to HOST[:PORT][/PREFIX]"
      : `load it with: devreg mirror load ${shown} --to HOST[:PORT][/PREFIX]`;
  return [`wrote ${shown ?? "the bundle"} (${bundle.digest})`, load];
}
