import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fetchProject, resolveRevision } from "../../../src/generator/fetch/index.ts";
import {
  type Fetching,
  fetchGitProject,
  importFiles,
  openFetching,
  treeLines,
  treeLinesByGit,
} from "../../support/git-fetching.ts";
import { type GitHttpServer, startGitHttpServer } from "../../support/git-http-server.ts";
import { git, importRandomHistory, initRepository } from "../../support/git-repository.ts";
import { type TemporaryFolder, temporaryFolder } from "../../support/temporary-folder.ts";

let root: TemporaryFolder;
let repository: string;
let fetching: Fetching;
const servers = new Map<string, GitHttpServer>();

beforeAll(async () => {
  root = await temporaryFolder();
  repository = join(root.path, "group/app.git");
  await initRepository(repository);
  importRandomHistory(repository, { seed: 21, commits: 300 });
  git(repository, ["tag", "-a", "v1.0.0", "-m", "first", "main~3"]);
  git(repository, ["tag", "-a", "nested", "-m", "of a tag", "v1.0.0"]);
  git(repository, ["tag", "light", "main~4"]);
  git(repository, ["branch", "feature/x", "main~5"]);
  git(repository, ["branch", "both", "main~6"]);
  git(repository, ["tag", "both", "main~7"]);
  git(repository, ["tag", "a-tree", "main^{tree}"]);
  git(repository, ["repack", "-adfq", "--depth=30"]);
  const filter = { "uploadpack.allowFilter": "true" };
  servers.set("version 2", startGitHttpServer(root.path, { config: filter }));
  servers.set("version 2 without filters", startGitHttpServer(root.path));
  servers.set("version 0", startGitHttpServer(root.path, { old: true }));
  fetching = await openFetching();
});
afterAll(async () => {
  for (const server of servers.values()) await server.stop();
  await fetching[Symbol.asyncDispose]();
  await root.remove();
});

function urlOf(server: string, name = "group/app.git"): string {
  return `${servers.get(server)?.url}/${name}`;
}

const REVISIONS: readonly (readonly [what: string, revision: string | undefined, git: string])[] = [
  ["the default branch", undefined, "main"],
  ["a branch", "feature/x", "feature/x"],
  ["an annotated tag", "v1.0.0", "v1.0.0"],
  ["a tag of a tag", "nested", "v1.0.0"],
  ["a light tag", "light", "light"],
  ["a branch rather than a tag of that name", "both", "refs/heads/both"],
  ["a whole reference", "refs/tags/both", "refs/tags/both"],
];

for (const server of ["version 2", "version 2 without filters", "version 0"]) {
  describe(`fetchProject() from a server of ${server}`, () => {
    for (const [what, revision, name] of REVISIONS) {
      test(`checks out ${what} as git does`, async () => {
        const options = revision === undefined ? {} : { revision };
        const fetched = await fetchGitProject(urlOf(server), fetching, options);
        expect(treeLines(fetched)).toEqual(treeLinesByGit(repository, name));
        const [commit, author] = git(repository, ["log", "-1", "--format=%H %aI", name])
          .trim()
          .split(" ");
        expect(fetched.provenance).toMatchObject({ commit, url: urlOf(server), submodules: [] });
        expect({ ...fetched.provenance }).toHaveProperty(
          "authorTime",
          author?.replace("+00:00", "Z"),
        );
      });
    }

    test("checks out a commit that no reference names, by its whole name and a short one", async () => {
      const commit = git(repository, ["rev-parse", "main~40"]).trim();
      const expected = treeLinesByGit(repository, commit);
      for (const revision of [commit, commit.slice(0, 8)]) {
        const fetched = await fetchGitProject(urlOf(server), fetching, { revision });
        expect(treeLines(fetched)).toEqual(expected);
        expect(fetched.provenance).toMatchObject({ commit });
      }
    });

    test("resolves revisions to commits", async () => {
      for (const [, revision, name] of REVISIONS) {
        const commit = git(repository, ["rev-parse", `${name}^{commit}`]).trim();
        expect(await resolveRevision(urlOf(server), revision, fetching)).toBe(commit);
      }
      const old = git(repository, ["rev-parse", "main~40"]).trim();
      expect(await resolveRevision(urlOf(server), old.slice(0, 10), fetching)).toBe(old);
    });

    test("names the nearest when there is no such revision", async () => {
      for (const revision of ["mian", "0123456789abcdef0123456789abcdef01234567", "abcdef0"]) {
        await expect(fetchGitProject(urlOf(server), fetching, { revision })).rejects.toMatchObject({
          code: "NOT_FOUND",
          message: expect.stringContaining(`no branch, tag or commit "${revision}"`),
          hint: expect.stringContaining(revision === "mian" ? '"main"' : "nearest"),
        });
      }
    });
  });
}

describe("fetchProject()", () => {
  test("asks for one commit, not its history, and leaves nothing behind", async () => {
    const server = servers.get("version 2");
    const before = server?.requests.length ?? 0;
    await fetchGitProject(urlOf("version 2"), fetching);
    const asked = server?.requests.slice(before).map(({ method, path }) => `${method} ${path}`);
    expect(asked).toEqual([
      "GET /group/app.git/info/refs?service=git-upload-pack",
      "POST /group/app.git/git-upload-pack",
      "POST /group/app.git/git-upload-pack",
    ]);
    expect(server?.requests.at(-1)?.body).toContain("deepen 1");
    expect(readdirSync(fetching.temporaryFolder)).toEqual([]);
  });

  test("keeps modes, links and names beyond ASCII", async () => {
    const name = join(root.path, "modes.git");
    await initRepository(name);
    importFiles(name, {
      "run.sh": { mode: "100755", text: "#!/bin/sh\n" },
      empty: "",
      "a/link": { mode: "120000", text: "../run.sh" },
      "a/folder": { mode: "120000", text: "." },
      "a/dangling": { mode: "120000", text: "nowhere" },
      "données/日本.txt": "text",
      "a.b": "sorts before a/",
    });
    const fetched = await fetchGitProject(urlOf("version 2", "modes.git"), fetching);
    expect(treeLines(fetched)).toEqual(treeLinesByGit(name, "main"));
    expect(fetched.tree.totalBytes).toBe(10 + 9 + 1 + 7 + 4 + 15);
  });

  test("gives a folder as the root, and says when there is none", async () => {
    const name = join(root.path, "sub.git");
    await initRepository(name);
    importFiles(name, {
      "app/deep/a.txt": "a",
      "app/deep/b/link": { mode: "120000", text: "../a.txt" },
      "app/deeper/c": "c",
      "app/deep.txt": "d",
    });
    const url = urlOf("version 2", "sub.git");
    for (const subDir of ["app/deep", "/app/deep/", "./app//deep"]) {
      const fetched = await fetchGitProject(url, fetching, { subDir });
      expect(fetched.tree.entries.map(({ path }) => path)).toEqual(["a.txt", "b/link"]);
    }
    for (const subDir of ["app/none", "app/deep.txt", "ap"]) {
      await expect(fetchGitProject(url, fetching, { subDir })).rejects.toMatchObject({
        code: "NOT_FOUND",
        message: `Cannot fetch the project: it has no folder "${subDir}"`,
      });
    }
    await expect(fetchGitProject(url, fetching, { subDir: "a/../.." })).rejects.toMatchObject({
      code: "INPUT_INVALID",
    });
  });

  test("takes the remote that checkoutFrom names", async () => {
    const remotes = { upstream: "https://example.invalid/x.git", fork: urlOf("version 2") };
    const fetched = await fetchProject(
      { kind: "git", remotes, checkoutFrom: { remote: "fork", revision: "light" } },
      fetching,
    );
    expect(fetched.provenance.url).toBe(urlOf("version 2"));
    for (const checkoutFrom of [{}, { remote: "other" }]) {
      const source = { kind: "git" as const, remotes, checkoutFrom };
      await expect(fetchProject(source, fetching)).rejects.toMatchObject({
        code: "INPUT_INVALID",
        hint: 'Set checkoutFrom.remote to one of "upstream", "fork"',
      });
    }
  });

  test("does not take a tree for a commit", async () => {
    const fetched = fetchGitProject(urlOf("version 2"), fetching, { revision: "a-tree" });
    await expect(fetched).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });

  test("says of an empty repository that it is empty", async () => {
    await initRepository(join(root.path, "empty.git"));
    for (const server of servers.keys()) {
      await expect(fetchGitProject(urlOf(server, "empty.git"), fetching)).rejects.toMatchObject({
        code: "INPUT_INVALID",
        message: expect.stringContaining("it has no commits"),
      });
    }
  });

  test("gives the same tree whatever the order and packing of objects", async () => {
    const one = await fetchGitProject(urlOf("version 2"), fetching);
    git(repository, ["repack", "-adfq", "--depth=0"]);
    const other = await fetchGitProject(urlOf("version 2"), fetching);
    expect(treeLines(other)).toEqual(treeLines(one));
  });
});
