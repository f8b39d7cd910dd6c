import { invariant } from "../assert.ts";
import { DevregError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { idleClock, type PhaseClock } from "../phase-clock.ts";
import type { StartProgress } from "../progress.ts";
import type { Build, BuildInfo, BuildSource, OfflineInfo } from "./build.ts";
import { countEntries } from "./build-info.ts";
import { type ChangedPart, type ChangedScope, changedPart, chooseScopes } from "./changed/index.ts";
import { type ChosenInspection, chooseEntries, type OnDuplicate } from "./duplicates.ts";
import { type Finding, hasErrors, sortFindings } from "./findings.ts";
import { assembleBuild } from "./generate-build.ts";
import { iconWarnings, storeIndexIcons, withRemoteIcons } from "./generate-icons.ts";
import type { IconFetcher } from "./icons.ts";
import {
  type ImportOptions,
  PUBLIC_REGISTRIES,
  resolveImports,
  type SourceImports,
} from "./imports/index.ts";
import { inspectRepository } from "./inspect.ts";
import { entriesOf, type MergedContent, mergeContents } from "./merge-content.ts";
import type { FindImages } from "./named-images.ts";
import type { OfflineContent } from "./offline/index.ts";
import { type Outside, OutsideOnce } from "./online/index.ts";
import type { OpenProject } from "./open-project.ts";
import type { StackArtifacts } from "./pack-stack.ts";
import type { RegistrySource } from "./registry-source.ts";
import { fetchRemoteContent } from "./remote-content.ts";
import type { RemoteContentOptions } from "./remote-options.ts";
import type { Extra, Stack } from "./repository.ts";
import { allLeftovers, allOverruled, judgeAll, type Overruled } from "./rules/index.ts";
import { type FetchedSource, readContent, type SourceContent } from "./source-content.ts";
import { timedSource } from "./timed-source.ts";
import { judgeAtOnce } from "./validate/index.ts";

/** What `generate` works from. */
export interface GenerateOptions {
  /** The registry repositories, at least one; their order is that of the index. */
  readonly sources: readonly RegistrySource[];
  /** What becomes of a stack or sample that several sources have; an error unless told. */
  readonly onDuplicate?: OnDuplicate;
  /** Publishes in spite of errors, leaving out what is broken. */
  readonly force: boolean;
  /**
   * Looks only at stacks and samples that changed since a revision, and at those that have one of
   * these as parent; the build lacks the others.
   */
  readonly changedSince?: string | undefined;
  /** Absent when no socket may be opened; the report then says what was not checked. */
  readonly icons?: IconFetcher;
  /** Fetches what lies in other repositories; absent when no socket may be opened. */
  readonly openProject?: OpenProject;
  /** How parents and plugins are found; without network and under no other address unless told. */
  readonly imports?: ImportOptions;
  /** Finds images in the files of a build; needed where a source has rules about images. */
  readonly findImages?: FindImages | undefined;
  /** Asked whether what devfiles point at is there; absent where nothing is to be asked. */
  readonly online?: Outside | undefined;
  /** Brings what the content points at into the build, and lets it point there. */
  readonly offline?: (content: MergedContent) => Promise<OfflineContent>;
  readonly toolVersion: string;
  /** Told how long reading, parsing, packaging, validating and indexing take. */
  readonly clock?: PhaseClock | undefined;
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
  /** Absent when all of the sources was looked at. */
  readonly changed?: ChangedPart;
  /** What rules of the repositories themselves took away; absent when they have none. */
  readonly overruled?: Overruled;
  /** Of an offline build. */
  readonly offline?: OfflineInfo;
}

/** A build, unless errors forbid it, and what was found. */
export interface GenerateResult {
  /** In memory; undefined when there are errors and they were not overruled. */
  readonly build: Build | undefined;
  /** What the stack versions of the build are in a registry. */
  readonly artifacts?: StackArtifacts;
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
  const { clock = idleClock() } = options;
  const read = await readSources(options, clock);
  options.log.debug("repositories inspected", {
    findings: read.findings.length,
    entries: entriesOf(read).length,
  });
  if (hasErrors(read.findings) && !options.force) return refusal(read);
  const offline = await options.offline?.(read);
  const content = offline?.content ?? read;
  if (hasErrors(content.findings) && !options.force) return refusal(content);
  const entries = entriesOf(content);
  const index = entries.map(({ entry }) => entry);
  const indexIcons = offline?.icons ?? (await storeIndexIcons(index, options));
  const icons = withRemoteIcons(indexIcons, content.icons);
  const late = judgeAll(content.ownRules, iconWarnings(entries, icons));
  // Of what is looked at in part, another part may need an exemption.
  const unused = read.changed === undefined ? allLeftovers(content.ownRules, "unused") : [];
  const findings = sortFindings([...content.findings, ...late, ...unused]);
  if (hasErrors(findings) && !options.force) return refusal({ ...content, findings });
  const { stacks, files, extras, sources } = content;
  const { toolVersion } = options;
  const parts = { index, stacks, files, extras, icons, sources, toolVersion };
  const more = { more: offline?.more, offline: offline?.info };
  const assembled = await clock.through("index", () => assembleBuild({ ...parts, ...more }));
  const { build, artifacts } = assembled;
  return {
    build,
    artifacts,
    report: {
      findings: withKept(findings, content),
      notChecked: [...content.notChecked, ...icons.notChecked],
      counts: build.info.counts,
      leftOut: content.leftOut,
      sources,
      ...partOf(content),
      ...(offline === undefined ? {} : { offline: offline.info }),
    },
  };
}

async function readSources(options: GenerateOptions, clock: PhaseClock): Promise<MergedContent> {
  const { onDuplicate = "error", openProject: open, progress } = options;
  const sources = options.sources.map((each) => ({
    ...each,
    files: timedSource(each.files, clock),
  }));
  if (sources.length === 0) {
    throw new DevregError("USAGE", "Cannot generate: there is no registry repository");
  }
  // Of what is looked at in part, most need not be judged.
  const judge = (entry: Stack | Extra) =>
    options.changedSince ?? clock.count("validate", () => judgeAtOnce(entry));
  const inspections = [];
  for (const { files } of sources) {
    inspections.push(await clock.through("parse", () => inspectRepository(files, judge)));
  }
  const chosen = chooseEntries(inspections, onDuplicate);
  // An offline build promises all; any other does without.
  const severity = options.offline === undefined ? "warning" : "error";
  const remote: RemoteContentOptions = { open, severity, progress };
  const scopes = await scopesOf(sources, chosen, options);
  const fetched = [];
  for (const [at, source] of sources.entries()) {
    const [inspection, scope] = [chosen[at], scopes?.[at]];
    invariant(inspection !== undefined, "every source was inspected");
    const { repository } = scope ?? inspection;
    const content = await fetchRemoteContent(repository, remote);
    fetched.push({ source, inspection, remote: content, scope });
  }
  const imports = await resolveAll(fetched, options, clock);
  const contents: SourceContent[] = [];
  const online = options.online && new OutsideOnce(options.online);
  const asking = { findImages: options.findImages, online };
  for (const [at, each] of fetched.entries()) {
    const found = imports[at];
    invariant(found !== undefined, "the imports of every source were resolved");
    contents.push(await readContent({ ...each, imports: found }, { ...asking, clock, progress }));
  }
  const names = sources.map(({ files }) => files.name);
  const merged = mergeContents(contents, names);
  const { changedSince: since } = options;
  if (since === undefined || scopes === undefined) return merged;
  return { ...merged, changed: changedPart(since, scopes) };
}

async function scopesOf(
  sources: readonly RegistrySource[],
  chosen: readonly ChosenInspection[],
  { changedSince }: GenerateOptions,
): Promise<readonly ChangedScope[] | undefined> {
  if (changedSince === undefined) return undefined;
  const repositories = chosen.map(({ repository }) => repository);
  return await chooseScopes(sources, repositories, changedSince);
}

function partOf({
  changed,
  ownRules,
}: MergedContent): Pick<GenerateReport, "changed" | "overruled"> {
  const overruled = allOverruled(ownRules);
  return {
    ...(changed === undefined ? {} : { changed }),
    ...(overruled === undefined ? {} : { overruled }),
  };
}

function resolveAll(
  fetched: readonly Omit<FetchedSource, "imports">[],
  { imports = { alsoKnownAs: PUBLIC_REGISTRIES } }: GenerateOptions,
  clock: PhaseClock,
): Promise<readonly SourceImports[]> {
  const sources = fetched.map(({ source: { files }, remote: { repository }, scope }) => ({
    files,
    repository,
    whole: scope?.whole,
  }));
  return clock.through("parse", () => resolveImports(sources, imports));
}

function refusal(merged: MergedContent): GenerateResult {
  const { findings, notChecked, sources } = merged;
  const index = entriesOf(merged).map(({ entry }) => entry);
  const counts = { ...countEntries(index), icons: 0, iconsMissing: 0 };
  const report = { notChecked, counts, leftOut: [], sources, ...partOf(merged) };
  return { build: undefined, report: { ...report, findings: withKept(findings, merged) } };
}

function withKept(findings: readonly Finding[], { ownRules }: MergedContent): Finding[] {
  return sortFindings([...findings, ...allLeftovers(ownRules, "kept")]);
}
