import type { Finding } from "../findings.ts";
import type { StackSource } from "../stack-source.ts";
import { ownFindings, type RulesSubject } from "./own-findings.ts";
import { OwnRules } from "./own-rules.ts";
import { readRules } from "./read-rules.ts";

/** What a repository's own rules say of it. */
export interface AppliedRules {
  /** Undefined where there are none, or the file is broken. */
  readonly rules: OwnRules | undefined;
  /** Not judged yet. */
  readonly findings: readonly Finding[];
}

/** Reads and applies the rules that a repository has for itself. @throws {DevregError} IO */
export async function applyOwnRules(
  source: StackSource,
  subject: RulesSubject,
): Promise<AppliedRules> {
  const read = await readRules(source);
  if (read === undefined) return { rules: undefined, findings: [] };
  if (!("file" in read)) return { rules: undefined, findings: read.findings };
  const findings = [...read.findings, ...(await ownFindings(read, subject))];
  return { rules: new OwnRules(read), findings };
}
