import { DevregError } from "../errors.ts";
import type { DateOf } from "./build-index.ts";
import type { Finding } from "./findings.ts";
import type { GitHistory } from "./git-history.ts";
import { type GoTime, parseGoTime } from "./go-time.ts";
import type { Publishable } from "./publishable.ts";
import type { Repository, SampleVersion, StackVersion } from "./repository.ts";

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
 * asked for the commit in any case. What was fetched from another repository and is not in the file
 * has the date of the commit there.
 */
export async function readDates(
  readHistory: ReadHistory | undefined,
  { lastModified, hasLastModified }: Repository,
  publishable: Publishable,
): Promise<Dates> {
  const folders = lastModified === undefined ? foldersOf(publishable) : [];
  const { history, findings } = await askHistory(readHistory, folders);
  const fetched = fetchedDates(publishable);
  if (lastModified !== undefined) {
    const dateOf: DateOf = (name, version, folder) =>
      lastModified(name, version) ?? fetched.get(folder);
    return { dateOf, history, findings };
  }
  const dateOf: DateOf = (_name, _version, folder) =>
    fetched.get(folder) ?? parseGoTime(history?.lastModified.get(folder) ?? "");
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

/** Gives the folders that lie in the repository itself. */
function foldersOf(publishable: Publishable): string[] {
  return placesOf(publishable).flatMap(({ folder, fetched }) => (fetched ? [] : [folder]));
}

/** Gives the dates of what was fetched from other repositories, by folder. */
function fetchedDates(publishable: Publishable): ReadonlyMap<string, GoTime> {
  return new Map(
    placesOf(publishable).flatMap(({ folder, fetched }) => (fetched ? [[folder, fetched]] : [])),
  );
}

function placesOf({ stacks, extras }: Publishable): (StackVersion | SampleVersion)[] {
  return [
    ...stacks.flatMap(({ versions }) => versions.map(({ source }) => source)),
    ...extras.flatMap(({ samples }) => samples),
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
