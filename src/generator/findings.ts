import { FINDING_CHARS } from "../check-limits.ts";
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

/**
 * Orders findings by file, position and message, errors first where these are equal. Long texts lose
 * their middle: what they quote may be a whole file.
 */
export function sortFindings(findings: Iterable<Finding>): Finding[] {
  return Array.from(findings, withoutMiddles).sort(
    (a, b) => compareIssues(a, b) || Number(a.severity > b.severity) || compareRules(a, b),
  );
}

/** Broken characters at the ends of what is left out. */
const HALVES = /[\ud800-\udbff]$|^[\udc00-\udfff]/g;

function withoutMiddles(finding: Finding): Finding {
  const { message, hint } = finding;
  if (message.length <= FINDING_CHARS && (hint?.length ?? 0) <= FINDING_CHARS) return finding;
  return {
    ...finding,
    message: withoutMiddle(message),
    ...(hint === undefined ? {} : { hint: withoutMiddle(hint) }),
  };
}

function withoutMiddle(text: string): string {
  if (text.length <= FINDING_CHARS) return text;
  const [start, end] = [text.slice(0, FINDING_CHARS / 2), text.slice(-FINDING_CHARS / 2)];
  return `${start.replace(HALVES, "")}…${end.replace(HALVES, "")}`;
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
