import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { checkRevision } from "../../../src/generator/fetch/index.ts";
import { type Fetching, openFetching } from "../../support/git-fetching.ts";
import { type GitHttpServer, startGitHttpServer } from "../../support/git-http-server.ts";
import { git, initRepository } from "../../support/git-repository.ts";
import { type TemporaryFolder, temporaryFolder } from "../../support/temporary-folder.ts";

// The git program on a busy machine.
setDefaultTimeout(60_000);

let root: TemporaryFolder;
let fetching: Fetching;
let server: GitHttpServer;
let old: GitHttpServer;
let [tip, below] = ["", ""];

beforeAll(async () => {
  root = await temporaryFolder();
  fetching = await openFetching();
  const folder = join(root.path, "project");
  await initRepository(folder);
  for (const name of ["one", "two"]) {
    git(folder, ["commit", "-q", "--allow-empty", "-m", name]);
  }
  [tip = "", below = ""] = git(folder, ["log", "--format=%H"]).split("\n");
  git(folder, ["tag", "-a", "-m", "v1", "v1"]);
  server = startGitHttpServer(root.path, { config: { "uploadpack.allowFilter": "true" } });
  old = startGitHttpServer(root.path, { old: true });
});
afterAll(async () => {
  await server.stop();
  await old.stop();
  await fetching[Symbol.asyncDispose]();
  await root.remove();
});

describe("checkRevision()", () => {
  test("knows branches, tags, the default branch, and commits at a tip or below it", async () => {
    for (const revision of [undefined, "main", "v1", tip, below]) {
      for (const { url } of [server, old]) {
        expect(await checkRevision(`${url}/project/.git`, revision, fetching)).toBeUndefined();
      }
    }
  });

  test.each(["nowhere", "f".repeat(40)])("does not find %s", async (revision) => {
    for (const { url } of [server, old]) {
      await expect(checkRevision(`${url}/project/.git`, revision, fetching)).rejects.toMatchObject({
        code: "NOT_FOUND",
      });
    }
  });

  test("does not find a repository that is not there", async () => {
    await expect(checkRevision(`${server.url}/none/.git`, "main", fetching)).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });
});
