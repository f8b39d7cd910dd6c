import { resolve } from "node:path";
import {
  compareLocks,
  formatLock,
  type LockDifference,
  lockTable,
  type MirrorPlan,
} from "../../../airgap/index.ts";
import { writeFileAtomic } from "../../../atomic-file.ts";
import type { Invocation } from "../../command.ts";
import { type ProcessEdge, throwIfStopped } from "../../edge.ts";
import type { FlagValues } from "../../flag.ts";
import { commandLogger, commandProgress } from "../../output.ts";
import { EXIT } from "../../report.ts";
import { type PreparedPlan, preparePlan } from "../prepare.ts";
import { exitCodeOfItems } from "../render.ts";
import type { planFlags } from "./flags.ts";
import { readLock } from "./lock-input.ts";
import { renderPlan } from "./render.ts";

const LOCK_FILE = "mirror.lock.json";
/** What is not as it was planned: something has to be done before one can go on. */
const DRIFT = EXIT.unreachable;

/** Runs `devreg mirror plan` and gives its exit code. */
export async function executePlan(
  edge: ProcessEdge,
  { config, operands }: Invocation<typeof planFlags>,
): Promise<number> {
  const former = config.check === undefined ? undefined : await readLock(edge, config.check);
  const tools = { log: commandLogger(edge), progress: commandProgress(edge) };
  await using prepared = await preparePlan(edge, config, operands, tools);
  throwIfStopped(edge);
  const { plan, offline } = prepared;
  const output = await writeLock(edge, config, plan);
  const differences =
    former === undefined ? undefined : drift(compareLocks(former, plan.lock), plan);
  const failed = exitCodeOfPlan(prepared);
  const drifted = (differences ?? []).length > 0;
  const exitCode = failed === EXIT.done && drifted ? DRIFT : failed;
  const table = await lockTable(plan, offline);
  edge.stdout.write(renderPlan({ prepared, table, differences, output, exitCode }, config.format));
  return exitCode;
}

async function writeLock(
  edge: ProcessEdge,
  config: FlagValues<typeof planFlags>,
  { lock }: MirrorPlan,
): Promise<string | undefined> {
  const output = config.output ?? (config.check === undefined ? LOCK_FILE : undefined);
  if (output !== undefined) await writeFileAtomic(resolve(edge.cwd, output), formatLock(lock));
  return output;
}

/** With a lock for operand the digests are those of the lock, and only tags tell what moved. */
function drift(
  differences: readonly LockDifference[],
  { moved }: MirrorPlan,
): readonly LockDifference[] {
  const tags = moved.map(({ image, planned, now }) => ({
    kind: "changed" as const,
    what: "image" as const,
    name: image,
    text: `was ${planned}, ${now === undefined ? "its tag is gone" : `is ${now}`}`,
  }));
  return [...differences, ...tags];
}

function exitCodeOfPlan({ plan, leftOut }: PreparedPlan): number {
  const kind = "image" as const;
  const found = plan.images.map(({ locked }) => ({
    ...{ kind, name: locked.image, state: "done" as const },
  }));
  const failed = plan.failures.map(({ image, error }) => ({
    ...{ kind, name: image, state: "failed" as const, error },
  }));
  const unclear = plan.findings.some(({ severity }) => severity === "error");
  const code = exitCodeOfItems([...found, ...failed], leftOut);
  return code === EXIT.done && unclear ? EXIT.failed : code;
}
