import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DevregError } from "../../errors.ts";
import { type ChangedFiles, findChangedFiles } from "../changed/index.ts";
import type { Finding } from "../findings.ts";
import { FolderStackSource } from "../folder-source.ts";
import { type GitHistory, readGitHistory } from "../git-history.ts";
import type { Commit } from "../git-history-parse.ts";
import type { SourceListing, StackSource } from "../stack-source.ts";
import { fetchAfter, type GitBase } from "./fetch-after.ts";
import { timesOf } from "./fetch-git.ts";
import { type FetchScope, openScope } from "./fetch-scope.ts";
import { type GitAddress, parseGitAddress } from "./git-address.ts";
import { isObjectName } from "./git-advertisement.ts";
import { type Checkout, checkOut, openRemote } from "./git-checkout.ts";
import type { GitRemote } from "./git-remote.ts";
import { fetchRevision, findRevision, openCommit } from "./git-revision.ts";
import type { FetchDeps } from "./project.ts";
import { checkPlaces, isLfsPointer } from "./project-tree.ts";
import { writeTree } from "./write-tree.ts";

/** A registry repository that was fetched; its content lies in a folder until it is closed. */
export interface FetchedRepository {
  /** Its files, as those of a folder. */
  readonly source: StackSource;
  /** Without user information. */
  readonly url: string;
  readonly commit_hash: string;
  /** Committer date, RFC 3339 in UTC. */
  readonly commit_time: string;
  /** The commits that it follows. */
  readonly parents: readonly string[];
  /** What a later fetch may build on while this is open. */
  readonly base?: GitBase;
  /**
   * Dates folders as `git log -1 --format=%aI -- <folder>` does; `shallow` tells that older commits
   * are missing, since the server has none or the history was not fetched.
   *
   * @throws {DevregError} as readGitHistory()
   */
  history(folders: readonly string[]): Promise<GitHistory>;
  /**
   * Tells which files are not as they were where a revision of the same repository and what was
   * fetched parted; the commits that this takes are fetched, without the content of files.
   *
   * @throws {DevregError} USAGE for an unknown revision; as fetching does
   */
  changedSince(revision: string): Promise<ChangedFiles>;
  /** Removes the folder. */
  close(): Promise<void>;
}

/** How a registry repository is fetched. */
export interface FetchRepositoryOptions {
  /** Whether all commits are fetched; unless told, when there is no last_modified.json. */
  readonly history?: boolean;
  /** An earlier fetch of the same repository: only what is new since is asked for, if it can be. */
  readonly base?: GitBase | undefined;
}

/** The folders of a registry repository that are read. */
const REGISTRY_FOLDER = /^(?:stacks|samples)\//;

/**
 * Fetches a registry repository at a revision (branch, tag or commit; the default branch where
 * absent), submodules included.
 *
 * @throws {DevregError} as fetchProject()
 */
export async function fetchRepository(
  url: string,
  revision: string | undefined,
  deps: FetchDeps,
  options: FetchRepositoryOptions = {},
): Promise<FetchedRepository> {
  const scope = await openScope(deps);
  try {
    return await fetchInto(scope, url, revision, options);
  } catch (error) {
    await scope.close();
    throw error;
  }
}

async function fetchInto(
  scope: FetchScope,
  url: string,
  revision: string | undefined,
  options: FetchRepositoryOptions,
): Promise<FetchedRepository> {
  const address = parseGitAddress(url);
  const remote = openRemote(address, scope);
  const folder = join(scope.folder, "repository");
  const place = { address, remote, gitDir: join(folder, ".git"), scope };
  scope.log.debug("fetching registry repository", { url: remote.url });
  const fetched =
    (await fetchNew(place, revision, options)) ?? (await fetchAll(place, revision, options));
  const { commit, checkout, hasHistory } = fetched;
  await writeTree(folder, checkout.entries);
  await writeFile(join(place.gitDir, "HEAD"), `${commit.oid}\n`);
  const commit_time = timesOf(commit).commitTime;
  return {
    source: new CheckoutStackSource(nameOf(remote.url, revision), folder, checkout),
    url: remote.url,
    commit_hash: commit.oid,
    commit_time,
    parents: commit.parents,
    base: { gitDir: place.gitDir, commit: commit.oid, hasHistory },
    history: async (folders) => ({
      ...((await readGitHistory(folder, folders)) ?? NO_HISTORY),
      // Content of submodules is not in the commit itself, yet it is what the commit names.
      ...{ commit_hash: commit.oid, commit_time, dirty: false },
    }),
    changedSince: (revision) => changedSince(folder, place, commit, revision),
    close: () => scope.close(),
  };
}

async function changedSince(
  folder: string,
  { remote, gitDir, scope }: Place,
  { oid }: Commit,
  revision: string,
): Promise<ChangedFiles> {
  try {
    const search = join(scope.folder, "search-since");
    const since = await findRevision(remote, revision, search);
    await remote.fetch({ oids: [...new Set([oid, since.wanted])], without: "blobs" }, gitDir);
    return await findChangedFiles(folder, since.commit);
  } catch (error) {
    const isUnknown =
      error instanceof DevregError && ["NOT_FOUND", "INPUT_INVALID"].includes(error.code);
    if (!isUnknown) throw error;
    const { message, hint } = error;
    throw new DevregError("USAGE", message, {
      cause: error,
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

interface Place {
  readonly address: GitAddress;
  readonly remote: GitRemote;
  readonly gitDir: string;
  readonly scope: FetchScope;
}

interface FetchedCheckout {
  readonly commit: Commit;
  readonly checkout: Checkout;
  /** Whether all commits before it were fetched. */
  readonly hasHistory: boolean;
}

async function fetchAll(
  { address, remote, gitDir, scope }: Place,
  revision: string | undefined,
  options: FetchRepositoryOptions,
): Promise<FetchedCheckout> {
  const commit = await fetchRevision(remote, revision, gitDir, join(scope.folder, "search"));
  const checkout = await checkOut({ address, commit, gitDir }, "", scope);
  checkPlaces(checkout.entries);
  const hasHistory = options.history ?? !isDated(checkout);
  if (hasHistory) await remote.fetch({ oids: [commit.oid], without: "blobs" }, gitDir);
  return { commit, checkout, hasHistory };
}

/** Fetches only what is new since an earlier fetch; undefined where all must be fetched. */
async function fetchNew(
  { address, remote, gitDir, scope }: Place,
  revision: string | undefined,
  options: FetchRepositoryOptions,
): Promise<FetchedCheckout | undefined> {
  const { base } = options;
  if (base === undefined || revision === undefined || !isObjectName(revision)) return undefined;
  if (!(await fetchAfter(remote, revision, base, gitDir))) return undefined;
  try {
    const commit = openCommit(gitDir, revision);
    const checkout = await checkOut({ address, commit, gitDir }, "", scope);
    checkPlaces(checkout.entries);
    const hasHistory = options.history ?? !isDated(checkout);
    if (hasHistory === base.hasHistory) return { commit, checkout, hasHistory };
  } catch (error) {
    // Servers take it that whoever has a commit has all before it, with the content of their files.
    if (!(error instanceof DevregError) || error.code !== "NOT_FOUND") throw error;
  }
  await rm(gitDir, { recursive: true, force: true });
  return undefined;
}

function isDated({ entries }: Checkout): boolean {
  return entries.some(({ path }) => path === "last_modified.json");
}

/** What is known where the commit has nothing of a registry. */
const NO_HISTORY = { shallow: false, lastModified: new Map<string, string>() };

function nameOf(url: string, revision: string | undefined): string {
  return revision === undefined ? url : `${url}#${revision}`;
}

/** A folder with a checkout in it. */
class CheckoutStackSource implements StackSource {
  readonly name: string;
  readonly #folder: FolderStackSource;
  readonly #pointers: readonly Finding[];

  constructor(name: string, folder: string, { entries }: Checkout) {
    this.name = name;
    this.#folder = new FolderStackSource(folder);
    this.#pointers = entries
      .filter((entry) => REGISTRY_FOLDER.test(entry.path) && isLfsPointer(entry))
      .map(({ path }) => lfsFinding(path));
  }

  async list(): Promise<SourceListing> {
    const { files, findings } = await this.#folder.list();
    return { files, findings: [...findings, ...this.#pointers] };
  }

  read(path: string, limitBytes: number): Promise<Uint8Array> {
    return this.#folder.read(path, limitBytes);
  }
}

function lfsFinding(file: string): Finding {
  return {
    severity: "error",
    rule: "lfs-pointer",
    file,
    message: `Cannot read "${file}": it is a pointer of Git LFS, not its content`,
    hint: "Keep the file itself in git",
  };
}
