import type { MirrorLock } from "../../../airgap/index.ts";
import { invariant } from "../../../assert.ts";
import { DevregError, formatIssue } from "../../../errors.ts";
import {
  type Build,
  type FetchRecord,
  type Finding,
  type GenerateReport,
  type GenerateResult,
  generate,
  keepVersions,
  type RecordableDeps,
  type RegistrySource,
  recordFetches,
} from "../../../generator/index.ts";
import type { Logger } from "../../../log.ts";
import type { StartProgress } from "../../../progress.ts";
import type { ProcessEdge } from "../../edge.ts";
import { findImages } from "../../find-images.ts";
import type { FlagValues } from "../../flag.ts";
import { namesOfRegistry, type OfflineConfig, openOffline } from "../../generate/offline.ts";
import { createNetwork, type NetworkConfig } from "../../network.ts";
import { InputRefused } from "../../report.ts";
import { cacheProjects } from "../../serve/project-cache.ts";
import { openSources, readOperand } from "../../sources.ts";
import type { contentFlags } from "../flags.ts";
import { chooseContent, onlyEntriesOf, versionsOf } from "./choose-content.ts";

/** What a command logs to and shows its progress by. */
export interface Tools {
  readonly log: Logger;
  readonly progress: StartProgress;
}

/** The builds that a mirror is planned from. */
export interface PlanBuilds {
  /** With devfiles as their authors wrote them. */
  readonly authored: Build;
  /** The same stacks and samples, needing nothing outside. */
  readonly offline: Build;
  readonly fetched: FetchRecord;
  /** Stack versions and samples that failed: "stack go 1.0.0", or the folder of what is no stack. */
  readonly leftOut: readonly string[];
  /** Those that were not asked for, with the reason. */
  readonly excluded: readonly string[];
  readonly findings: readonly Finding[];
  /** Patterns that nothing is called by. */
  readonly unmatched: readonly string[];
}

/** The flags that builds are made by. */
export type BuildsConfig = OfflineConfig &
  NetworkConfig &
  Pick<FlagValues<typeof contentFlags>, "force" | "onDuplicate">;

/** Which content is wanted. */
export interface WantedContent {
  /** Operands. */
  readonly sources: readonly string[];
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly pinned?: MirrorLock | undefined;
}

/**
 * Reads registry repositories, and makes the builds of what is wanted of them. Errors of the
 * repositories refuse them unless forced; what cannot be fetched only leaves out what needs it.
 *
 * @throws {InputRefused} when a repository has errors and is not forced
 * @throws {DevregError} USAGE when nothing is asked for; NETWORK when nothing of it could be fetched;
 *   as reading repositories does
 */
export async function makeBuilds(
  edge: ProcessEdge,
  config: BuildsConfig,
  wanted: WantedContent,
  tools: Tools,
): Promise<PlanBuilds> {
  await using closing = new AsyncDisposableStack();
  const operands = [];
  for (const word of wanted.sources) operands.push(await readOperand(edge, word));
  const network = createNetwork(edge, config, tools.log);
  closing.defer(() => network.close());
  const opened = await openSources(edge, operands, { network, ...tools });
  closing.defer(() => opened.close());
  const { deps, record } = recordFetches(await network.open(), wanted.pinned);
  // Samples and versions elsewhere are read for both builds.
  const access = { ...deps, openProject: cacheProjects(deps.openProject, edge.nowMs) };
  const made = await makeBoth(edge, config, wanted, { ...tools, access, sources: opened.sources });
  return { ...made, fetched: record() };
}

interface Making extends Tools {
  readonly access: RecordableDeps;
  readonly sources: readonly RegistrySource[];
}

async function makeBoth(
  edge: ProcessEdge,
  config: BuildsConfig,
  { include, exclude }: WantedContent,
  { access, sources, log, progress }: Making,
): Promise<Omit<PlanBuilds, "fetched">> {
  const options = { sources, onDuplicate: config.onDuplicate, findImages, log, progress };
  const shared = { ...options, toolVersion: edge.tool.version, openProject: access.openProject };
  const names = { alsoKnownAs: namesOfRegistry(config) };
  const written = await generate({ ...shared, force: config.force });
  const choice = chooseContent(include, exclude);
  const kept = await keepVersions(accepted(written, sources), choice.keeps, names);
  if (kept.build.index.length === 0) throw nothingLeft();
  const offline = await openOffline(config, access, progress);
  const detached = await generate({
    ...shared,
    // What the repositories have wrong was refused above; what is left cannot be fetched.
    force: true,
    icons: access.icons,
    offline: (content) => offline(onlyEntriesOf(content, kept.build)),
  });
  invariant(detached.build !== undefined, "by force there is always a build");
  const keptOffline = await keepVersions(detached.build, versionsOf(kept.build), names);
  if (keptOffline.build.index.length === 0) throw nothingFetched(detached.report);
  const both = await keepVersions(kept.build, versionsOf(keptOffline.build), names);
  return {
    authored: both.build,
    offline: keptOffline.build,
    leftOut: [...written.report.leftOut, ...both.leftOut],
    excluded: kept.leftOut,
    findings: distinctFindings(detached.report, written.report),
    unmatched: choice.unmatched(),
  };
}

function accepted({ build, report }: GenerateResult, sources: readonly RegistrySource[]): Build {
  if (build !== undefined) return build;
  throw new InputRefused(
    sources.map(({ files }) => files.name),
    report.findings,
  );
}

/**
 * Joins what two reports say, each thing once and as the first says it: what cannot be fetched is an
 * error of an offline build, and a warning of the other.
 */
function distinctFindings(...reports: readonly GenerateReport[]): readonly Finding[] {
  const found = new Map<string, Finding>();
  for (const finding of reports.flatMap(({ findings }) => findings)) {
    const { source, file, line, column, rule, message } = finding;
    const key = JSON.stringify([source, file, line, column, rule, message]);
    if (!found.has(key)) found.set(key, finding);
  }
  return [...found.values()];
}

function nothingLeft(): DevregError {
  return new DevregError("USAGE", "Cannot plan a mirror: no stack and no sample is left", {
    hint: "Look at --include and --exclude; a pattern is a name or name@version, * is anything",
  });
}

function nothingFetched({ findings }: GenerateReport): DevregError {
  const first = findings.find(({ severity }) => severity === "error");
  const example = first === undefined ? "" : `; the first: ${formatIssue(first)}`;
  return new DevregError(
    "NETWORK",
    `Cannot plan a mirror: every stack and sample needs what could not be fetched${example}`,
    { hint: "See all of it with: devreg generate REPO --offline --check" },
  );
}
