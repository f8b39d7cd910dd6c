import type { Finding, GenerateReport } from "../../../generator/index.ts";

/** Counts findings of one severity. */
export function countOf(
  { findings }: Pick<GenerateReport, "findings">,
  severity: Finding["severity"],
): number {
  return findings.filter((finding) => finding.severity === severity).length;
}

/** Writes how many there are: "1 stack", "2 stacks". */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
