import { escapeUnsafe } from "../../../log.ts";
import { diffMarkdown } from "./diff-markdown.ts";
import { diffLines } from "./diff-text.ts";
import { githubLines } from "./github.ts";
import { jsonReport } from "./json.ts";
import type { ComparedBuild, GenerateOutcome, ReportForm } from "./outcome.ts";
import { summaryLines } from "./summary.ts";
import { findingLines } from "./text.ts";

export { countOf } from "./counts.ts";
export { REPORT_FORMAT } from "./json.ts";
export type { ComparedBuild, GenerateOutcome, ReportForm, ReportFormat } from "./outcome.ts";

/** Renders what generate did in the form asked for, with its last line end. */
export function renderReport(outcome: GenerateOutcome, form: ReportForm): string {
  if (form.format === "json") return jsonText(jsonReport(outcome));
  if (form.format === "markdown") return markdownOf(outcome.compared);
  const { findings } = outcome.report;
  const found =
    form.format === "github"
      ? githubLines(outcome.report, form.workspace)
      : findings.flatMap((finding) => findingLines(finding, form.columns));
  // Names of files may hold anything; a line break would forge a line, or a workflow command.
  const { compared } = outcome;
  const differences = compared === undefined ? [] : diffLines(compared);
  return `${[...found, ...differences, ...summaryLines(outcome)].map(escapeUnsafe).join("\n")}\n`;
}

/** What is unsafe to show stands only inside of texts, where JSON has an escape for it. */
function jsonText(report: object): string {
  const lines = JSON.stringify(report, null, 2).split("\n");
  return `${lines.map(escapeUnsafe).join("\n")}\n`;
}

function markdownOf(compared: ComparedBuild | undefined): string {
  return compared === undefined ? "" : diffMarkdown(compared);
}
