import { lstat, readdir, realpath } from "node:fs/promises";
import { join, relative } from "node:path";
import { systemCode } from "../../atomic-file.ts";
import { DevregError, describeError } from "../../errors.ts";
import { FOLDER_DEPTH } from "../../limits.ts";
import { type Checkout, findCheckout } from "../git-history-checkout.ts";
import { GitObjects } from "../git-history-objects.ts";
import type { TreeEntry } from "../git-history-parse.ts";
import type { ObjectSource } from "../git-history-walk.ts";
import { differs, entriesOf, folderOf } from "../git-history-worktree.ts";
import { findCommit } from "./find-commit.ts";
import { isNaming, namesGiven } from "./former-names.ts";
import { findMergeBase } from "./merge-base.ts";

/** What changed in a registry repository. */
export interface ChangedFiles {
  /** The commit that it is compared with. */
  readonly commit: string;
  /** Paths of files that differ, are new or are gone, relative to the repository. */
  readonly paths: ReadonlySet<string>;
  /** Names that stacks and samples with such files had, by which others may still refer to them. */
  readonly formerNames: ReadonlySet<string>;
}

/** The parts of a registry repository that say what a registry is like. */
const NAMES = [
  ...["stacks", "devfiles", "samples"],
  ...["extraDevfileEntries.yaml", "last_modified.json", "devreg.rules.yaml", "index.json"],
];

/**
 * Tells which files of a checkout, or of a folder in one, are not as they were where a revision and
 * HEAD parted: what was committed since, what was not, and files that git does not know. No git
 * program is needed.
 *
 * @throws {DevregError} USAGE when the folder is in no checkout, there is no such revision, or they
 *   have no commit in common; INPUT_INVALID, UNSUPPORTED, NOT_FOUND when the repository cannot be read
 */
export async function findChangedFiles(root: string, revision: string): Promise<ChangedFiles> {
  const checkout = findCheckout(root);
  if (checkout === undefined) {
    throw new DevregError("USAGE", `Cannot tell what changed in "${root}": it is no git checkout`, {
      hint: "Leave --changed-since out, or clone the repository with git",
    });
  }
  const objects = new GitObjects(checkout.objectsDir);
  try {
    const since = findCommit(checkout, objects, revision);
    return await compareWithBase(root, checkout, objects, { since, shown: revision });
  } catch (error) {
    if (error instanceof DevregError) throw error;
    const message = `Cannot read git history of "${root}": ${describeError(error)}`;
    throw new DevregError("INPUT_INVALID", message, { cause: error });
  } finally {
    objects.close();
  }
}

async function compareWithBase(
  root: string,
  checkout: Checkout,
  objects: ObjectSource,
  { since, shown }: { readonly since: string; readonly shown: string },
): Promise<ChangedFiles> {
  const commit = findMergeBase(objects, checkout, since, checkout.head);
  if (commit === undefined) throw nothingInCommon(shown, checkout);
  const folder = folderOf(objects, { head: commit, prefix: checkout.prefix });
  const entries = entriesOf(objects, folder);
  const walk = new ChangeWalk(await realpath(root), objects);
  for (const name of NAMES) await walk.visit(name, entries.get(name), 0);
  walk.followLinks();
  return { commit, paths: walk.paths, formerNames: walk.formerNames };
}

/** Gathers the files that differ from a commit. */
class ChangeWalk {
  readonly paths = new Set<string>();
  readonly formerNames = new Set<string>();
  readonly #root: string;
  readonly #objects: ObjectSource;
  /** What symbolic links lead to, by their paths. */
  readonly #links = new Map<string, string>();

  constructor(root: string, objects: ObjectSource) {
    this.#root = root;
    this.#objects = objects;
  }

  async visit(path: string, entry: TreeEntry | undefined, depth: number): Promise<void> {
    const names = depth > FOLDER_DEPTH ? undefined : await this.#namesIn(path);
    const isFolder = names !== undefined;
    if (!isFolder && entry?.folder !== true) {
      if (await differs(this.#objects, join(this.#root, path), entry, depth)) {
        this.paths.add(path);
        this.#rememberNames(path, entry);
      }
      return;
    }
    // A file that a folder took the place of, or the other way round.
    if (entry !== undefined && entry.folder !== isFolder) this.paths.add(path);
    const entries = entriesOf(this.#objects, entry);
    for (const name of new Set([...entries.keys(), ...(names ?? [])])) {
      if (name !== ".git") await this.visit(`${path}/${name}`, entries.get(name), depth + 1);
    }
  }

  /** What is read through a link changed with what the link leads to. */
  followLinks(): void {
    for (const [path, target] of this.#links) {
      const isChanged = [...this.paths].some(
        (each) => each === target || each.startsWith(`${target}/`),
      );
      if (isChanged) this.paths.add(path);
    }
  }

  #rememberNames(path: string, entry: TreeEntry | undefined): void {
    if (entry === undefined || !isNaming(path)) return;
    const { type, content } = this.#objects.read(entry.oid);
    for (const name of type === "blob" ? namesGiven(path, content) : []) this.formerNames.add(name);
  }

  /** Gives the names in a folder; undefined for what is none, or not there. */
  async #namesIn(path: string): Promise<readonly string[] | undefined> {
    const place = join(this.#root, path);
    try {
      const stats = await lstat(place);
      if (stats.isSymbolicLink())
        this.#links.set(path, relative(this.#root, await realpath(place)));
      return stats.isDirectory() ? await readdir(place) : undefined;
    } catch (error) {
      const code = systemCode(error);
      if (code === "ENOTDIR" || code === "ENOENT" || code === "ELOOP") return undefined;
      throw error;
    }
  }
}

function nothingInCommon(revision: string, { shallow }: Checkout): DevregError {
  const hint =
    shallow.size === 0
      ? "Name a revision that HEAD has commits in common with"
      : "Older commits were not fetched: git fetch --unshallow, or fetch-depth: 0 in a workflow";
  const message = `Cannot tell what changed since "${revision}": no commit is known to come before both it and HEAD`;
  return new DevregError("USAGE", message, { hint });
}
