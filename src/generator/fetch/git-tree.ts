import { textOf } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";
import { FOLDER_DEPTH } from "../../limits.ts";
import { parseTree } from "../git-history-parse.ts";
import type { ObjectSource } from "../git-history-walk.ts";
import { takeTurn } from "./fetch-scope.ts";
import type { ProjectEntry } from "./project.ts";
import type { TreeBudget } from "./tree-budget.ts";
import { checkName } from "./tree-paths.ts";

/** What is read of a tree. */
export interface TreeQuestion {
  /** Name of the tree. */
  readonly tree: string;
  /** Where the tree lies in the project; "" for its root, else with a slash at the end. */
  readonly prefix: string;
  /** The folder of the project that is wanted; "" for all. */
  readonly subDir: string;
  readonly budget: TreeBudget;
  readonly signal?: AbortSignal;
}

/** What a tree holds of what is wanted; paths count from the root of the project. */
export interface TreeContent {
  readonly entries: readonly ProjectEntry[];
  /** The commits of submodules at or below or above the wanted folder. */
  readonly submodules: readonly { readonly path: string; readonly commit: string }[];
}

/** How many files are read before others get a turn. */
const FILES_IN_A_ROW = 64;

/**
 * Reads the files of a tree in the order of git.
 *
 * @throws {DevregError} INPUT_INVALID for names and modes that no checkout has; LIMIT_EXCEEDED;
 *   ABORTED
 */
export async function readTree(source: ObjectSource, question: TreeQuestion): Promise<TreeContent> {
  const { prefix, subDir, budget, signal } = question;
  const entries: ProjectEntry[] = [];
  const submodules: { path: string; commit: string }[] = [];
  const visit = async (tree: string, folder: string, depth: number): Promise<void> => {
    budget.addFolder();
    if (depth > FOLDER_DEPTH) throw tooDeep(folder);
    for (const [name, { mode, oid }] of parseTree(source.read(tree).content)) {
      const path = folder + name;
      checkName(name, path);
      if (!concerns(subDir, path)) continue;
      if (mode === "40000") await visit(oid, `${path}/`, depth + 1);
      else if (mode === "160000") submodules.push({ path, commit: oid });
      else if (subDir === "" || path.startsWith(`${subDir}/`)) {
        const { content } = source.read(oid);
        budget.addFile(path, content.byteLength);
        entries.push(makeEntry(path, mode, content));
        if (entries.length % FILES_IN_A_ROW === 0) await takeTurn(signal);
      }
    }
  };
  await visit(question.tree, prefix, 0);
  return { entries, submodules };
}

/** Tells whether a path is part of what is wanted, or leads there. */
function concerns(subDir: string, path: string): boolean {
  return (
    subDir === "" ||
    path === subDir ||
    path.startsWith(`${subDir}/`) ||
    subDir.startsWith(`${path}/`)
  );
}

function makeEntry(path: string, mode: string, content: Buffer): ProjectEntry {
  if (mode === "120000") return { path, mode: "symlink", target: textOf(content) };
  if (mode === "100755") return { path, mode: "executable", bytes: content };
  // 100664 is what git wrote in its first months.
  if (mode === "100644" || mode === "100664") return { path, mode: "file", bytes: content };
  throw new DevregError("INPUT_INVALID", `Cannot check out "${path}": its mode is ${mode}`, {
    hint: "Check the repository with git fsck",
  });
}

function tooDeep(folder: string): DevregError {
  const shown = folder.slice(0, 100);
  const message = `Cannot check out "${shown}…": over ${FOLDER_DEPTH} folders deep`;
  return new DevregError("LIMIT_EXCEEDED", message);
}
