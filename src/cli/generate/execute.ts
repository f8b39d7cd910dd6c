import { resolve } from "node:path";
import { type GenerateResult, writeBuild } from "../../generator/index.ts";
import type { Invocation } from "../command.ts";
import { type ProcessEdge, throwIfStopped } from "../edge.ts";
import type { FlagValues } from "../flag.ts";
import { createNetwork } from "../network.ts";
import { commandLogger, commandProgress } from "../output.ts";
import { EXIT } from "../report.ts";
import { generateFrom } from "../repository.ts";
import { openSources, readOperand } from "../sources.ts";
import type { generateFlags } from "./flags.ts";
import { checkOfflineFlags, openOffline } from "./offline.ts";
import { countOf, renderReport } from "./render.ts";

type Config = FlagValues<typeof generateFlags>;

/** Runs `devreg generate` and gives its exit code. */
export async function executeGenerate(
  edge: ProcessEdge,
  { config, operands }: Invocation<typeof generateFlags>,
): Promise<number> {
  checkOfflineFlags(config);
  const { build, report } = await generateFromOperands(edge, config, operands);
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

async function generateFromOperands(
  edge: ProcessEdge,
  config: Config,
  words: readonly string[],
): Promise<GenerateResult> {
  const tools = { log: commandLogger(edge), progress: commandProgress(edge) };
  await using closing = new AsyncDisposableStack();
  const operands = [];
  for (const word of words) operands.push(await readOperand(edge, word));
  const network = config.noNetwork ? undefined : createNetwork(edge, config, tools.log);
  closing.defer(async () => network?.close());
  const opened = await openSources(edge, operands, { network, ...tools });
  closing.defer(() => opened.close());
  const access = await network?.open();
  const offline =
    config.offline && access !== undefined
      ? await openOffline(config, access, tools.progress)
      : undefined;
  const { force, onDuplicate } = config;
  return await generateFrom(edge, opened.sources, {
    ...{ force, onDuplicate, access, offline },
    ...tools,
  });
}
