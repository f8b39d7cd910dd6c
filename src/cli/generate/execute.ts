import { resolve } from "node:path";
import { DevregError } from "../../errors.ts";
import { fetchOnce, type GenerateResult, isUnchanged, writeBuild } from "../../generator/index.ts";
import { PhaseClock } from "../../phase-clock.ts";
import type { Invocation } from "../command.ts";
import { type ProcessEdge, throwIfStopped } from "../edge.ts";
import type { FlagValues } from "../flag.ts";
import { createNetwork } from "../network.ts";
import { commandLogger, commandProgress } from "../output.ts";
import { EXIT } from "../report.ts";
import { generateFrom } from "../repository.ts";
import { openSources, readOperand } from "../sources.ts";
import { type CompareBuild, openCompared } from "./diff.ts";
import type { generateFlags } from "./flags.ts";
import { prepareImage, type Tools } from "./image.ts";
import { checkOfflineFlags, openOffline } from "./offline.ts";
import { checkOnlineFlags, openOutside } from "./online.ts";
import { countOf, type GenerateOutcome, type ReportForm, renderReport } from "./render/index.ts";
import { timingLine } from "./timing.ts";

type Config = FlagValues<typeof generateFlags>;

const DEFAULT_OUTPUT = "build";

/** Runs `devreg generate` and gives its exit code. */
export async function executeGenerate(
  edge: ProcessEdge,
  { config, operands }: Invocation<typeof generateFlags>,
): Promise<number> {
  checkOfflineFlags(config);
  checkChangedFlags(config);
  checkOnlineFlags(config);
  // Counted from the start of the process, so that what loading the program takes is seen.
  const clock = new PhaseClock(edge.nowMs, "start", 0);
  const tools = { log: commandLogger(edge), progress: commandProgress(edge), clock };
  const writeImage = await prepareImage(edge, config, tools);
  const compare = await openCompared(edge, config, tools);
  const generated = await generateFromOperands(edge, config, operands, tools, compare);
  const { build: made, report, compared } = generated;
  throwIfStopped(edge);
  const strict = config.warningsAsErrors && countOf(report, "warning") > 0;
  const build = strict && !config.force ? undefined : made;
  const output = build === undefined ? undefined : outputOf(config);
  if (build !== undefined && output !== undefined) {
    await clock.through("write", () => writeBuild(build, resolve(edge.cwd, output)));
    throwIfStopped(edge);
  }
  const image = build === undefined ? undefined : await writeImage?.(build);
  const { force: forced } = config;
  const found = { report, output, image, forced, strict, compared };
  const exitCode = exitCodeOf(config, found);
  const timing = config.timing ? clock.spentMs() : undefined;
  printReport(edge, config, { ...found, timing, exitCode });
  return exitCode;
}

/** What is looked at is a part of a registry, which is no build. */
function checkChangedFlags({ changedSince, check, diff }: Config): void {
  if (changedSince === undefined) return;
  if (!check) {
    throw new DevregError("USAGE", "Cannot make a build of what changed: --changed-since checks", {
      hint: "Add --check, or leave --changed-since out",
    });
  }
  if (diff === undefined) return;
  throw new DevregError(
    "USAGE",
    "Cannot compare a part of a registry: --changed-since and --diff",
    {
      hint: "Give one of them",
    },
  );
}

/** Differences that were asked for show in the exit code, but never hide what is wrong. */
function exitCodeOf(
  { force, platform }: Config,
  { report, image, strict, compared }: Omit<GenerateOutcome, "exitCode">,
): number {
  const failed =
    strict === true ||
    report.leftOut.length > 0 ||
    (!force && countOf(report, "error") > 0) ||
    (platform.length > 0 && image !== undefined && image.leftOut.length > 0);
  if (failed) return EXIT.failed;
  const differs = compared?.diff !== undefined && !isUnchanged(compared.diff);
  return differs ? EXIT.differences : EXIT.done;
}

function printReport(edge: ProcessEdge, { format }: Config, outcome: GenerateOutcome): void {
  const form = formOf(edge);
  edge.stdout.write(renderReport(outcome, { format, ...form }));
  // A release note is the result; what was found is for who makes it.
  if (format === "markdown") {
    const { compared, ...rest } = outcome;
    const shown = compared?.diff === undefined ? outcome : rest;
    edge.stderr.write(renderReport(shown, { ...form, format: "text" }));
  }
  if (outcome.timing !== undefined) edge.stderr.write(timingLine(outcome.timing));
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
  compare: CompareBuild | undefined,
): Promise<GenerateResult & Pick<GenerateOutcome, "compared">> {
  await using closing = new AsyncDisposableStack();
  const operands = [];
  for (const word of words) operands.push(await readOperand(edge, word));
  const network = config.noNetwork ? undefined : createNetwork(edge, config, tools.log);
  closing.defer(async () => network?.close());
  const opened = await openSources(edge, operands, { network, ...tools });
  closing.defer(() => opened.close());
  const world = await network?.open();
  // What devfiles are judged by is what an offline build brings.
  const access = world && { ...world, fetchDevfile: fetchOnce(world.fetchDevfile) };
  const offline =
    config.offline && access !== undefined
      ? await openOffline(config, access, tools.progress)
      : undefined;
  const asked = await openOutside(edge, config, access, tools);
  closing.defer(async () => asked?.close());
  const { force, onDuplicate, publicUrl, alsoKnownAs, changedSince } = config;
  const result = await generateFrom(edge, opened.sources, {
    ...{ force, onDuplicate, publicUrl, alsoKnownAs, changedSince, access, offline },
    online: asked?.outside,
    ...tools,
  });
  // An older build may lie where the new one will, so it is compared before that is written.
  return { ...result, compared: await compare?.(result.build, access) };
}
