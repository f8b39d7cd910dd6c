import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type FetchedRepository, fetchRepository } from "../../../src/generator/fetch/index.ts";
import { GIT_JOINED_PACKS } from "../../../src/limits.ts";
import { type Fetching, importFiles, openFetching } from "../../support/git-fetching.ts";
import { type GitHttpServer, startGitHttpServer } from "../../support/git-http-server.ts";
import { git, importRandomHistory, initRepository } from "../../support/git-repository.ts";
import { type TemporaryFolder, temporaryFolder } from "../../support/temporary-folder.ts";

// Many runs of git on a busy machine.
setDefaultTimeout(60_000);

let root: TemporaryFolder;
let fetching: Fetching;
let server: GitHttpServer;
beforeAll(async () => {
  root = await temporaryFolder();
  fetching = await openFetching();
  server = startGitHttpServer(root.path, { config: { "uploadpack.allowFilter": "true" } });
});
afterAll(async () => {
  await server.stop();
  await fetching[Symbol.asyncDispose]();
  await root.remove();
});

async function repository(
  name: string,
): Promise<{ readonly folder: string; readonly url: string }> {
  const folder = join(root.path, name);
  await initRepository(folder);
  return { folder, url: `${server.url}/${name}` };
}

/** Writes commits with these files one after another, each following the one before. */
function line(folder: string, contents: readonly Readonly<Record<string, string>>[]): string[] {
  let parent: string | undefined;
  return contents.map((content, at) => {
    const made = importFiles(folder, content, "made");
    const follows = parent === undefined ? [] : ["-p", parent];
    const args = ["commit-tree", ...follows, "-m", `commit ${at}`, `${made}^{tree}`];
    parent = git(folder, args).trim();
    git(folder, ["update-ref", "refs/heads/main", parent]);
    git(folder, ["update-ref", "-d", "refs/heads/made"]);
    return parent;
  });
}

/** Everything that a generator reads of a fetched repository. */
async function contentOf(fetched: FetchedRepository) {
  const { files } = await fetched.source.list();
  const texts = await Promise.all(
    files.map(async ({ path }) => {
      const bytes = await fetched.source.read(path, 1024 * 1024);
      return `${path} ${Buffer.from(bytes).toString("base64")}`;
    }),
  );
  const folders = files.map(({ path }) => path.slice(0, path.lastIndexOf("/"))).filter(Boolean);
  const { lastModified, shallow, ...history } = await fetched.history([...new Set(folders)]);
  const dates = Object.fromEntries(lastModified);
  return { texts, dates, shallow, history, parents: fetched.parents };
}

const packsOf = ({ base }: FetchedRepository) =>
  readdirSync(join(base?.gitDir ?? "", "objects", "pack")).filter((name) => /\.pack$/.test(name));

/** How many answers with objects the server gave while something ran. */
async function requestsOf<Result>(run: () => Promise<Result>): Promise<[Result, number]> {
  const before = server.requests.length;
  const result = await run();
  const asked = server.requests.slice(before);
  return [result, asked.filter(({ body }) => body.includes("command=fetch")).length];
}

const files = (note: string) => ({ "stacks/a/devfile.yaml": note, "stacks/b/devfile.yaml": "b" });

describe("fetchRepository() after an earlier fetch", () => {
  for (const seed of [41, 42, 43]) {
    test(`gives what fetching all of it gives, merges included (seed ${seed})`, async () => {
      const { folder, url } = await repository(`seed-${seed}.git`);
      importRandomHistory(folder, { seed, commits: 60 });
      const commits = git(folder, ["rev-list", "--first-parent", "--reverse", "main"]).trim();
      let before: FetchedRepository | undefined;
      for (const commit of commits.split("\n").slice(-12)) {
        const after = await fetchRepository(url, commit, fetching, { base: before?.base });
        const whole = await fetchRepository(url, commit, fetching);
        expect(await contentOf(after)).toEqual(await contentOf(whole));
        await Promise.all([whole.close(), before?.close()]);
        before = after;
      }
      await before?.close();
    });
  }

  test("asks once, and gets what is new and nothing else", async () => {
    const { folder, url } = await repository("small.git");
    const large = "0123456789abcdef".repeat(4096);
    const [first, second] = line(
      folder,
      ["1", "2"].map((note) => ({ ...files(note), "stacks/large/devfile.yaml": large })),
    );
    const before = await fetchRepository(url, first, fetching);
    const had = packsOf(before);
    const [after, asked] = await requestsOf(() =>
      fetchRepository(url, second, fetching, { base: before.base }),
    );
    expect(asked).toBe(1);
    const [added = "", ...others] = packsOf(after).filter((name) => !had.includes(name));
    expect(others).toEqual([]);
    const pack = join(after.base?.gitDir ?? "", "objects", "pack", added);
    // The commit, the trees of the root, of stacks and of its folder, and the file.
    const listed = git(folder, ["verify-pack", "-v", pack.replace(/pack$/, "idx")]);
    expect(listed.split("\n").filter((line) => /^[0-9a-f]{40} /.test(line)).length).toBe(5);
    await before.close();
    expect((await contentOf(after)).texts).toContain(
      `stacks/a/devfile.yaml ${Buffer.from("2").toString("base64")}`,
    );
    await after.close();
  });

  for (const bitmaps of [false, true]) {
    test(`has content that comes back after it was gone (bitmaps: ${bitmaps})`, async () => {
      const { folder, url } = await repository(`back-${bitmaps}.git`);
      const [, second, third] = line(folder, ["1", "2", "1"].map(files));
      // With bitmaps a server leaves out all that was ever there, which a base need not have.
      if (bitmaps) git(folder, ["repack", "-adbq"]);
      const before = await fetchRepository(url, second, fetching);
      const after = await fetchRepository(url, third, fetching, { base: before.base });
      const whole = await fetchRepository(url, third, fetching);
      expect(await contentOf(after)).toEqual(await contentOf(whole));
      await Promise.all([before, after, whole].map((each) => each.close()));
    });
  }

  test("dates a repository with last_modified.json as one fetch of it does", async () => {
    const { folder, url } = await repository("dated.git");
    const dated = (note: string) => ({ ...files(note), "last_modified.json": "{}" });
    const [first, second, third] = line(folder, [dated("1"), dated("2"), files("3")]);
    const before = await fetchRepository(url, first, fetching);
    const after = await fetchRepository(url, second, fetching, { base: before.base });
    expect(packsOf(after)).toHaveLength(2);
    // Without the file all commits are needed, which are not there.
    const undated = await fetchRepository(url, third, fetching, { base: after.base });
    for (const [fetched, commit] of [
      [after, second],
      [undated, third],
    ] as const) {
      const whole = await fetchRepository(url, commit, fetching);
      expect(await contentOf(fetched)).toEqual(await contentOf(whole));
      await whole.close();
    }
    await Promise.all([before, after, undated].map((each) => each.close()));
  });

  test("fetches all of what was pushed by force, and of what the server forgot", async () => {
    const { folder, url } = await repository("forced.git");
    const [given] = line(folder, [files("given up")]);
    const before = await fetchRepository(url, given, fetching);
    const [other] = line(folder, [files("other")]);
    for (const forget of [false, true]) {
      if (forget) {
        git(folder, ["reflog", "expire", "--expire=now", "--all"]);
        git(folder, ["gc", "-q", "--prune=now"]);
      }
      const after = await fetchRepository(url, other, fetching, { base: before.base });
      const whole = await fetchRepository(url, other, fetching);
      expect(await contentOf(after)).toEqual(await contentOf(whole));
      expect(packsOf(after)).toEqual(packsOf(whole));
      await Promise.all([after.close(), whole.close()]);
    }
    await expect(
      fetchRepository(url, given, fetching, { base: before.base }),
    ).rejects.toMatchObject({ code: "NOT_FOUND" });
    await before.close();
  });

  test("fetches all of it from a server of version 0", async () => {
    const { folder } = await repository("version-0.git");
    const [first, second] = line(folder, ["1", "2"].map(files));
    const old = startGitHttpServer(root.path, {
      old: true,
      config: { "uploadpack.allowAnySHA1InWant": "true" },
    });
    try {
      const url = `${old.url}/version-0.git`;
      const before = await fetchRepository(url, first, fetching);
      const after = await fetchRepository(url, second, fetching, { base: before.base });
      const whole = await fetchRepository(url, second, fetching);
      expect(await contentOf(after)).toEqual(await contentOf(whole));
      await Promise.all([before, after, whole].map((each) => each.close()));
    } finally {
      await old.stop();
    }
  });

  test("begins anew when there are many packs", async () => {
    const { folder, url } = await repository("packs.git");
    let before: FetchedRepository | undefined;
    let most = 0;
    const notes = Array.from({ length: GIT_JOINED_PACKS + 3 }, (_, at) => String(at));
    for (const commit of line(folder, notes.map(files))) {
      const after = await fetchRepository(url, commit, fetching, { base: before?.base });
      most = Math.max(most, packsOf(after).length);
      await before?.close();
      before = after;
    }
    expect(most).toBe(GIT_JOINED_PACKS + 1);
    expect(before === undefined ? 0 : packsOf(before).length).toBeLessThan(GIT_JOINED_PACKS);
    await before?.close();
  });
});
