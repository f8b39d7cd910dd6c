import type { Finding, GenerateReport } from "../../../generator/index.ts";

/** A file with errors that a forced build was published with. */
export interface LetThrough {
  /** The registry repository, where there are several. */
  readonly source?: string;
  readonly file: string;
  readonly errors: number;
  /** Sorted, each once. */
  readonly rules: readonly string[];
}

/** Gives what was published in spite of its errors, sorted as findings are. */
export function letThrough({ findings, leftOut }: GenerateReport): LetThrough[] {
  const files = new Map<string, Finding[]>();
  for (const finding of findings) {
    if (finding.severity !== "error" || isLeftOut(finding, leftOut)) continue;
    const key = nameOf(finding, finding.file);
    files.set(key, [...(files.get(key) ?? []), finding]);
  }
  return [...files.values()].flatMap((errors) => {
    const [first] = errors;
    if (first === undefined) return [];
    const { source, file } = first;
    const rules = [...new Set(errors.map(({ rule }) => rule))].sort();
    return [{ ...(source === undefined ? {} : { source }), file, errors: errors.length, rules }];
  });
}

function isLeftOut(finding: Finding, leftOut: readonly string[]): boolean {
  return leftOut.some((what) => {
    const file = nameOf(finding, finding.file);
    return file === what || file.startsWith(`${what}/`);
  });
}

function nameOf({ source }: Finding, file: string): string {
  return source === undefined ? file : `${source}: ${file}`;
}
