import { DevregError, describeError } from "../errors.ts";
import { type Checkout, findCheckout } from "./git-history-checkout.ts";
import { GitObjects } from "./git-history-objects.ts";
import { formatGitTime, parseCommit } from "./git-history-parse.ts";
import { findLastCommits } from "./git-history-walk.ts";
import { compareWorktree } from "./git-history-worktree.ts";

/** What git knows of a registry repository. */
export interface GitHistory {
  /** Name of the commit checked out. */
  readonly commit_hash: string;
  /** Its committer date, RFC 3339 in UTC: "2024-05-02T08:00:00Z". */
  readonly commit_time: string;
  /** Whether what is read from the folder differs from that commit. */
  readonly dirty: boolean;
  /** Whether older commits were not fetched; what they changed last is dated too late. */
  readonly shallow: boolean;
  /** Author date of the last commit that touched each folder, RFC 3339 with its own offset. */
  readonly lastModified: ReadonlyMap<string, string>;
}

/** How the history is read. */
export interface GitHistoryOptions {
  readonly signal?: AbortSignal;
}

/** The parts of a registry repository that are read. */
const REGISTRY_NAMES = [
  ...["stacks", "devfiles", "samples"],
  ...["extraDevfileEntries.yaml", "last_modified.json"],
];

/**
 * Reads the git history of a folder that is a checkout, or part of one, without a git program.
 * Folders are given relative to it; each gets the date that `git log -1 --format=%aI -- <folder>`
 * prints, all in one pass. Objects are read by our own code: a general library took ten times as
 * long on five thousand commits and is slow to load.
 *
 * @returns undefined when the folder is in no checkout, or the commit has nothing of it
 * @throws {DevregError} INPUT_INVALID, UNSUPPORTED, NOT_FOUND when the repository cannot be read
 *   (partial clone, damage); LIMIT_EXCEEDED; ABORTED
 */
export async function readGitHistory(
  root: string,
  folders: readonly string[],
  options: GitHistoryOptions = {},
): Promise<GitHistory | undefined> {
  let objects: GitObjects | undefined;
  try {
    const checkout = findCheckout(root);
    if (checkout === undefined) return undefined;
    objects = new GitObjects(checkout.objectsDir);
    return await readCheckout(root, folders, checkout, objects, options);
  } catch (error) {
    if (error instanceof DevregError) throw error;
    throw new DevregError(
      "INPUT_INVALID",
      `Cannot read git history of "${root}": ${describeError(error)}`,
      { cause: error, hint: "Check the repository with git fsck" },
    );
  } finally {
    objects?.close();
  }
}

async function readCheckout(
  root: string,
  folders: readonly string[],
  { prefix, head, shallow }: Checkout,
  objects: GitObjects,
  { signal }: GitHistoryOptions,
): Promise<GitHistory | undefined> {
  const state = await compareWorktree(objects, { root, prefix, head, names: REGISTRY_NAMES });
  if (!state.tracked) return undefined;
  const inCheckout = (folder: string) => (prefix === "" ? folder : `${prefix}/${folder}`);
  const commits = await findLastCommits(objects, folders.map(inCheckout), {
    head,
    shallow,
    ...(signal === undefined ? {} : { signal }),
  });
  const lastModified = new Map<string, string>();
  for (const folder of folders) {
    const commit = commits.get(inCheckout(folder));
    if (commit !== undefined) lastModified.set(folder, formatGitTime(commit.author));
  }
  const { committer } = parseCommit(head, objects.read(head).content);
  return {
    commit_hash: head,
    commit_time: formatGitTime({ ...committer, offsetMinutes: 0 }),
    dirty: state.dirty,
    shallow: shallow.size > 0,
    lastModified,
  };
}
