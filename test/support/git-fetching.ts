import type {
  FetchDeps,
  FetchedProject,
  GitProjectSource,
} from "../../src/generator/fetch/index.ts";
import { fetchProject } from "../../src/generator/fetch/index.ts";
import { silentLogger } from "../../src/log.ts";
import { createTransportPool, type NetOptions } from "../../src/net/index.ts";
import { git } from "./git-repository.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** What fetching needs, over real connections. */
export interface Fetching extends FetchDeps, AsyncDisposable {}

/** Opens connections and a temporary folder; `await using` closes and removes them. */
export async function openFetching(
  options: Partial<FetchDeps> = {},
  net: Partial<NetOptions> = {},
): Promise<Fetching> {
  const pool = createTransportPool({ userAgent: "devreg-tests", ...net });
  const folder = await temporaryFolder();
  return {
    send: pool.send,
    temporaryFolder: folder.path,
    log: silentLogger,
    ...options,
    [Symbol.asyncDispose]: async () => {
      await pool.close();
      await folder.remove();
    },
  };
}

/** Fetches a project whose only remote is an address. */
export function fetchGitProject(
  url: string,
  deps: FetchDeps,
  options: { readonly revision?: string; readonly subDir?: string } = {},
): Promise<FetchedProject> {
  const { revision, subDir } = options;
  const source: GitProjectSource = {
    kind: "git",
    remotes: { origin: url },
    ...(revision === undefined ? {} : { checkoutFrom: { revision } }),
    ...(subDir === undefined ? {} : { subDir }),
  };
  return fetchProject(source, deps);
}

/** Renders a tree as "mode path content", sorted, which is what tests compare. */
export function treeLines({ tree }: Pick<FetchedProject, "tree">): string[] {
  return tree.entries.map((entry) => {
    const content = entry.mode === "symlink" ? Buffer.from(entry.target) : Buffer.from(entry.bytes);
    return `${entry.mode} ${entry.path} ${content.toString("base64")}`;
  });
}

const MODES: Readonly<Record<string, string>> = {
  "100644": "file",
  "100755": "executable",
  "120000": "symlink",
};

/** The same of a revision as the git program has it. */
export function treeLinesByGit(repository: string, revision: string): string[] {
  const list = git(repository, ["ls-tree", "-r", "-z", revision]).split("\0").filter(Boolean);
  return list.map((line) => {
    const [, mode = "", oid = "", path = ""] = /^(\d+) blob (\w+)\t(.*)$/.exec(line) ?? [];
    const content = Bun.spawnSync(["git", "cat-file", "blob", oid], { cwd: repository }).stdout;
    return `${MODES[mode]} ${path} ${content.toString("base64")}`;
  });
}

/** Writes a commit whose files are given by path: text, or what `git fast-import` calls a mode. */
export function importFiles(
  repository: string,
  files: Readonly<Record<string, string | { readonly mode: string; readonly text: string }>>,
  branch = "main",
): string {
  const lines = [
    `commit refs/heads/${branch}`,
    "committer C <c@example.com> 1700000000 +0100",
    "data 4",
    "test",
    "deleteall",
  ];
  for (const [path, file] of Object.entries(files)) {
    const { mode, text } = typeof file === "string" ? { mode: "100644", text: file } : file;
    if (mode === "160000") lines.push(`M 160000 ${text} ${path}`);
    else lines.push(`M ${mode} inline ${path}`, `data ${Buffer.byteLength(text)}`, text);
  }
  git(repository, ["fast-import", "--quiet", "--force"], `${lines.join("\n")}\n`);
  return git(repository, ["rev-parse", branch]).trim();
}
