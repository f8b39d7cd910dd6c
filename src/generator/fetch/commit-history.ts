import { join } from "node:path";
import { DevregError } from "../../errors.ts";
import { GIT_COMMITS } from "../../limits.ts";
import type { CommitOrder } from "../generation-order.ts";
import { GitObjects } from "../git-history-objects.ts";
import { parseCommit } from "../git-history-parse.ts";
import { type FetchScope, openScope, takeTurn } from "./fetch-scope.ts";
import { parseGitAddress } from "./git-address.ts";
import { openRemote } from "./git-checkout.ts";
import type { GitRemote } from "./git-remote.ts";
import { findRevision } from "./git-revision.ts";
import type { FetchDeps } from "./project.ts";

/** The parents of commits, by name. */
type Parents = ReadonlyMap<string, readonly string[]>;

/** How many commits are read before others get a turn. */
const COMMITS_IN_A_ROW = 256;

/** The commits of a repository as far as they were fetched. */
export class CommitHistory {
  readonly #tip: string;
  readonly #parents: Parents;

  /** @param tip the commit that the branch stands at */
  constructor(tip: string, parents: Parents) {
    this.#tip = tip;
    this.#parents = parents;
  }

  /** Tells whether the server has that commit. */
  has(commit: string): boolean {
    return this.#parents.has(commit);
  }

  /**
   * Tells how two commits stand to each other. Of two that are on different lines, the one that the
   * branch has is newer: the other one was given up. Nothing is told of a commit that the server does
   * not have: it may be lost, or so new that this server has yet to learn of it.
   */
  order(a: string, b: string): CommitOrder {
    if (a === b) return "same";
    if (!this.has(a) || !this.has(b)) return undefined;
    if (this.leadsTo(b, a)) return "older";
    if (this.leadsTo(a, b)) return "newer";
    const [hasA, hasB] = [this.leadsTo(this.#tip, a), this.leadsTo(this.#tip, b)];
    if (hasA === hasB) return undefined;
    return hasA ? "newer" : "older";
  }

  /** Tells whether a commit is another one, or has it among its ancestors. */
  leadsTo(from: string, ancestor: string): boolean {
    const seen = new Set([from]);
    for (const oid of seen) {
      if (oid === ancestor) return true;
      for (const parent of this.#parents.get(oid) ?? []) seen.add(parent);
    }
    return false;
  }
}

/**
 * Fetches the commits that a branch and other commits lead back to, without their content where the
 * server can leave it out.
 *
 * @param revision branch, tag or commit; the default branch where absent
 * @param commits those that the server lacks are left out
 * @throws {DevregError} as resolveRevision(); LIMIT_EXCEEDED over GIT_COMMITS
 */
export async function fetchCommitHistory(
  url: string,
  revision: string | undefined,
  commits: readonly string[],
  deps: FetchDeps,
): Promise<CommitHistory> {
  const scope = await openScope(deps);
  try {
    const remote = openRemote(parseGitAddress(url), scope);
    const tip = await findRevision(remote, revision, join(scope.folder, "search"));
    const gitDir = join(scope.folder, "git");
    await fetchCommits(remote, [...new Set([tip.wanted, ...commits])], gitDir);
    return new CommitHistory(
      tip.commit,
      await readParents(gitDir, [tip.commit, ...commits], scope),
    );
  } finally {
    await scope.close();
  }
}

/** A server may give only what its branches have, and may have forgotten what they had. */
async function fetchCommits(
  remote: GitRemote,
  oids: readonly string[],
  gitDir: string,
): Promise<void> {
  try {
    await remote.fetch({ oids, without: "trees" }, gitDir);
  } catch (error) {
    if (!(error instanceof DevregError) || error.code !== "NOT_FOUND") throw error;
    await remote.fetch({ oids: "all", without: "trees" }, gitDir);
  }
}

async function readParents(
  gitDir: string,
  from: readonly string[],
  { signal }: FetchScope,
): Promise<Parents> {
  const objects = new GitObjects(join(gitDir, "objects"));
  try {
    const parents = new Map<string, readonly string[]>();
    const seen = new Set(from);
    for (const oid of seen) {
      if (parents.size > GIT_COMMITS) throw tooMany();
      if (parents.size % COMMITS_IN_A_ROW === 0) await takeTurn(signal);
      const found = parentsOf(objects, oid);
      if (found === undefined) continue;
      parents.set(oid, found);
      for (const parent of found) seen.add(parent);
    }
    return parents;
  } finally {
    objects.close();
  }
}

function parentsOf(objects: GitObjects, oid: string): readonly string[] | undefined {
  try {
    const { type, content } = objects.read(oid);
    return type === "commit" ? parseCommit(oid, content).parents : undefined;
  } catch (error) {
    if (error instanceof DevregError && error.code === "NOT_FOUND") return undefined;
    throw error;
  }
}

function tooMany(): DevregError {
  return new DevregError("LIMIT_EXCEEDED", `Cannot read git history: over ${GIT_COMMITS} commits`);
}
