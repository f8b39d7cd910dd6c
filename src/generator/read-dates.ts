import { DevregError } from "../errors.ts";
import type { DateOf } from "./build-index.ts";
import type { Finding } from "./findings.ts";
import type { GitHistory } from "./git-history.ts";
import { parseGoTime } from "./go-time.ts";
import type { Publishable } from "./publishable.ts";
import type { Repository } from "./repository.ts";

/** Reads the history of folders of the checkout that the repository is; undefined when it is none. */
export type ReadHistory = (folders: readonly string[]) => Promise<GitHistory | undefined>;

/** The dates of a repository's versions, and the commit that was read. */
export interface Dates {
  readonly dateOf: DateOf;
  /** Undefined when the repository is no git checkout that can be read. */
  readonly history: GitHistory | undefined;
  readonly findings: readonly Finding[];
}

const FILE = "last_modified.json";

/**
 * Takes the dates from last_modified.json alone when there is one, else from git history, which is
 * asked for the commit in any case.
 */
export async function readDates(
  readHistory: ReadHistory | undefined,
  { lastModified, hasLastModified }: Repository,
  publishable: Publishable,
): Promise<Dates> {
  const folders = lastModified === undefined ? foldersOf(publishable) : [];
  const { history, findings } = await askHistory(readHistory, folders);
  if (lastModified !== undefined) return { dateOf: lastModified, history, findings };
  const dateOf: DateOf = (_name, _version, folder) =>
    parseGoTime(history?.lastModified.get(folder) ?? "");
  // A last_modified.json that is there but broken was reported when it was read.
  const known = history !== undefined || hasLastModified;
  const more = history?.shallow === true ? [SHALLOW] : known ? [] : [UNKNOWN];
  return { dateOf, history, findings: [...findings, ...more] };
}

async function askHistory(
  readHistory: ReadHistory | undefined,
  folders: readonly string[],
): Promise<Pick<Dates, "history" | "findings">> {
  try {
    return { history: await readHistory?.(folders), findings: [] };
  } catch (error) {
    if (!(error instanceof DevregError) || error.code === "ABORTED") throw error;
    const finding: Finding = {
      severity: "warning",
      rule: "git-history",
      file: ".git",
      message: error.message,
      hint: error.hint ?? "Clone the repository anew, with its whole history",
    };
    return { history: undefined, findings: [finding] };
  }
}

function foldersOf({ stacks, extras }: Publishable): string[] {
  return [
    ...stacks.flatMap(({ versions }) => versions.map(({ source }) => source.folder)),
    ...extras.flatMap(({ samples }) => samples.map(({ folder }) => folder)),
  ];
}

const UNKNOWN: Finding = {
  severity: "warning",
  rule: "no-last-modified",
  file: FILE,
  message: "no dates are known: there is neither this file nor a git history",
  hint: "Generate from a git checkout, or add the file",
};

const SHALLOW: Finding = {
  severity: "warning",
  rule: "history-shallow",
  file: ".git",
  message: "older commits were not fetched, so what they changed last is dated too late",
  hint: "Fetch the whole history (git fetch --unshallow), or add last_modified.json",
};
