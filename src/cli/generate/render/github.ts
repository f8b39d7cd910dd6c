import { isAbsolute, join, relative } from "node:path";
import { GITHUB_ANNOTATIONS } from "../../../check-limits.ts";
import { counted } from "../../../counted.ts";
import type { Finding, GenerateReport } from "../../../generator/index.ts";
import { findingLines } from "./text.ts";

/**
 * Renders findings as workflow commands that show as annotations in a pull request. GitHub shows so
 * many errors and so many warnings of one step and drops the rest, which stands in the log instead.
 */
export function githubLines(
  { findings, sources }: GenerateReport,
  workspace: string | undefined,
): string[] {
  const left = { error: GITHUB_ANNOTATIONS, warning: GITHUB_ANNOTATIONS };
  const [annotations, rest]: [string[], Finding[]] = [[], []];
  for (const finding of findings) {
    left[finding.severity] -= 1;
    if (left[finding.severity] < 0) rest.push(finding);
    else annotations.push(annotation(finding, shownFile(finding, sources, workspace)));
  }
  if (rest.length === 0) return annotations;
  const more = `${counted(rest.length, "finding")} more than GitHub shows as annotations:`;
  return [...annotations, more, ...rest.flatMap((finding) => findingLines(finding))];
}

function annotation(finding: Finding, file: string): string {
  const place = [
    `file=${escapeProperty(file)}`,
    ...(finding.line === undefined ? [] : [`line=${finding.line}`, `col=${finding.column ?? 1}`]),
    `title=${escapeProperty(finding.rule)}`,
  ].join(",");
  const source = finding.source === undefined ? "" : `${finding.source}: `;
  const path = `${source}${finding.path ? `${finding.path}: ` : ""}`;
  const hint = finding.hint === undefined ? "" : `\n${finding.hint}`;
  return `::${finding.severity} ${place}::${escapeData(`${path}${finding.message}${hint}`)}`;
}

/** GitHub knows files from the top of the checkout, which need not be the registry repository. */
function shownFile(
  { file, source }: Finding,
  sources: GenerateReport["sources"],
  workspace: string | undefined,
): string {
  const folder = source ?? (sources.length === 1 ? sources[0]?.url : undefined);
  if (workspace === undefined || folder === undefined || !isAbsolute(folder)) return file;
  const below = relative(workspace, join(folder, file));
  return below.startsWith("..") || isAbsolute(below) ? file : below;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
