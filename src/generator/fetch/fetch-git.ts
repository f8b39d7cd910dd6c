import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { DevregError } from "../../errors.ts";
import { type Commit, formatGitTime } from "../git-history-parse.ts";
import { type FetchScope, openScope } from "./fetch-scope.ts";
import { parseGitAddress } from "./git-address.ts";
import { isObjectName } from "./git-advertisement.ts";
import { checkOut, openRemote } from "./git-checkout.ts";
import { fetchRevision, findRevision } from "./git-revision.ts";
import type { FetchDeps, GitProjectSource, ProjectEntry, ProjectReader } from "./project.ts";
import { makeTree } from "./project-tree.ts";
import { parseSubDir, pathBelow } from "./tree-paths.ts";

/** Opens a project in git: its commit is fetched once. @throws {DevregError} as openProject() */
export async function openGit(source: GitProjectSource, scope: FetchScope): Promise<ProjectReader> {
  const address = parseGitAddress(remoteOf(source));
  const remote = openRemote(address, scope);
  scope.log.debug("fetching project", { url: remote.url });
  const [gitDir, scratch] = [join(scope.folder, "git"), join(scope.folder, "search")];
  const commit = await fetchRevision(remote, source.checkoutFrom?.revision, gitDir, scratch);
  return async (folder) => {
    const subDir = parseSubDir(folder);
    // Submodules of each reading are fetched into a folder of their own.
    const own = { ...scope, folder: await mkdtemp(join(scope.folder, "read-")) };
    const checkout = await checkOut({ address, commit, gitDir }, subDir, own);
    return {
      tree: makeTree(entriesBelow(checkout.entries, subDir)),
      provenance: {
        kind: "git",
        url: remote.url,
        commit: commit.oid,
        ...timesOf(commit),
        submodules: checkout.submodules,
      },
    };
  };
}

/**
 * Resolves a revision to a commit without fetching content. A commit given by its whole name is
 * taken at its word; a short name makes the server send its commits, without their trees where it
 * can leave them out.
 *
 * @param revision branch, tag or commit; the default branch where absent
 * @throws {DevregError} NOT_FOUND naming what is nearest, UNAUTHORIZED, NETWORK, TIMEOUT, …
 */
export async function resolveRevision(
  url: string,
  revision: string | undefined,
  deps: FetchDeps,
): Promise<string> {
  if (revision !== undefined && isObjectName(revision)) return revision;
  const scope = await openScope(deps);
  try {
    const remote = openRemote(parseGitAddress(url), scope);
    return (await findRevision(remote, revision, join(scope.folder, "search"))).commit;
  } finally {
    await scope.close();
  }
}

/**
 * Asks whether a repository has a revision. One given by the whole name of its commit is asked for
 * itself, without its content where the server can leave that out.
 *
 * @param revision branch, tag or commit; the default branch where absent
 * @throws {DevregError} as resolveRevision()
 */
export async function checkRevision(
  url: string,
  revision: string | undefined,
  deps: FetchDeps,
): Promise<void> {
  const scope = await openScope(deps);
  try {
    const remote = openRemote(parseGitAddress(url), scope);
    const search = join(scope.folder, "search");
    if (revision === undefined || !isObjectName(revision)) {
      await findRevision(remote, revision, search);
      return;
    }
    const listed = await remote.listReferences(["refs/heads/", "refs/tags/"]);
    if (listed.some(({ oid, peeled }) => oid === revision || peeled === revision)) return;
    await fetchRevision(remote, revision, join(scope.folder, "git"), search, "trees");
  } finally {
    await scope.close();
  }
}

/** Gives the dates of a commit as provenance has them. */
export function timesOf(commit: Commit): {
  readonly commitTime: string;
  readonly authorTime: string;
} {
  return {
    commitTime: formatGitTime({ ...commit.committer, offsetMinutes: 0 }),
    authorTime: formatGitTime(commit.author),
  };
}

/**
 * Makes a folder the root.
 *
 * @throws {DevregError} NOT_FOUND when it is not there
 */
export function entriesBelow(
  entries: readonly ProjectEntry[],
  subDir: string,
): readonly ProjectEntry[] {
  const below = entries.flatMap((entry) => {
    const path = pathBelow(subDir, entry.path);
    return path === undefined ? [] : [{ ...entry, path }];
  });
  if (below.length > 0 || subDir === "") return below;
  throw new DevregError("NOT_FOUND", `Cannot fetch the project: it has no folder "${subDir}"`, {
    hint: "Check subDir, and whether the revision has it",
  });
}

/**
 * Gives the address that a project is fetched from. Spec: devfile 2.x, checkoutFrom.remote: needed
 * where there are several remotes.
 *
 * @throws {DevregError} INPUT_INVALID when none is chosen
 */
export function remoteOf({ remotes, checkoutFrom }: GitProjectSource): string {
  const names = Object.keys(remotes);
  const name = checkoutFrom?.remote ?? (names.length === 1 ? names[0] : undefined);
  const url = name !== undefined && Object.hasOwn(remotes, name) ? remotes[name] : undefined;
  if (url !== undefined) return url;
  const hint = `Set checkoutFrom.remote to one of ${names.map((each) => `"${each}"`).join(", ")}`;
  const state = name === undefined ? `it has ${names.length} remotes` : `no remote is "${name}"`;
  throw new DevregError("INPUT_INVALID", `Cannot fetch the project: ${state}`, {
    hint: names.length === 0 ? "Give the project a remote" : hint,
  });
}
