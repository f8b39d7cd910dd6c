import type { Finding, GenerateReport } from "../../../generator/index.ts";

/** Counts findings of one severity. */
export function countOf(
  { findings }: Pick<GenerateReport, "findings">,
  severity: Finding["severity"],
): number {
  return findings.filter((finding) => finding.severity === severity).length;
}
