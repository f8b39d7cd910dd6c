import { ONLINE_QUESTIONS } from "../../check-limits.ts";
import { eachBounded } from "../../concurrent.ts";
import { DevregError } from "../../errors.ts";
import type { Progress } from "../../progress.ts";
import type { GitProjectSource } from "../fetch/index.ts";
import { type Finding, sortFindings } from "../findings.ts";
import type { NamedImage } from "../named-images.ts";
import type { Repository } from "../repository.ts";
import type { Outside } from "./outside.ts";
import { type Question, questionsOf } from "./questions.ts";

/** What is asked about. */
export interface OnlineSubject {
  readonly repository: Repository;
  readonly images: readonly NamedImage[];
}

/**
 * Asks whether what a registry repository points at is there: images with the architectures that
 * are declared, revisions and archives of starter projects and samples. Nothing is an error: the Go
 * generator does not ask. What cannot be reached is told of once for each thing.
 *
 * @throws {DevregError} ABORTED
 */
export async function checkOnline(
  { repository, images }: OnlineSubject,
  outside: Outside,
  progress: Progress,
): Promise<Finding[]> {
  const questions = questionsOf(repository, images);
  progress.total(questions.length);
  const findings: Finding[] = [];
  const away = new Map<string, Finding[]>();
  await eachBounded(questions, ONLINE_QUESTIONS, async (question) => {
    for (const finding of await answer(question, outside)) {
      const host = finding.rule.endsWith("-unreachable") ? hostOf(question) : undefined;
      if (host === undefined) findings.push(finding);
      else away.set(host, [...(away.get(host) ?? []), finding]);
    }
    progress.done(nameOf(question));
  });
  return sortFindings([...findings, ...[...away.values()].flatMap(joined)]);
}

/** Tells of what one host did not answer at the first place that needs it. */
function joined(findings: readonly Finding[]): Finding[] {
  const [first, ...more] = sortFindings(findings);
  if (first === undefined || more.length === 0) return first === undefined ? [] : [first];
  const places = `${more.length} more place${more.length === 1 ? "" : "s"} there`;
  return [{ ...first, message: `${first.message}; nor were ${places} checked` }];
}

async function answer(question: Question, outside: Outside): Promise<Finding[]> {
  try {
    if (question.kind === "image") return await checkImage(question, outside);
    if (question.kind === "zip") await outside.checkArchive(question.url);
    else await checkGit(question.source, outside);
    return [];
  } catch (error) {
    if (!(error instanceof DevregError) || error.code === "ABORTED") throw error;
    return [failure(question, error)];
  }
}

async function checkImage(
  { at, image, architectures }: Extract<Question, { kind: "image" }>,
  outside: Outside,
): Promise<Finding[]> {
  const platforms = await outside.findImage(image, architectures.length > 0);
  const place = { severity: "warning" as const, ...at };
  if (platforms === undefined) {
    const message = `the image "${image}" is not there: its registry does not have it`;
    const hint = "Check its name and tag; clients cannot start without it";
    return [{ ...place, rule: "image-missing", message, hint }];
  }
  const missing = architectures.filter((each) => !isFor(platforms, each));
  // An image that says nothing may be for anything.
  if (platforms.length === 0 || missing.length === 0) return [];
  const message = `the image "${image}" is not for ${missing.join(", ")}, which architectures lists`;
  const hint = `It is for ${platforms.join(", ")}: use another image, or take the architecture out`;
  return [{ ...place, rule: "image-platform-missing", message, hint }];
}

function isFor(platforms: readonly string[], architecture: string): boolean {
  const wanted = `linux/${architecture}`;
  return platforms.some((platform) => platform === wanted || platform.startsWith(`${wanted}/`));
}

async function checkGit(source: GitProjectSource, outside: Outside): Promise<void> {
  const url = await addressOf(source);
  const revision = source.checkoutFrom?.revision;
  if (url !== undefined) {
    await outside.checkRevision({ url, ...(revision === undefined ? {} : { revision }) });
  }
}

/** That one of several remotes must be chosen is the business of another rule. */
async function addressOf(source: GitProjectSource): Promise<string | undefined> {
  const { remoteOf } = await import("../fetch/index.ts");
  try {
    return remoteOf(source);
  } catch (error) {
    if (error instanceof DevregError && error.code === "INPUT_INVALID") return undefined;
    throw error;
  }
}

function failure({ kind, at }: Question, error: DevregError): Finding {
  const { code, message } = error;
  const hint = error.hint === undefined ? {} : { hint: error.hint };
  const what = kind === "image" ? "image" : "source";
  const isMissing = code === "NOT_FOUND" || code === "INPUT_INVALID";
  const rule = isMissing ? `${what}-missing` : `${what}-unreachable`;
  const shown = isMissing ? message : `not checked: ${message}`;
  return { severity: "warning", rule, ...at, message: shown, ...hint };
}

function hostOf(question: Question): string {
  if (question.kind === "zip") return question.url.host;
  const [first = ""] = question.kind === "image" ? question.image.split("/") : [nameOf(question)];
  return question.kind === "image" ? first : (URL.parse(first)?.host ?? first);
}

function nameOf(question: Question): string {
  if (question.kind === "image") return question.image;
  if (question.kind === "zip") return question.url.href;
  return Object.values(question.source.remotes)[0] ?? "git";
}
