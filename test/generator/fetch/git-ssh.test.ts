import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  fetchRepository,
  type RunGit,
  resolveRevision,
} from "../../../src/generator/fetch/index.ts";
import {
  type Fetching,
  fetchGitProject,
  openFetching,
  treeLines,
  treeLinesByGit,
} from "../../support/git-fetching.ts";
import { git, importRandomHistory, initRepository } from "../../support/git-repository.ts";
import { type TemporaryFolder, temporaryFolder } from "../../support/temporary-folder.ts";

let root: TemporaryFolder;
let repository: string;
let fetching: Fetching;
let runs: (readonly string[])[] = [];

beforeAll(async () => {
  root = await temporaryFolder();
  repository = join(root.path, "app.git");
  await initRepository(repository);
  importRandomHistory(repository, { seed: 41, commits: 200 });
  git(repository, ["tag", "-a", "v1", "-m", "v1", "main~3"]);
  // Stands in for ssh: runs on this machine what it is asked to run on another.
  const ssh = join(root.path, "ssh");
  await writeFile(
    ssh,
    `#!/bin/sh\nfor last; do :; done\ncd ${root.path} && eval "$(echo "$last" | sed s,/app.git,app.git,)"\n`,
  );
  await chmod(ssh, 0o755);
  fetching = await openFetching({ runGit: runGitWith(ssh) });
});
afterAll(async () => {
  await fetching[Symbol.asyncDispose]();
  await root.remove();
});

function runGitWith(ssh: string): RunGit {
  return async (args, { cwd, env }) => {
    runs.push(args);
    const ours = { PATH: "/usr/bin:/bin", GIT_SSH: ssh, GIT_SSH_VARIANT: "ssh" };
    const child = Bun.spawn(["git", ...args], {
      cwd,
      env: { ...ours, GIT_CONFIG_NOSYSTEM: "1", HOME: "/nonexistent", ...env },
      stdout: "pipe",
      stderr: "pipe",
      stdin: "ignore",
    });
    const [stdout, stderr, code] = await Promise.all([
      child.stdout.text(),
      child.stderr.text(),
      child.exited,
    ]);
    return { code, stdout, stderr };
  };
}

const URLS = ["git@example.invalid:app.git", "ssh://git@example.invalid:2222/app.git"];

describe("fetchProject() by ssh", () => {
  for (const url of URLS) {
    test(`checks out revisions of ${url} by the git program`, async () => {
      const old = git(repository, ["rev-parse", "main~30"]).trim();
      for (const [revision, name] of [
        [undefined, "main"],
        ["v1", "v1"],
        [old, old],
        [old.slice(0, 9), old],
      ] as const) {
        const options = revision === undefined ? {} : { revision };
        const fetched = await fetchGitProject(url, fetching, options);
        expect(treeLines(fetched)).toEqual(treeLinesByGit(repository, name));
        expect(fetched.provenance.url).toBe(url);
      }
      const commit = git(repository, ["rev-parse", "v1^{}"]).trim();
      expect(await resolveRevision(url, "v1", fetching)).toBe(commit);
    });
  }

  test("never lets a configuration widen what git speaks", () => {
    expect(runs.length).toBeGreaterThan(0);
    runs = runs.filter((args) => args[0] !== "init");
    for (const args of runs) {
      expect(args.slice(0, 4)).toEqual([
        "-c",
        "protocol.allow=never",
        "-c",
        "protocol.ssh.allow=always",
      ]);
      expect(args).toContain("--");
    }
  });

  test("dates the folders of a registry repository", async () => {
    const fetched = await fetchRepository(URLS[0] ?? "", undefined, fetching);
    const folders = ["stacks/s0", "stacks/s1/0.0.0", "stacks/s2/1.0.0"];
    const { lastModified, shallow } = await fetched.history(folders);
    expect(shallow).toBe(false);
    for (const folder of folders) {
      const date = git(repository, ["log", "-1", "--format=%aI", "main", "--", folder]).trim();
      expect(lastModified.get(folder)).toBe(date.replace("+00:00", "Z"));
    }
    await fetched.close();
  });

  test("names what is nearest, and what git says", async () => {
    const [url = ""] = URLS;
    await expect(fetchGitProject(url, fetching, { revision: "mian" })).rejects.toMatchObject({
      code: "NOT_FOUND",
      hint: expect.stringContaining('"main"'),
    });
    await expect(fetchGitProject("git@example.invalid:none.git", fetching)).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining("does not appear to be a git repository"),
    });
  });

  test("names the https form where there is no git program", async () => {
    const { runGit: _, ...without } = fetching;
    for (const [url, hint] of [
      ["git@example.com:group/app.git", "https://example.com/group/app.git"],
      ["ssh://git@example.com:22/group/app.git", "https://example.com/group/app.git"],
    ] as const) {
      await expect(fetchGitProject(url, without)).rejects.toMatchObject({
        code: "UNSUPPORTED",
        hint: expect.stringContaining(hint),
      });
    }
  });
});
