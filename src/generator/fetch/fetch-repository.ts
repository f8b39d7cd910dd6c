import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Finding } from "../findings.ts";
import { FolderStackSource } from "../folder-source.ts";
import { type GitHistory, readGitHistory } from "../git-history.ts";
import type { SourceListing, StackSource } from "../stack-source.ts";
import { timesOf } from "./fetch-git.ts";
import { type FetchScope, openScope } from "./fetch-scope.ts";
import { parseGitAddress } from "./git-address.ts";
import { type Checkout, checkOut, openRemote } from "./git-checkout.ts";
import { fetchRevision } from "./git-revision.ts";
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
  /**
   * Dates folders as `git log -1 --format=%aI -- <folder>` does; `shallow` tells that older commits
   * are missing, since the server has none or the history was not fetched.
   *
   * @throws {DevregError} as readGitHistory()
   */
  history(folders: readonly string[]): Promise<GitHistory>;
  /** Removes the folder. */
  close(): Promise<void>;
}

/** How a registry repository is fetched. */
export interface FetchRepositoryOptions {
  /** Whether all commits are fetched; unless told, when there is no last_modified.json. */
  readonly history?: boolean;
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
  const gitDir = join(folder, ".git");
  scope.log.debug("fetching registry repository", { url: remote.url });
  const commit = await fetchRevision(remote, revision, gitDir, join(scope.folder, "search"));
  const checkout = await checkOut({ address, commit, gitDir }, "", scope);
  checkPlaces(checkout.entries);
  await writeTree(folder, checkout.entries);
  await writeFile(join(gitDir, "HEAD"), `${commit.oid}\n`);
  const dated = checkout.entries.some(({ path }) => path === "last_modified.json");
  if (options.history ?? !dated) {
    await remote.fetch({ oids: [commit.oid], without: "blobs" }, gitDir);
  }
  const commit_time = timesOf(commit).commitTime;
  return {
    source: new CheckoutStackSource(nameOf(remote.url, revision), folder, checkout),
    url: remote.url,
    commit_hash: commit.oid,
    commit_time,
    parents: commit.parents,
    history: async (folders) => ({
      ...((await readGitHistory(folder, folders)) ?? NO_HISTORY),
      // Content of submodules is not in the commit itself, yet it is what the commit names.
      ...{ commit_hash: commit.oid, commit_time, dirty: false },
    }),
    close: () => scope.close(),
  };
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
