import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readlinkSync, type Stats } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { systemCode } from "../atomic-file.ts";
import { FOLDER_DEPTH, STACK_FILE_BYTES } from "../limits.ts";
import { readGitFile } from "./git-history-file.ts";
import { parseCommit, parseTree, type TreeEntry } from "./git-history-parse.ts";
import type { ObjectSource } from "./git-history-walk.ts";

/** How deep below stacks/ the folder of a stack lies. */
const TURN_DEPTH = 1;

/** A commit's files below a folder, against the files on disk. */
export interface WorktreeQuestion {
  /** The folder on disk. */
  readonly root: string;
  /** The same folder in the commit; empty for its top. */
  readonly prefix: string;
  readonly head: string;
  /** Names directly below the folder. */
  readonly names: readonly string[];
}

/** Says how names on disk stand to a commit. */
export interface WorktreeState {
  /** Whether the commit has any of them. */
  readonly tracked: boolean;
  /**
   * Whether any of them differs. Files that git ignores count: they are read like all others. So
   * does content that a filter of git changed on checkout, since it is not what the commit names.
   */
  readonly dirty: boolean;
}

/** Compares names on disk with a commit, by content and mode; git's own index plays no part. */
export async function compareWorktree(
  source: ObjectSource,
  question: WorktreeQuestion,
): Promise<WorktreeState> {
  const folder = folderOf(source, question);
  const entries = entriesOf(source, folder);
  const tracked = question.names.some((name) => entries.has(name));
  for (const name of question.names) {
    if (await differs(source, join(question.root, name), entries.get(name), 0)) {
      return { tracked, dirty: true };
    }
  }
  return { tracked, dirty: false };
}

/** Finds the folder asked about in the commit; undefined where the commit lacks it. */
export function folderOf(
  source: ObjectSource,
  { head, prefix }: Pick<WorktreeQuestion, "head" | "prefix">,
): TreeEntry | undefined {
  const top = parseCommit(head, source.read(head).content).tree;
  let folder: TreeEntry | undefined = { mode: "40000", oid: top, folder: true };
  for (const name of prefix === "" ? [] : prefix.split("/")) {
    folder = entriesOf(source, folder).get(name);
  }
  return folder;
}

/**
 * Tells whether what is on disk at a path, folders with all below them, differs from a commit. Files
 * are read without leaving the thread, which is ten times as fast; others get a turn between stacks.
 */
export async function differs(
  source: ObjectSource,
  path: string,
  entry: TreeEntry | undefined,
  depth: number,
): Promise<boolean> {
  if (depth > FOLDER_DEPTH) return true;
  const stats = statsOf(path);
  if (stats === undefined) return entry !== undefined;
  if (stats.isDirectory()) return folderDiffers(source, path, entry, depth);
  if (entry === undefined) return true;
  if (stats.isSymbolicLink()) {
    return entry.mode !== "120000" || entry.oid !== blobName(Buffer.from(readlinkSync(path)));
  }
  const executable = (stats.mode & 0o111) !== 0;
  if (!stats.isFile() || entry.mode !== (executable ? "100755" : "100644")) return true;
  return (
    stats.size > STACK_FILE_BYTES || entry.oid !== blobName(readGitFile(path, STACK_FILE_BYTES))
  );
}

async function folderDiffers(
  source: ObjectSource,
  path: string,
  entry: TreeEntry | undefined,
  depth: number,
): Promise<boolean> {
  // A folder in the place of a file differs; so may a submodule, whose content is not looked into.
  if (entry !== undefined && !entry.folder) return true;
  const entries = entriesOf(source, entry);
  const onDisk = readdirSync(path);
  if (depth <= TURN_DEPTH) await setImmediate();
  for (const name of new Set([...entries.keys(), ...onDisk])) {
    if (await differs(source, join(path, name), entries.get(name), depth + 1)) return true;
  }
  return false;
}

/** Gives what a folder of a commit holds; nothing for what is no folder. */
export function entriesOf(
  source: ObjectSource,
  entry: TreeEntry | undefined,
): ReadonlyMap<string, TreeEntry> {
  return entry?.folder === true ? parseTree(source.read(entry.oid).content) : new Map();
}

/** Names content as git does. */
function blobName(bytes: Uint8Array): string {
  return createHash("sha1").update(`blob ${bytes.byteLength}\0`).update(bytes).digest("hex");
}

function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (systemCode(error) !== "ENOTDIR") throw error;
    return undefined;
  }
}
