import { join } from "node:path";
import { textOf } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";
import { GITMODULES_BYTES, SUBMODULE_DEPTH, SUBMODULES } from "../../limits.ts";
import { checkHop } from "../../net/index.ts";
import { GitObjects } from "../git-history-objects.ts";
import { type Commit, parseTree } from "../git-history-parse.ts";
import type { FetchScope } from "./fetch-scope.ts";
import { type GitAddress, httpsForm, resolveSubmodule } from "./git-address.ts";
import { HttpGitRemote } from "./git-http-remote.ts";
import { parseGitmodules, type Submodules } from "./git-modules.ts";
import { ProgramGitRemote } from "./git-program.ts";
import type { GitRemote } from "./git-remote.ts";
import { fetchRevision } from "./git-revision.ts";
import { readTree, type TreeContent } from "./git-tree.ts";
import type { ProjectEntry, SubmoduleProvenance } from "./project.ts";
import { TreeBudget } from "./tree-budget.ts";

/** A commit whose objects lie in a git folder. */
export interface FetchedCommit {
  readonly address: GitAddress;
  readonly commit: Commit;
  readonly gitDir: string;
}

/** The files of a commit, those of its submodules included. */
export interface Checkout {
  /** Paths count from the top of the repository. */
  readonly entries: readonly ProjectEntry[];
  readonly submodules: readonly SubmoduleProvenance[];
}

/**
 * Opens a repository elsewhere; nothing is sent yet.
 *
 * @throws {DevregError} UNSUPPORTED for ssh without a git program
 */
export function openRemote(address: GitAddress, scope: FetchScope): GitRemote {
  if (address.kind === "http") return new HttpGitRemote(address, scope);
  const { runGit, folder, signal } = scope;
  if (runGit !== undefined) return new ProgramGitRemote(address, { runGit, folder, signal });
  throw new DevregError(
    "UNSUPPORTED",
    `Cannot fetch "${address.text}": ssh needs the git program, which is not there`,
    { hint: `Use ${httpsForm(address)}, or install git` },
  );
}

/**
 * Reads the files of a commit and fetches the submodules among them, each at the commit that its
 * repository names.
 *
 * @param subDir the folder that is wanted, "" for all; submodules elsewhere are not fetched
 * @throws {DevregError} as {@link fetchRevision} and {@link readTree}
 */
export async function checkOut(
  fetched: FetchedCommit,
  subDir: string,
  scope: FetchScope,
): Promise<Checkout> {
  const walk = new CheckoutWalk(subDir, scope);
  await walk.add(fetched, "", 0);
  return walk;
}

class CheckoutWalk implements Checkout {
  readonly entries: ProjectEntry[] = [];
  readonly submodules: SubmoduleProvenance[] = [];
  readonly #subDir: string;
  readonly #scope: FetchScope;
  readonly #budget: TreeBudget;

  constructor(subDir: string, scope: FetchScope) {
    this.#subDir = subDir;
    this.#scope = scope;
    this.#budget = new TreeBudget(scope.limitBytes);
  }

  async add(fetched: FetchedCommit, prefix: string, depth: number): Promise<void> {
    const { content, modules } = await this.#read(fetched, prefix);
    for (const entry of content.entries) this.entries.push(entry);
    for (const { path, commit } of content.submodules) {
      if (depth >= SUBMODULE_DEPTH) throw tooMany(path, `over ${SUBMODULE_DEPTH} levels deep`);
      if (this.submodules.length >= SUBMODULES) throw tooMany(path, `over ${SUBMODULES} of them`);
      const url = modules.get(path.slice(prefix.length));
      if (url === undefined) throw unknown(path);
      const submodule = await this.#fetch(resolveFrom(fetched.address, url), commit, path);
      await this.add(submodule, `${path}/`, depth + 1);
    }
  }

  async #read(
    { commit, gitDir }: FetchedCommit,
    prefix: string,
  ): Promise<{ readonly content: TreeContent; readonly modules: Submodules }> {
    const objects = new GitObjects(join(gitDir, "objects"));
    try {
      const content = await readTree(objects, {
        tree: commit.tree,
        prefix,
        subDir: this.#subDir,
        budget: this.#budget,
        signal: this.#scope.signal,
      });
      const none = content.submodules.length === 0;
      return { content, modules: none ? new Map() : readModules(objects, commit) };
    } finally {
      objects.close();
    }
  }

  async #fetch(address: GitAddress, oid: string, path: string): Promise<FetchedCommit> {
    const number = this.submodules.length + 1;
    const [gitDir, scratch] = ["git", "search"].map((name) =>
      join(this.#scope.folder, `submodule-${number}.${name}`),
    );
    const remote = openRemote(address, this.#scope);
    this.#scope.log.debug("fetching submodule", { path, url: remote.url });
    this.submodules.push({ path, url: remote.url, commit: oid });
    const commit = await fetchRevision(remote, oid, gitDir ?? "", scratch ?? "");
    return { address, commit, gitDir: gitDir ?? "" };
  }
}

function readModules(objects: GitObjects, { tree }: Commit): Submodules {
  const entry = parseTree(objects.read(tree).content).get(".gitmodules");
  if (entry === undefined || !entry.mode.startsWith("100")) return new Map();
  const { content } = objects.read(entry.oid);
  if (content.byteLength > GITMODULES_BYTES) {
    const message = `Cannot read ".gitmodules": over ${GITMODULES_BYTES} bytes`;
    throw new DevregError("LIMIT_EXCEEDED", message);
  }
  return parseGitmodules(textOf(content));
}

/** Resolves the address of a submodule and checks that its repository may name it. */
function resolveFrom(base: GitAddress, url: string): GitAddress {
  const address = resolveSubmodule(base, url);
  const hostOf = (one: GitAddress) =>
    one.kind === "http" ? one.url : new URL(`https://${one.host}`);
  checkHop(hostOf(base), hostOf(address));
  return address;
}

function unknown(path: string): DevregError {
  const message = `Cannot fetch submodule "${path}": .gitmodules does not say where it comes from`;
  return new DevregError("INPUT_INVALID", message, {
    hint: "Add its path and url to .gitmodules, or remove it from the repository",
  });
}

function tooMany(path: string, state: string): DevregError {
  return new DevregError("LIMIT_EXCEEDED", `Cannot fetch submodule "${path}": ${state}`);
}
