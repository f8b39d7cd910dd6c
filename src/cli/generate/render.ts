import { formatIssue } from "../../errors.ts";
import type { Finding, GenerateReport } from "../../generator/index.ts";
import { escapeUnsafe } from "../../log.ts";
import type { WrittenImage } from "./image.ts";

/** What a generate report says beside what the generator found. */
export interface ReportOutcome {
  /** The folder written; undefined when nothing was. */
  readonly output: string | undefined;
  /** The container image written; undefined when none was. */
  readonly image?: WrittenImage | undefined;
  readonly exitCode: number;
}

/** The forms a generate report can take. */
export type ReportFormat = "text" | "json" | "github";

/** Renders a report of generate in the form asked for, with its last line end. */
export function renderReport(
  report: GenerateReport,
  outcome: ReportOutcome,
  format: ReportFormat,
): string {
  if (format === "json") return `${JSON.stringify(jsonReport(report, outcome), null, 2)}\n`;
  const findings =
    format === "github"
      ? report.findings.map(githubAnnotation)
      : report.findings.flatMap(findingLines);
  // Names of files may hold anything; a line break would forge a line, or a workflow command.
  return `${[...findings, ...summary(report, outcome)].map(escapeUnsafe).join("\n")}\n`;
}

/** Counts findings of one severity. */
export function countOf(report: GenerateReport, severity: Finding["severity"]): number {
  return report.findings.filter((finding) => finding.severity === severity).length;
}

function findingLines(finding: Finding): string[] {
  const line = `${finding.severity}: ${formatIssue(finding)} [${finding.rule}]`;
  return finding.hint === undefined ? [line] : [line, `  hint: ${finding.hint}`];
}

/** A workflow command that shows as an annotation in a pull request. */
function githubAnnotation(finding: Finding): string {
  const place = [
    `file=${escapeProperty(finding.file)}`,
    ...(finding.line === undefined ? [] : [`line=${finding.line}`, `col=${finding.column ?? 1}`]),
    `title=${escapeProperty(finding.rule)}`,
  ].join(",");
  const source = finding.source === undefined ? "" : `${finding.source}: `;
  const path = `${source}${finding.path ? `${finding.path}: ` : ""}`;
  const hint = finding.hint === undefined ? "" : `\n${finding.hint}`;
  return `::${finding.severity} ${place}::${escapeData(`${path}${finding.message}${hint}`)}`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

function summary(report: GenerateReport, { output, image }: ReportOutcome): string[] {
  const { stacks, stackVersions, samples, sampleVersions, icons, iconsMissing } = report.counts;
  return [
    ...sourceLines(report),
    `${plural(stacks, "stack")} with ${plural(stackVersions, "version")}, ` +
      `${plural(samples, "sample")} with ${plural(sampleVersions, "version")}`,
    `${plural(countOf(report, "error"), "error")}, ${plural(countOf(report, "warning"), "warning")}`,
    ...(icons + iconsMissing > 0
      ? [`${plural(icons, "icon")} stored, ${iconsMissing} missing`]
      : []),
    ...offlineLines(report),
    ...report.notChecked.map((what) => `not checked: ${what}`),
    ...report.leftOut.map((what) => `left out: ${what}`),
    ...imageLines(image),
    ...(output === undefined && image !== undefined ? [] : [`wrote ${output ?? "nothing"}`]),
  ];
}

/** One folder is what the user named a moment ago; anything else is worth a line. */
function sourceLines({ sources }: GenerateReport): string[] {
  if (sources.length === 1 && sources[0]?.url?.startsWith("/")) return [];
  return sources.map(({ url = "a folder", commit_hash: commit }) =>
    commit === undefined ? `source: ${url}` : `source: ${url} at ${commit}`,
  );
}

function offlineLines({ offline }: GenerateReport): string[] {
  if (offline === undefined) return [];
  const { projects, parents, restOnly, publicUrl } = offline;
  const archives = plural(Object.keys(projects).length, "project");
  return [
    `offline: ${archives} stored, ${parents.registry} parents at the registry, ` +
      `${parents.flattened} made part of devfiles`,
    ...(publicUrl === undefined
      ? [`REST only: ${plural(restOnly, "starter project")}, for want of --public-url`]
      : [`public address: ${publicUrl}`]),
  ];
}

function imageLines(image: ReportOutcome["image"]): string[] {
  if (image === undefined) return [];
  return [
    `image ${image.name} for ${image.platforms.join(", ")}: ${image.root.digest}`,
    ...image.leftOut.map(({ platform, reason }) => `image without ${platform}: ${reason}`),
  ];
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function jsonReport(report: GenerateReport, { output, image, exitCode }: ReportOutcome) {
  return {
    exitCode,
    output: output ?? null,
    errors: countOf(report, "error"),
    warnings: countOf(report, "warning"),
    counts: report.counts,
    sources: report.sources,
    findings: report.findings,
    notChecked: report.notChecked,
    leftOut: report.leftOut,
    ...(report.offline === undefined ? {} : { offline: report.offline }),
    ...(image === undefined ? {} : { image: jsonImage(image) }),
  };
}

function jsonImage({ name, root, platforms, leftOut }: WrittenImage) {
  return { name, digest: root.digest, mediaType: root.mediaType, platforms, leftOut };
}
