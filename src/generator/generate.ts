import { invariant } from "../assert.ts";
import { DevregError } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { StartProgress } from "../progress.ts";
import type { Build, BuildInfo, BuildSource } from "./build.ts";
import { countEntries } from "./build-info.ts";
import { chooseEntries, type OnDuplicate } from "./duplicates.ts";
import { type Finding, hasErrors, sortFindings } from "./findings.ts";
import { assembleBuild } from "./generate-build.ts";
import { iconWarnings, storeIndexIcons } from "./generate-icons.ts";
import type { IconFetcher } from "./icons.ts";
import { inspectRepository } from "./inspect.ts";
import { entriesOf, type MergedContent, mergeContents } from "./merge-content.ts";
import type { RegistrySource } from "./registry-source.ts";
import { readContent, type SourceContent } from "./source-content.ts";

/** What `generate` works from. */
export interface GenerateOptions {
  /** The registry repositories, at least one; their order is that of the index. */
  readonly sources: readonly RegistrySource[];
  /** What becomes of a stack or sample that several sources have; an error unless told. */
  readonly onDuplicate?: OnDuplicate;
  /** Publishes in spite of errors, leaving out what is broken. */
  readonly force: boolean;
  /** Absent when no socket may be opened; the report then says what was not checked. */
  readonly icons?: IconFetcher;
  readonly toolVersion: string;
  readonly log: Logger;
  readonly progress: StartProgress;
}

/** What `generate` found. */
export interface GenerateReport {
  /** Sorted by source, file and position. */
  readonly findings: readonly Finding[];
  /** What was not looked at because the network was not to be used. */
  readonly notChecked: readonly string[];
  readonly counts: BuildInfo["counts"];
  /** Stack versions and samples that the build lacks although a source names them. */
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
 * Generates one build from registry repositories: inspects, validates and packages them, all
 * problems of all files in one run. The same repositories give the same bytes.
 *
 * @throws {DevregError} NOT_FOUND, IO, LIMIT_EXCEEDED when a repository cannot be listed; USAGE
 *   without one
 */
export async function generate(options: GenerateOptions): Promise<GenerateResult> {
  const merged = await readSources(options);
  const entries = entriesOf(merged);
  const index = entries.map(({ entry }) => entry);
  const refused = hasErrors(merged.findings) && !options.force;
  options.log.debug("repositories inspected", {
    findings: merged.findings.length,
    entries: index.length,
  });
  if (refused) return refusal(merged);
  const icons = await storeIndexIcons(index, options);
  const build = await assembleBuild({
    index,
    stacks: merged.stacks,
    files: merged.files,
    extras: merged.extras,
    icons,
    sources: merged.sources,
    toolVersion: options.toolVersion,
  });
  return {
    build,
    report: {
      findings: sortFindings([...merged.findings, ...iconWarnings(entries, icons)]),
      notChecked: icons.notChecked,
      counts: build.info.counts,
      leftOut: merged.leftOut,
      sources: merged.sources,
    },
  };
}

async function readSources(options: GenerateOptions): Promise<MergedContent> {
  const { sources, onDuplicate = "error" } = options;
  if (sources.length === 0) {
    throw new DevregError("USAGE", "Cannot generate: there is no registry repository");
  }
  const inspections = [];
  for (const { files } of sources) inspections.push(await inspectRepository(files));
  const chosen = chooseEntries(inspections, onDuplicate);
  const contents: SourceContent[] = [];
  for (const [at, source] of sources.entries()) {
    const inspection = chosen[at];
    invariant(inspection !== undefined, "every source was inspected");
    contents.push(await readContent(source, inspection, options));
  }
  return mergeContents(
    contents,
    sources.map(({ files }) => files.name),
  );
}

function refusal(merged: MergedContent): GenerateResult {
  const { findings, sources } = merged;
  const index = entriesOf(merged).map(({ entry }) => entry);
  const counts = { ...countEntries(index), icons: 0, iconsMissing: 0 };
  const report = { notChecked: [], counts, leftOut: [], sources };
  return { build: undefined, report: { ...report, findings: sortFindings(findings) } };
}
