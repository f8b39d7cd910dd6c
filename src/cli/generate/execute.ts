import { resolve } from "node:path";
import { writeBuild } from "../../generator/index.ts";
import type { Invocation } from "../command.ts";
import { type ProcessEdge, throwIfStopped } from "../edge.ts";
import { folderOf } from "../input.ts";
import { commandLogger, commandProgress } from "../output.ts";
import { EXIT } from "../report.ts";
import { generateFrom } from "../repository.ts";
import type { generateFlags } from "./flags.ts";
import { checkOfflineFlags, openOfflineAccess } from "./offline-access.ts";
import { countOf, renderReport } from "./render.ts";

/** Runs `devreg generate` and gives its exit code. */
export async function executeGenerate(
  edge: ProcessEdge,
  { config, operands }: Invocation<typeof generateFlags>,
): Promise<number> {
  checkOfflineFlags(config);
  const tools = { log: commandLogger(edge), progress: commandProgress(edge) };
  const access = config.offline ? await openOfflineAccess(edge, config, tools) : undefined;
  const { build, report } = await generateFrom(edge, folderOf(edge, operands[0] ?? "."), {
    force: config.force,
    network: !config.noNetwork,
    caFile: config.caFile,
    ...(access === undefined ? {} : { offline: access.makeOffline }),
    ...tools,
  }).finally(() => access?.close());
  throwIfStopped(edge);
  const output =
    build !== undefined && !config.check ? resolve(edge.cwd, config.output) : undefined;
  if (build !== undefined && output !== undefined) await writeBuild(build, output);
  const failed = report.leftOut.length > 0 || (!config.force && countOf(report, "error") > 0);
  const exitCode = failed ? EXIT.failed : EXIT.done;
  const shown = output === undefined ? undefined : config.output;
  edge.stdout.write(renderReport(report, { output: shown, exitCode }, config.format));
  return exitCode;
}
