import { compareIssues, type InputIssue } from "../errors.ts";

/** What a finding means for the build: an error keeps it from being written, a warning does not. */
export type Severity = "error" | "warning";

/** One problem of a registry repository, with the rule that saw it. */
export interface Finding extends InputIssue {
  readonly severity: Severity;
  /** Stable name in kebab case: "version-folder-missing". */
  readonly rule: string;
}

/** Takes findings while input is read. */
export type ReportFinding = (finding: Finding) => void;

/** Orders findings by file, position and message, errors first where these are equal. */
export function sortFindings(findings: Iterable<Finding>): Finding[] {
  return [...findings].sort(
    (a, b) => compareIssues(a, b) || Number(a.severity > b.severity) || compareRules(a, b),
  );
}

/**
 * Passes on so many errors and so many warnings of one file, then says once that there are more: a
 * hostile or generated file can have a problem for every byte.
 */
export function boundFindings(report: ReportFinding, limit: number): ReportFinding {
  const told: Record<Severity, number> = { error: 0, warning: 0 };
  return (finding) => {
    const { severity, file } = finding;
    told[severity] += 1;
    if (told[severity] <= limit) report(finding);
    if (told[severity] !== limit + 1) return;
    const message = `there are more than ${limit} ${severity}s; the rest is not shown`;
    report({ severity, rule: "too-many-findings", file, message });
  };
}

/** Tells whether any finding is an error. */
export function hasErrors(findings: Iterable<Finding>): boolean {
  for (const finding of findings) if (finding.severity === "error") return true;
  return false;
}

/**
 * Drops what rules say of values that could not be read: the same value would be reported twice,
 * the second time as missing.
 */
export function withoutEchoes(
  ruled: readonly Finding[],
  seen: readonly Finding[],
): readonly Finding[] {
  const unread = new Set(
    seen
      .filter(({ severity, path }) => severity === "error" && path !== undefined)
      .map(({ file, path }) => `${file}:${path}`),
  );
  return ruled.filter(({ file, path }) => !unread.has(`${file}:${path}`));
}

function compareRules(a: Finding, b: Finding): number {
  if (a.rule === b.rule) return 0;
  return a.rule < b.rule ? -1 : 1;
}
