import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type FetchedRepository, fetchRepository } from "../../../src/generator/fetch/index.ts";
import { type Fetching, importFiles, openFetching } from "../../support/git-fetching.ts";
import { type GitHttpServer, startGitHttpServer } from "../../support/git-http-server.ts";
import { git, importRandomHistory, initRepository } from "../../support/git-repository.ts";
import { type TemporaryFolder, temporaryFolder } from "../../support/temporary-folder.ts";

let root: TemporaryFolder;
let fetching: Fetching;
let server: GitHttpServer;
let plain: GitHttpServer;
beforeAll(async () => {
  root = await temporaryFolder();
  fetching = await openFetching();
  server = startGitHttpServer(root.path, { config: { "uploadpack.allowFilter": "true" } });
  plain = startGitHttpServer(root.path, { old: true });
});
afterAll(async () => {
  await server.stop();
  await plain.stop();
  await fetching[Symbol.asyncDispose]();
  await root.remove();
});

async function makeRepository(name: string): Promise<string> {
  const folder = join(root.path, name);
  await initRepository(folder);
  return folder;
}

/** Every folder that any commit ever had, and one that none had. */
function foldersOf(repository: string): string[] {
  const names = git(repository, ["log", "--format=", "--name-only", "-m", "main"]);
  const files = [...new Set(names.split("\n").filter(Boolean))];
  const above = files.flatMap((file) => {
    const parts = file.split("/");
    return parts.map((_, at) => parts.slice(0, at + 1).join("/"));
  });
  return [...new Set([...above, "stacks/none"])];
}

async function expectDatesOfGit(fetched: FetchedRepository, repository: string, revision = "main") {
  const folders = foldersOf(repository);
  expect(folders.length).toBeGreaterThan(10);
  const dates = folders.map((folder) => [
    folder,
    git(repository, ["log", "-1", "--format=%aI", revision, "--", folder])
      .trim()
      .replace(/\+00:00$/, "Z"),
  ]);
  const { lastModified } = await fetched.history(folders);
  expect(Object.fromEntries(lastModified)).toEqual(
    Object.fromEntries(dates.filter(([, date]) => date !== "")),
  );
}

describe("fetchRepository()", () => {
  for (const seed of [31, 32, 33]) {
    test(`dates every folder as git log does, merges and renames included (seed ${seed})`, async () => {
      const repository = await makeRepository(`seed-${seed}.git`);
      importRandomHistory(repository, { seed, commits: 350 });
      for (const { url } of [server, plain]) {
        const fetched = await fetchRepository(`${url}/seed-${seed}.git`, undefined, fetching);
        await expectDatesOfGit(fetched, repository);
        const [commit = "", seconds = ""] = git(repository, [
          "log",
          "-1",
          "--format=%H %ct",
          "main",
        ])
          .trim()
          .split(" ");
        expect(fetched).toMatchObject({
          commit_hash: commit,
          commit_time: new Date(Number(seconds) * 1000).toISOString().replace(".000", ""),
        });
        const { files, findings } = await fetched.source.list();
        expect(findings).toEqual([]);
        expect(files.map(({ path }) => path)).toEqual(
          git(repository, ["ls-tree", "-r", "--name-only", "main"]).trim().split("\n"),
        );
        await fetched.close();
      }
    });
  }

  test("reads 5,000 commits of a branch", async () => {
    const repository = await makeRepository("long.git");
    importRandomHistory(repository, { seed: 34, commits: 5000 });
    const fetched = await fetchRepository(`${server.url}/long.git`, "main", fetching);
    await expectDatesOfGit(fetched, repository);
    expect((await fetched.history([])).shallow).toBe(false);
    await fetched.close();
  }, 60_000);

  test("reads an older commit and a tag", async () => {
    const repository = await makeRepository("old.git");
    importRandomHistory(repository, { seed: 35, commits: 200 });
    git(repository, ["tag", "-a", "v1", "-m", "v1", "main~20"]);
    for (const revision of ["v1", git(repository, ["rev-parse", "main~33"]).trim()]) {
      const fetched = await fetchRepository(`${server.url}/old.git`, revision, fetching);
      await expectDatesOfGit(fetched, repository, revision);
      expect(fetched.source.name).toBe(`${server.url}/old.git#${revision}`);
      await fetched.close();
    }
  });

  test("reports a server whose own history is cut off", async () => {
    const whole = await makeRepository("whole.git");
    importRandomHistory(whole, { seed: 36, commits: 200 });
    git(root.path, ["clone", "-q", "--bare", "--depth", "5", `file://${whole}`, "cut.git"]);
    for (const { url } of [server, plain]) {
      const fetched = await fetchRepository(`${url}/cut.git`, undefined, fetching);
      expect((await fetched.history(["stacks"])).shallow).toBe(true);
      await expectDatesOfGit(fetched, join(root.path, "cut.git"));
      await fetched.close();
    }
  });

  test("fetches no history where last_modified.json has the dates, unless told", async () => {
    const repository = await makeRepository("dated.git");
    importFiles(repository, { "stacks/go/devfile.yaml": "old" });
    importFiles(repository, { "stacks/go/devfile.yaml": "new", "last_modified.json": "{}" });
    const url = `${server.url}/dated.git`;
    const before = server.requests.length;
    const fetched = await fetchRepository(url, undefined, fetching);
    const bodies = server.requests.slice(before).map(({ body }) => body);
    expect(bodies.filter((body) => body.includes("command=fetch"))).toHaveLength(1);
    expect(await fetched.history([])).toMatchObject({ shallow: true, dirty: false });
    await fetched.close();
    const told = await fetchRepository(url, undefined, fetching, { history: true });
    expect((await told.history(["stacks"])).shallow).toBe(false);
    await told.close();
  });

  test("reads files, and reports links that leave and pointers of Git LFS", async () => {
    const repository = await makeRepository("findings.git");
    importFiles(repository, {
      "shared/logo.svg": "<svg/>",
      "stacks/go/devfile.yaml": "devfile",
      "stacks/go/logo.svg": { mode: "120000", text: "../../shared/logo.svg" },
      "stacks/go/passwd": { mode: "120000", text: "/etc/passwd" },
      "stacks/go/big.bin": `version https://git-lfs.github.com/spec/v1\noid sha256:${"a".repeat(64)}\nsize 9\n`,
    });
    const fetched = await fetchRepository(`${server.url}/findings.git`, undefined, fetching);
    const { files, findings } = await fetched.source.list();
    expect(findings.map(({ rule, file }) => `${rule} ${file}`)).toEqual([
      "link-leaves-repository stacks/go/passwd",
      "lfs-pointer stacks/go/big.bin",
    ]);
    expect(files.map(({ path }) => path)).toContain("stacks/go/logo.svg");
    const logo = await fetched.source.read("stacks/go/logo.svg", 100);
    expect(Buffer.from(logo).toString()).toBe("<svg/>");
    await expect(fetched.source.read("stacks/go/passwd", 100)).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    await fetched.close();
  });

  test("keeps its content until it is closed, and nothing when it fails", async () => {
    const repository = await makeRepository("closed.git");
    importFiles(repository, { "stacks/go/devfile.yaml": "x" });
    const folder = join(fetching.temporaryFolder, "closed");
    const deps = { ...fetching, temporaryFolder: folder };
    const fetched = await fetchRepository(`${server.url}/closed.git`, undefined, deps);
    expect(readdirSync(folder)).toHaveLength(1);
    await fetched.close();
    expect(readdirSync(folder)).toEqual([]);
    await expect(fetchRepository(`${server.url}/none.git`, undefined, deps)).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    expect(existsSync(folder) && readdirSync(folder)).toEqual([]);
  });
});
