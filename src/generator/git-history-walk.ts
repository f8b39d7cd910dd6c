import { setImmediate } from "node:timers/promises";
import { DevregError } from "../errors.ts";
import { GIT_COMMITS } from "../limits.ts";
import { type Commit, parseCommit, parseTree, type TreeEntries } from "./git-history-parse.ts";

/** Reads objects by name; what {@link GitObjects} gives. */
export interface ObjectSource {
  read(oid: string): { readonly type: string; readonly content: Buffer };
}

/** Where a walk begins and ends. */
export interface WalkOptions {
  readonly head: string;
  /** Commits whose parents were not fetched. */
  readonly shallow: ReadonlySet<string>;
  readonly signal?: AbortSignal;
}

/** The paths looked for, as a tree of names. */
interface PathNode {
  readonly children: Map<string, PathNode>;
  path: string | undefined;
}

/** How many commits are read before others get a turn. */
const COMMITS_IN_A_ROW = 64;

/**
 * Finds the commit that `git log -1 -- <path>` names, for many paths in one pass. A path that no
 * commit has is left out.
 *
 * A path follows the first parent that has it unchanged, and that parent alone; a commit that
 * differs from all its parents is the one. So each path has one line of ancestors, and paths that
 * are on the same commit are taken further together, newest commit first.
 *
 * Spec: git log, History Simplification, default mode.
 *
 * @throws {DevregError} LIMIT_EXCEEDED, ABORTED; NOT_FOUND when an object is missing
 */
export async function findLastCommits(
  source: ObjectSource,
  paths: readonly string[],
  options: WalkOptions,
): Promise<ReadonlyMap<string, Commit>> {
  const history = new History(source, options.shallow);
  const root = pathTree(paths);
  const found = new Map<string, Commit>();
  const pending = new Map<string, Set<string>>([[options.head, new Set(paths)]]);
  for (let visited = 0; pending.size > 0; visited++) {
    if (visited >= GIT_COMMITS) throw tooLong();
    if (visited % COMMITS_IN_A_ROW === 0) await turn(options.signal);
    const commit = history.newest(pending.keys());
    const rest = pending.get(commit.oid) ?? new Set();
    pending.delete(commit.oid);
    for (const parent of commit.parents) {
      const changed = history.changedPaths(commit, history.commit(parent), root);
      const same = [...rest].filter((path) => !changed.has(path));
      if (same.length === 0) continue;
      const waiting = pending.get(parent) ?? new Set();
      for (const path of same) {
        waiting.add(path);
        rest.delete(path);
      }
      pending.set(parent, waiting);
      if (rest.size === 0) break;
    }
    // A commit without parents is compared with nothing: what it lacks was never there.
    const there = commit.parents.length > 0 ? rest : history.changedPaths(commit, undefined, root);
    for (const path of rest) if (there.has(path)) found.set(path, commit);
  }
  return found;
}

/** Commits and trees, each parsed once. */
class History {
  readonly #source: ObjectSource;
  readonly #shallow: ReadonlySet<string>;
  readonly #commits = new Map<string, Commit>();
  readonly #trees = new Map<string, TreeEntries>();

  constructor(source: ObjectSource, shallow: ReadonlySet<string>) {
    this.#source = source;
    this.#shallow = shallow;
  }

  commit(oid: string): Commit {
    const known = this.#commits.get(oid);
    if (known !== undefined) return known;
    const parsed = parseCommit(oid, this.#source.read(oid).content);
    const commit = this.#shallow.has(oid) ? { ...parsed, parents: [] } : parsed;
    this.#commits.set(oid, commit);
    return commit;
  }

  /** Gives the newest of some commits; paths that were parted by a branch meet again that way. */
  newest(oids: Iterable<string>): Commit {
    let newest: Commit | undefined;
    for (const oid of oids) {
      const commit = this.commit(oid);
      if (newest === undefined || commit.committer.seconds > newest.committer.seconds) {
        newest = commit;
      }
    }
    if (newest === undefined) throw new Error("Unreachable: no commit is pending");
    return newest;
  }

  /** Gives the paths that differ; only folders above a difference are read. */
  changedPaths(commit: Commit, parent: Commit | undefined, root: PathNode): Set<string> {
    const changed = new Set<string>();
    this.#compare(commit.tree, parent?.tree, root, changed);
    return changed;
  }

  #compare(
    a: string | undefined,
    b: string | undefined,
    node: PathNode,
    changed: Set<string>,
  ): void {
    if (a === b) return;
    const [left, right] = [this.#tree(a), this.#tree(b)];
    for (const [name, child] of node.children) {
      const [one, other] = [left.get(name), right.get(name)];
      if (one?.oid === other?.oid && one?.mode === other?.mode) continue;
      if (child.path !== undefined) changed.add(child.path);
      if (child.children.size > 0) {
        const treeOf = (entry: typeof one) => (entry?.folder === true ? entry.oid : undefined);
        this.#compare(treeOf(one), treeOf(other), child, changed);
      }
    }
  }

  #tree(oid: string | undefined): TreeEntries {
    if (oid === undefined) return NO_ENTRIES;
    const known = this.#trees.get(oid);
    if (known !== undefined) return known;
    const tree = parseTree(this.#source.read(oid).content);
    this.#trees.set(oid, tree);
    return tree;
  }
}

const NO_ENTRIES: TreeEntries = new Map();

function pathTree(paths: readonly string[]): PathNode {
  const root: PathNode = { children: new Map(), path: undefined };
  for (const path of paths) {
    let node = root;
    for (const name of path.split("/")) {
      const child = node.children.get(name) ?? { children: new Map(), path: undefined };
      node.children.set(name, child);
      node = child;
    }
    node.path = path;
  }
  return root;
}

async function turn(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  if (signal?.aborted === true) {
    throw new DevregError("ABORTED", "Cannot read git history: it was interrupted");
  }
}

function tooLong(): DevregError {
  return new DevregError("LIMIT_EXCEEDED", `Cannot read git history: over ${GIT_COMMITS} commits`, {
    hint: "Keep a last_modified.json in the repository",
  });
}
