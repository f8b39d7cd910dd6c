import type { MirrorItem } from "../../airgap/index.ts";
import { formatBytes } from "../../bytes.ts";
import { counted } from "../../counted.ts";
import { DevregError, describeError, formatIssue, RegistryResponseError } from "../../errors.ts";
import type { Finding } from "../../generator/index.ts";
import { escapeUnsafe, redactText } from "../../log.ts";
import { EXIT, exitCodeOf } from "../report.ts";

/** What a mirror command did, for its report. */
export interface MirrorOutcome {
  readonly items: readonly MirrorItem[];
  /** What is wrong with the registry repositories, or with what they name. */
  readonly findings?: readonly Finding[];
  /** What is not there because something it needs failed, with the reason. */
  readonly leftOut: readonly string[];
  /** What was given up knowingly: signatures, platforms, the offline image. */
  readonly notes: readonly string[];
  /** Further lines: where it is, how to go on. */
  readonly closing: readonly string[];
  readonly exitCode: number;
}

/** Renders what a mirror command did, as text or JSON, with its last line end. */
export function renderOutcome(outcome: MirrorOutcome, format: "text" | "json"): string {
  if (format === "json") return formatOutcome(outcome);
  const { items, leftOut, notes, closing } = outcome;
  const failed = items.filter(({ state }) => state === "failed");
  const findings = outcome.findings?.filter(({ severity }) => severity === "error") ?? [];
  const lines = [
    ...findings.map(findingLine),
    ...failed.flatMap(failureLines),
    ...leftOut.map((what) => `left out: ${what}`),
    ...[...notes, ...items.flatMap(platformNotes)].map((note) => `note: ${note}`),
    summaryLine(items),
    ...closing,
  ];
  return `${lines.map((line) => escapeUnsafe(redactText(line))).join("\n")}\n`;
}

/** Renders one finding for people. */
export function findingLine(finding: Finding): string {
  const hint = finding.hint === undefined ? "" : ` (${finding.hint})`;
  return `${finding.severity}: ${formatIssue(finding)} [${finding.rule}]${hint}`;
}

/** Writes a report in JSON, for a file and for standard output; credentials are left out. */
export function formatOutcome(outcome: MirrorOutcome): string {
  return `${JSON.stringify(outcomeJson(outcome), redacted, 2)}\n`;
}

/** Leaves credentials out of any text that is written as JSON: the second argument of stringify(). */
export function redacted(_key: string, value: unknown): unknown {
  return typeof value === "string" ? redactText(value) : value;
}

function outcomeJson({ items, ...outcome }: MirrorOutcome) {
  return {
    exitCode: outcome.exitCode,
    items: items.map(({ error, ...item }) => ({
      ...item,
      ...(error === undefined ? {} : { error: errorJson(error) }),
    })),
    ...(outcome.findings === undefined ? {} : { findings: outcome.findings }),
    leftOut: outcome.leftOut,
    notes: outcome.notes,
  };
}

/**
 * Gives the exit code of a mirror command: that of its failures when nothing else came of it, else
 * "some items failed", as for errors found in the repositories. What was there or read but is not what it should be tells the most.
 */
export function exitCodeOfItems(
  items: readonly MirrorItem[],
  leftOut: readonly string[],
  findings: readonly Finding[] = [],
): number {
  const failed = items.filter(({ state }) => state === "failed");
  const unclear = findings.some(({ severity }) => severity === "error");
  if (failed.length === 0) return leftOut.length > 0 || unclear ? EXIT.failed : EXIT.done;
  const codes = failed.map(({ error }) => exitCodeOf(error));
  if (codes.includes(EXIT.mismatch)) return EXIT.mismatch;
  const images = items.filter(({ kind }) => kind === "image");
  const allFailed = images.length > 0 && images.every(({ state }) => state === "failed");
  const [first = EXIT.failed] = codes;
  const alike = codes.every((code) => code === first);
  return allFailed && alike && first !== EXIT.usage ? first : EXIT.failed;
}

function errorJson(error: unknown) {
  const exchange = error instanceof RegistryResponseError ? error.exchange : undefined;
  return {
    message: redactText(describeError(error)),
    ...(error instanceof DevregError ? { code: error.code } : {}),
    ...(exchange === undefined
      ? {}
      : { method: exchange.method, url: redactText(exchange.url), status: exchange.status }),
  };
}

function failureLines(item: MirrorItem): string[] {
  const { name, error, namedBy = [] } = item;
  const hint = hintOf(item);
  return [
    `failed: ${name}: ${describeError(error)}`,
    ...(hint === undefined ? [] : [`  hint: ${hint}`]),
    ...namedBy.map((place) => `  named by ${place}`),
  ];
}

function hintOf({ kind, error }: MirrorItem): string | undefined {
  if (!(error instanceof DevregError)) return undefined;
  if (error.hint !== undefined) return error.hint;
  if (kind !== "image" || error.code !== "NETWORK") return undefined;
  return "Check its host and the way there, or leave it out: --exclude HOST/REPOSITORY";
}

function platformNotes({ name, platformsLeftOut = [] }: MirrorItem): string[] {
  return platformsLeftOut.map(
    ({ platform, reason }) => `${name} is not for ${platform}: ${reason}`,
  );
}

function summaryLine(items: readonly MirrorItem[]): string {
  const images = items.filter(({ kind }) => kind === "image");
  const done = images.filter(({ state }) => state === "done");
  const sum = (pick: (item: MirrorItem) => number | undefined) =>
    done.reduce((total, item) => total + (pick(item) ?? 0), 0);
  const stacks = items.filter(({ kind, state }) => kind === "stack" && state === "done").length;
  const failed = items.filter(({ state }) => state === "failed").length;
  const reused = counted(
    sum((item) => item.reused),
    "part",
  );
  return (
    `${done.length} of ${images.length} images (${formatBytes(sum(({ bytes }) => bytes))} written, ` +
    `${reused} there already, ${sum(({ mounted }) => mounted)} shared), ` +
    `${counted(stacks, "stack version")}, ${imageWords(items)}${failed} failed`
  );
}

function imageWords(items: readonly MirrorItem[]): string {
  const image = items.find(({ kind, state }) => kind === "registry-image" && state === "done");
  return image === undefined ? "" : `${image.name} for ${image.platforms?.join(" and ")}, `;
}
