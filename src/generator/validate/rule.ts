import type { Finding, Severity } from "../findings.ts";

/** Where a finding points. */
export type Place = Pick<Finding, "file" | "line" | "column" | "path">;

/** What a rule objects to. */
export interface Issue {
  readonly severity: Severity;
  readonly at: Place;
  readonly message: string;
  readonly hint?: string;
}

/**
 * One thing that a subject must keep to. The severity follows one principle: what the Go generator
 * rejects is an error, what it accepts is never more than a warning.
 */
export interface Rule<Subject> {
  /** Stable name in kebab case, shown with each finding. */
  readonly name: string;
  /** Gives every issue of the subject. */
  check(subject: Subject): Iterable<Issue>;
}

/** Applies rules to subjects and gives all findings. */
export function applyRules<Subject>(
  rules: readonly Rule<Subject>[],
  subjects: Iterable<Subject>,
): Finding[] {
  const findings: Finding[] = [];
  for (const subject of subjects) {
    for (const rule of rules) {
      for (const { severity, at, message, hint } of rule.check(subject)) {
        const more = hint === undefined ? {} : { hint };
        findings.push({ severity, rule: rule.name, ...at, message, ...more });
      }
    }
  }
  return findings;
}
