import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { findChangedFiles } from "../../../src/generator/changed/index.ts";
import { git, initRepository } from "../../support/git-repository.ts";
import { type TemporaryFolder, temporaryFolder } from "../../support/temporary-folder.ts";

// The git program on a busy machine.
setDefaultTimeout(60_000);

let temporary: TemporaryFolder;
let folder = "";

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

function commit(message: string): string {
  git(folder, ["add", "-A"]);
  git(folder, ["commit", "-q", "-m", message]);
  return git(folder, ["rev-parse", "HEAD"]).trim();
}

async function changed(revision: string, root = folder): Promise<string[]> {
  return [...(await findChangedFiles(root, revision)).paths].sort();
}

let [first, third] = ["", ""];

beforeAll(async () => {
  temporary = await temporaryFolder();
  folder = join(temporary.path, "registry");
  await initRepository(folder);
  await write("stacks/a/devfile.yaml", "a");
  await write("stacks/a/docker/Dockerfile", "a");
  await write("stacks/b/1.0.0/devfile.yaml", "b");
  await write("stacks/c/devfile.yaml", "c");
  await write("README.md", "r");
  await symlink("../a/docker", join(folder, "stacks/c/docker"));
  first = commit("first");
  git(folder, ["tag", "-a", "-m", "v1", "v1"]);
  git(folder, ["checkout", "-q", "-b", "side"]);
  await write("stacks/b/1.0.0/devfile.yaml", "side");
  commit("side");
  git(folder, ["checkout", "-q", "main"]);
  await write("stacks/a/devfile.yaml", "a2");
  commit("second");
  await write("README.md", "r2");
  third = commit("third");
  git(folder, ["update-ref", "refs/remotes/origin/main", first]);
  git(folder, ["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"]);
});
afterAll(() => temporary[Symbol.asyncDispose]());

describe("findChangedFiles()", () => {
  test("gives what was committed since a revision, outside of nothing that matters", async () => {
    expect(await changed("HEAD")).toEqual([]);
    expect(await changed("HEAD~1")).toEqual([]);
    expect(await changed("HEAD~2")).toEqual(["stacks/a/devfile.yaml"]);
  });

  test.each([
    ...["v1", "refs/tags/v1", "origin/main", "origin", "HEAD~2", "main~2", "HEAD^^", "@~2"],
    ...["HEAD^1~1", "v1^0"],
  ])("knows the revision %s", async (revision) => {
    const { commit: base, paths } = await findChangedFiles(folder, revision);
    expect({ base, paths: [...paths] }).toEqual({ base: first, paths: ["stacks/a/devfile.yaml"] });
  });

  test("knows commits by their names and by the beginning of them", async () => {
    expect((await findChangedFiles(folder, first)).commit).toBe(first);
    expect((await findChangedFiles(folder, first.slice(0, 7))).commit).toBe(first);
    expect((await findChangedFiles(folder, third)).commit).toBe(third);
  });

  test("compares with where a branch parted, not with the branch", async () => {
    expect(await findChangedFiles(folder, "side")).toMatchObject({
      commit: first,
      paths: new Set(["stacks/a/devfile.yaml"]),
    });
  });

  test("reads packed objects and references as well", async () => {
    git(folder, ["gc", "-q"]);
    expect(await changed("v1")).toEqual(["stacks/a/devfile.yaml"]);
  });

  test("counts what is not committed, not known to git, ignored, or gone", async () => {
    await write("stacks/b/1.0.0/devfile.yaml", "b2");
    await write("stacks/new/devfile.yaml", "new");
    await write("stacks/new/ignored.log", "i");
    await write(".gitignore", "*.log\n");
    await rm(join(folder, "stacks/c/devfile.yaml"));
    git(folder, ["add", "stacks/b"]);
    expect(await changed("HEAD")).toEqual([
      "stacks/b/1.0.0/devfile.yaml",
      "stacks/c/devfile.yaml",
      "stacks/new/devfile.yaml",
      "stacks/new/ignored.log",
    ]);
    git(folder, ["reset", "-q", "--hard"]);
    git(folder, ["clean", "-qfdx"]);
  });

  test("counts a link where what it leads to changed, and a file that became a folder", async () => {
    await write("stacks/a/docker/Dockerfile", "a2");
    await rm(join(folder, "stacks/b/1.0.0/devfile.yaml"));
    await write("stacks/b/1.0.0/devfile.yaml/x", "x");
    expect(await changed("HEAD")).toEqual([
      "stacks/a/docker/Dockerfile",
      "stacks/b/1.0.0/devfile.yaml",
      "stacks/b/1.0.0/devfile.yaml/x",
      "stacks/c/docker",
    ]);
    git(folder, ["reset", "-q", "--hard"]);
    git(folder, ["clean", "-qfdx"]);
  });

  test("counts from the registry repository where it is a folder of the checkout", async () => {
    const monorepo = join(temporary.path, "monorepo");
    await initRepository(monorepo);
    folder = monorepo;
    await write("registry/stacks/a/devfile.yaml", "a");
    await write("stacks/other/devfile.yaml", "o");
    commit("first");
    await write("registry/stacks/a/devfile.yaml", "b");
    await write("stacks/other/devfile.yaml", "p");
    expect(await changed("HEAD", join(monorepo, "registry"))).toEqual(["stacks/a/devfile.yaml"]);
    folder = join(temporary.path, "registry");
  });

  test.each(["nowhere", "..", "HEAD~99", "a b", "", "0000000", "f".repeat(40), "HEAD^9"])(
    'says of "%s" that there is no such revision',
    async (revision) => {
      await expect(findChangedFiles(folder, revision)).rejects.toMatchObject({ code: "USAGE" });
    },
  );

  test("says what to do without a checkout, and without common history", async () => {
    const message = expect.stringContaining("no git checkout");
    await expect(findChangedFiles(temporary.path, "HEAD")).rejects.toMatchObject({
      code: "USAGE",
      message,
    });
    const shallow = join(temporary.path, "shallow");
    git(temporary.path, ["clone", "-q", "--depth=1", `file://${folder}`, shallow]);
    git(shallow, ["fetch", "-q", "--depth=1", "origin", "tag", "v1"]);
    await expect(findChangedFiles(shallow, "v1")).rejects.toMatchObject({
      code: "USAGE",
      hint: expect.stringContaining("--unshallow"),
    });
  });
});
