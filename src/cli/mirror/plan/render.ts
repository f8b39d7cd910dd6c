import type {
  FailedImage,
  ImageOccurrence,
  LockDifference,
  LockTable,
  ReferenceClass,
} from "../../../airgap/index.ts";
import { formatBytes } from "../../../bytes.ts";
import { counted } from "../../../counted.ts";
import { DevregError, describeError } from "../../../errors.ts";
import { escapeUnsafe, redactText } from "../../../log.ts";
import type { PreparedPlan } from "../prepare.ts";
import { findingLine, redacted } from "../render.ts";
import { leftOutNotes } from "../target.ts";

/** A plan, and what came of it. */
export interface PlanOutcome {
  readonly prepared: PreparedPlan;
  readonly table: LockTable;
  /** Undefined when there was nothing to compare with. */
  readonly differences: readonly LockDifference[] | undefined;
  /** The lock that was written; undefined when none was. */
  readonly output: string | undefined;
  readonly exitCode: number;
}

/** Renders a plan as text or JSON, with its last line end. */
export function renderPlan(outcome: PlanOutcome, format: "text" | "json"): string {
  if (format === "json") return `${JSON.stringify(jsonOf(outcome), redacted, 2)}\n`;
  const { prepared, table, differences, output } = outcome;
  const { plan } = prepared;
  const lines = [
    ...tableLines(table),
    ...prepared.findings.filter(({ severity }) => severity === "error").map(findingLine),
    ...plan.findings.map(findingLine),
    ...plan.failures.flatMap(failureLines),
    ...plan.lock.references.filter(({ kind }) => kind === "possible").map(possibleLine),
    ...leftOutNotes(plan.lock).map((note) => `note: ${note}`),
    ...prepared.notes.map((note) => `note: ${note}`),
    ...prepared.excluded.map((what) => `excluded: ${what}`),
    ...prepared.leftOut.map((what) => `left out: ${what}`),
    ...(differences ?? []).map(({ what, name, text }) => `differs: ${what} ${name} ${text}`),
    ...summaryLines(outcome),
    output === undefined ? "wrote nothing" : `wrote ${output}`,
  ];
  return `${lines.map((line) => escapeUnsafe(redactText(line))).join("\n")}\n`;
}

function tableLines({ rows }: LockTable): readonly string[] {
  if (rows.length === 0) return [];
  const cells = [
    ["IMAGE", "PLATFORMS", "REFERRERS", "SIZE", "NAMED BY"],
    ...rows.map(({ image, platforms, referrers, bytes, places }) => [
      image,
      platforms.length === 0 ? "-" : platforms.join(","),
      String(referrers),
      formatBytes(bytes),
      places === 0 ? "base of the registry image" : counted(places, "place"),
    ]),
  ];
  const widths = cells[0]?.map((_, at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)));
  return cells.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths?.[at] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

function failureLines({ image, error, occurrences }: FailedImage): readonly string[] {
  const hint = error instanceof DevregError ? error.hint : undefined;
  return [
    `failed: ${image}: ${describeError(error)}`,
    ...(hint === undefined ? [] : [`  hint: ${hint}`]),
    ...occurrences.map((occurrence) => `  named by ${placeOf(occurrence)}`),
  ];
}

function possibleLine(occurrence: ImageOccurrence): string {
  return `note: ${placeOf(occurrence)}: "${occurrence.text}": ${occurrence.reason}`;
}

function placeOf({ file, pointer }: ImageOccurrence): string {
  const line = /^line:(\d+)/.exec(pointer)?.[1];
  return line === undefined ? `${file} ${pointer}` : `${file}:${line}`;
}

function summaryLines({ prepared, table, differences }: PlanOutcome): readonly string[] {
  const { plan, findings } = prepared;
  const { imageBytes, projects, projectBytes, files, fileBytes } = table.totals;
  const counts = countClasses(plan.lock.references);
  const warnings = findings.filter(({ severity }) => severity === "warning").length;
  return [
    `${counted(table.rows.length, "image")} with ${formatBytes(imageBytes)} (what they share counted ` +
      `once), ${counted(projects, "project")} with ${formatBytes(projectBytes)}, ` +
      `${counted(files, "file")} with ${formatBytes(fileBytes)}`,
    `not mirrored: ${counted(counts["build-output"], "build output")}, ` +
      `${counts.ignored} ignored, ${counts.templated} without a value`,
    ...(warnings === 0
      ? []
      : [`${counted(warnings, "warning")} of the repositories: see devreg generate --check`]),
    ...(plan.failures.length === 0 ? [] : [`${counted(plan.failures.length, "image")} failed`]),
    ...(differences === undefined ? [] : [`${counted(differences.length, "difference")}`]),
  ];
}

function countClasses(references: readonly ImageOccurrence[]): Record<ReferenceClass, number> {
  const counts = { pull: 0, "build-output": 0, templated: 0, ignored: 0 };
  for (const reference of references) counts[reference.class] += 1;
  return counts;
}

function jsonOf({ prepared, table, differences, output, exitCode }: PlanOutcome) {
  const { plan, findings, leftOut, excluded, notes } = prepared;
  return {
    exitCode,
    output: output ?? null,
    images: table.rows,
    totals: table.totals,
    references: countClasses(plan.lock.references),
    failures: plan.failures.map(({ image, error, occurrences }) => ({
      image,
      message: redactText(describeError(error)),
      ...(error instanceof DevregError ? { code: error.code, hint: error.hint ?? null } : {}),
      namedBy: occurrences.map(placeOf),
    })),
    moved: plan.moved.map(({ image, planned, now }) => ({ image, planned, now: now ?? null })),
    findings: [...findings, ...plan.findings],
    leftOut,
    excluded,
    notes,
    ...(differences === undefined ? {} : { differences }),
  };
}
