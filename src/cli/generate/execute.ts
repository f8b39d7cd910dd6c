import { resolve } from "node:path";
import { type GenerateResult, writeBuild } from "../../generator/index.ts";
import { PhaseClock } from "../../phase-clock.ts";
import type { Invocation } from "../command.ts";
import { type ProcessEdge, throwIfStopped } from "../edge.ts";
import type { FlagValues } from "../flag.ts";
import { createNetwork } from "../network.ts";
import { commandLogger, commandProgress } from "../output.ts";
import { EXIT } from "../report.ts";
import { generateFrom } from "../repository.ts";
import { openSources, readOperand } from "../sources.ts";
import type { generateFlags } from "./flags.ts";
import { prepareImage, type Tools } from "./image.ts";
import { checkOfflineFlags, openOffline } from "./offline.ts";
import { countOf, type ReportForm, renderReport } from "./render/index.ts";
import { timingLine } from "./timing.ts";

type Config = FlagValues<typeof generateFlags>;

const DEFAULT_OUTPUT = "build";

/** Runs `devreg generate` and gives its exit code. */
export async function executeGenerate(
  edge: ProcessEdge,
  { config, operands }: Invocation<typeof generateFlags>,
): Promise<number> {
  checkOfflineFlags(config);
  // Counted from the start of the process, so that what loading the program takes is seen.
  const clock = new PhaseClock(edge.nowMs, "start", 0);
  const tools = { log: commandLogger(edge), progress: commandProgress(edge), clock };
  const writeImage = await prepareImage(edge, config, tools);
  const { build: made, report } = await generateFromOperands(edge, config, operands, tools);
  throwIfStopped(edge);
  const strict = config.warningsAsErrors && countOf(report, "warning") > 0;
  const build = strict && !config.force ? undefined : made;
  const output = build === undefined ? undefined : outputOf(config);
  if (build !== undefined && output !== undefined) {
    await clock.through("write", () => writeBuild(build, resolve(edge.cwd, output)));
    throwIfStopped(edge);
  }
  const image = build === undefined ? undefined : await writeImage?.(build);
  const failed =
    strict ||
    report.leftOut.length > 0 ||
    (!config.force && countOf(report, "error") > 0) ||
    (config.platform.length > 0 && image !== undefined && image.leftOut.length > 0);
  const exitCode = failed ? EXIT.failed : EXIT.done;
  const { force: forced, format } = config;
  edge.stdout.write(
    renderReport({ report, output, image, forced, strict, exitCode }, { format, ...formOf(edge) }),
  );
  if (config.timing) edge.stderr.write(timingLine(clock.spentMs()));
  return exitCode;
}

/** What is not read on a terminal is not broken into lines; annotations count from the checkout. */
function formOf({ stdout, env, cwd }: ProcessEdge): Omit<ReportForm, "format"> {
  return {
    columns: stdout.isTerminal ? stdout.columns : undefined,
    workspace: env["GITHUB_WORKSPACE"] || cwd,
  };
}

/** A user who asks for an image has no use for a folder, unless it was named. */
function outputOf({ check, image, output }: Config): string | undefined {
  if (check) return undefined;
  return output ?? (image === undefined ? DEFAULT_OUTPUT : undefined);
}

async function generateFromOperands(
  edge: ProcessEdge,
  config: Config,
  words: readonly string[],
  tools: Tools & { readonly clock: PhaseClock },
): Promise<GenerateResult> {
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
  const { force, onDuplicate, publicUrl, alsoKnownAs } = config;
  return await generateFrom(edge, opened.sources, {
    ...{ force, onDuplicate, publicUrl, alsoKnownAs, access, offline },
    ...tools,
  });
}
