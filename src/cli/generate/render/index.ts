import { escapeUnsafe } from "../../../log.ts";
import { githubLines } from "./github.ts";
import { jsonReport } from "./json.ts";
import type { GenerateOutcome, ReportForm } from "./outcome.ts";
import { summaryLines } from "./summary.ts";
import { findingLines } from "./text.ts";

export { countOf } from "./counts.ts";
export { REPORT_FORMAT } from "./json.ts";
export type { GenerateOutcome, ReportForm, ReportFormat } from "./outcome.ts";

/** Renders what generate did in the form asked for, with its last line end. */
export function renderReport(outcome: GenerateOutcome, form: ReportForm): string {
  if (form.format === "json") return `${JSON.stringify(jsonReport(outcome), null, 2)}\n`;
  const { findings } = outcome.report;
  const found =
    form.format === "github"
      ? githubLines(outcome.report, form.workspace)
      : findings.flatMap((finding) => findingLines(finding, form.columns));
  // Names of files may hold anything; a line break would forge a line, or a workflow command.
  return `${[...found, ...summaryLines(outcome)].map(escapeUnsafe).join("\n")}\n`;
}
