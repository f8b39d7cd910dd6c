import { DevregError } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { StartProgress } from "../progress.ts";
import type { Build, BuildInfo, BuildSource } from "./build.ts";
import { buildExtraEntry, buildStackEntry, type DateOf } from "./build-index.ts";
import { countEntries } from "./build-info.ts";
import { compareIndex } from "./compare-index.ts";
import { type Finding, hasErrors, sortFindings, withoutEchoes } from "./findings.ts";
import { assembleBuild } from "./generate-build.ts";
import { iconWarnings, storeIndexIcons } from "./generate-icons.ts";
import type { GitHistory } from "./git-history.ts";
import type { IconFetcher } from "./icons.ts";
import type { RegistryIndex } from "./index-schema.ts";
import { inspectRepository } from "./inspect.ts";
import { type PackagedStacks, packageVersions } from "./package-versions.ts";
import { choosePublishable, type Publishable } from "./publishable.ts";
import { type ReadHistory, readDates } from "./read-dates.ts";
import type { Repository } from "./repository.ts";
import type { StackSource } from "./stack-source.ts";
import { type PlacedEntry, validate } from "./validate/index.ts";

/** What `generate` works from. */
export interface GenerateOptions {
  /** The registry repositories; one for now. */
  readonly sources: readonly StackSource[];
  /** Publishes in spite of errors, leaving out what is broken. */
  readonly force: boolean;
  /** Absent when no socket may be opened; the report then says what was not checked. */
  readonly icons?: IconFetcher;
  readonly history?: ReadHistory;
  readonly toolVersion: string;
  readonly log: Logger;
  readonly progress: StartProgress;
}

/** What `generate` found. */
export interface GenerateReport {
  /** Sorted by file and position. */
  readonly findings: readonly Finding[];
  /** What was not looked at because the network was not to be used. */
  readonly notChecked: readonly string[];
  readonly counts: BuildInfo["counts"];
  /** Stack versions and samples that the build lacks although the repository names them. */
  readonly leftOut: readonly string[];
  readonly sources: readonly BuildSource[];
}

/** A build, unless errors forbid it, and what was found. */
export interface GenerateResult {
  /** In memory; undefined when there are errors and they were not overruled. */
  readonly build: Build | undefined;
  readonly report: GenerateReport;
}

/**
 * Generates a build from a registry repository: inspects, validates and packages it, all problems
 * of all files in one run. The same repository gives the same bytes.
 *
 * @throws {DevregError} NOT_FOUND, IO, LIMIT_EXCEEDED when the repository cannot be listed;
 *   UNSUPPORTED for several repositories
 */
export async function generate(options: GenerateOptions): Promise<GenerateResult> {
  const { log, force } = options;
  const source = onlySource(options.sources);
  const { repository, findings: seen } = await inspectRepository(source);
  const publishable = choosePublishable(repository);
  const packaged = await packagePhase(options, source, publishable);
  const dates = await readDates(options.history, repository, publishable);
  const entries = buildEntries(repository, packaged, publishable, dates.dateOf);
  const index = entries.map(({ entry }) => entry);
  const findings = [
    ...seen,
    ...packaged.findings,
    ...dates.findings,
    ...withoutEchoes(validate(repository, entries), seen),
    ...(await compareIndex(source, index)),
  ];
  const sources = [describeSource(source, dates.history)];
  const refused = hasErrors(findings) && !force;
  log.debug("repository inspected", { findings: findings.length, entries: index.length });
  if (refused) return refusal(index, findings, sources);
  const icons = await storeIndexIcons(index, options);
  const build = await assembleBuild({
    index,
    stacks: packaged.stacks,
    files: packaged.files,
    extras: publishable.extras,
    icons,
    sources,
    toolVersion: options.toolVersion,
  });
  return {
    build,
    report: {
      findings: sortFindings([...findings, ...iconWarnings(entries, icons)]),
      notChecked: icons.notChecked,
      counts: build.info.counts,
      leftOut: [...publishable.leftOut, ...packaged.leftOut],
      sources,
    },
  };
}

async function packagePhase(
  options: GenerateOptions,
  source: StackSource,
  publishable: Publishable,
): Promise<PackagedStacks> {
  const progress = options.progress("Packaging stack versions");
  try {
    return await packageVersions(source, publishable.stacks, progress);
  } finally {
    progress.end();
  }
}

function onlySource(sources: readonly StackSource[]): StackSource {
  const [source, ...more] = sources;
  if (source !== undefined && more.length === 0) return source;
  throw new DevregError(
    "UNSUPPORTED",
    `Cannot generate from ${sources.length} registry repositories: one is read at a time`,
    { hint: "Give one repository" },
  );
}

function refusal(
  index: RegistryIndex,
  findings: readonly Finding[],
  sources: readonly BuildSource[],
): GenerateResult {
  const counts = { ...countEntries(index), icons: 0, iconsMissing: 0 };
  const report = { notChecked: [], counts, leftOut: [], sources };
  return { build: undefined, report: { ...report, findings: sortFindings(findings) } };
}

function buildEntries(
  repository: Repository,
  { stacks, files }: PackagedStacks,
  { extras }: Publishable,
  dateOf: DateOf,
): PlacedEntry[] {
  return [
    ...stacks.map((stack) => ({
      entry: buildStackEntry(stack, dateOf, (version) =>
        (files.get(version) ?? []).map(({ name }) => name),
      ),
      at: {
        file:
          stack.source.stackYaml?.path ??
          stack.versions[0]?.source.devfile?.path ??
          repository.name,
      },
    })),
    ...extras.map((extra) => ({
      entry: buildExtraEntry(extra, dateOf),
      at: extra.source.entry.node.position(),
    })),
  ];
}

function describeSource({ name }: StackSource, history: GitHistory | undefined): BuildSource {
  if (history === undefined || history.dirty) return { url: name };
  return { url: name, commit_hash: history.commit_hash, commit_time: history.commit_time };
}
