import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { fetchRepository } from "../../../src/generator/fetch/index.ts";
import {
  type Fetching,
  fetchGitProject,
  importFiles,
  openFetching,
} from "../../support/git-fetching.ts";
import { type GitHttpServer, startGitHttpServer } from "../../support/git-http-server.ts";
import { initRepository } from "../../support/git-repository.ts";
import { type TemporaryFolder, temporaryFolder } from "../../support/temporary-folder.ts";

let root: TemporaryFolder;
let fetching: Fetching;
let server: GitHttpServer;
beforeAll(async () => {
  root = await temporaryFolder();
  fetching = await openFetching();
  server = startGitHttpServer(root.path);
});
afterAll(async () => {
  await server.stop();
  await fetching[Symbol.asyncDispose]();
  await root.remove();
});

type Files = Parameters<typeof importFiles>[1];

async function makeRepository(name: string, files: Files): Promise<string> {
  await initRepository(join(root.path, name));
  return importFiles(join(root.path, name), files);
}

function gitlink(commit: string) {
  return { mode: "160000", text: commit };
}

function gitmodules(urls: Readonly<Record<string, string>>): string {
  return Object.entries(urls)
    .map(([path, url]) => `[submodule "${path}"]\n\tpath = ${path}\n\turl = ${url}\n`)
    .join("");
}

async function pathsOf(name: string, subDir?: string) {
  const options = subDir === undefined ? {} : { subDir };
  const { tree } = await fetchGitProject(`${server.url}/${name}`, fetching, options);
  return tree.entries.map(({ path }) => path);
}

describe("fetchProject() with submodules", () => {
  test("fetches them at their commits, nested ones and relative addresses included", async () => {
    const leaf = await makeRepository("libs/leaf.git", { "leaf.txt": "1" });
    importFiles(join(root.path, "libs/leaf.git"), { "leaf.txt": "2", "later.txt": "" });
    const middle = await makeRepository("libs/middle.git", {
      ".gitmodules": gitmodules({ "deps/leaf": "../leaf.git" }),
      "deps/leaf": gitlink(leaf),
      "middle.txt": "m",
    });
    await makeRepository("apps/top.git", {
      ".gitmodules": gitmodules({
        "vendor/middle": "../../libs/middle.git",
        "vendor/leaf": `${server.url}/libs/leaf.git`,
      }),
      "top.txt": "t",
      "vendor/middle": gitlink(middle),
      "vendor/leaf": gitlink(leaf),
    });
    expect(await pathsOf("apps/top.git")).toEqual([
      ".gitmodules",
      "top.txt",
      "vendor/leaf/leaf.txt",
      "vendor/middle/.gitmodules",
      "vendor/middle/deps/leaf/leaf.txt",
      "vendor/middle/middle.txt",
    ]);
    const { provenance } = await fetchGitProject(`${server.url}/apps/top.git`, fetching);
    expect(provenance).toHaveProperty("submodules", [
      { path: "vendor/leaf", url: `${server.url}/libs/leaf.git`, commit: leaf },
      { path: "vendor/middle", url: `${server.url}/libs/middle.git`, commit: middle },
      { path: "vendor/middle/deps/leaf", url: `${server.url}/libs/leaf.git`, commit: leaf },
    ]);
  });

  test("reads a folder within one, and does not fetch others", async () => {
    expect(await pathsOf("apps/top.git", "vendor/middle/deps")).toEqual(["leaf/leaf.txt"]);
    await makeRepository("apps/partly.git", {
      ".gitmodules": gitmodules({ gone: "../gone.git" }),
      gone: gitlink("1".repeat(40)),
      "app/a": "a",
    });
    expect(await pathsOf("apps/partly.git", "app")).toEqual(["a"]);
    await expect(pathsOf("apps/partly.git")).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("keeps their files in a registry repository", async () => {
    const stack = await makeRepository("stack.git", { "devfile.yaml": "x" });
    await makeRepository("registry.git", {
      ".gitmodules": gitmodules({ "stacks/go": "../stack.git" }),
      "stacks/go": gitlink(stack),
    });
    const fetched = await fetchRepository(`${server.url}/registry.git`, undefined, fetching);
    const { files } = await fetched.source.list();
    expect(files.map(({ path }) => path)).toEqual(["stacks/go/devfile.yaml"]);
    const { lastModified, dirty } = await fetched.history(["stacks/go"]);
    expect(lastModified.get("stacks/go")).toBe("2023-11-14T23:13:20+01:00");
    expect(dirty).toBe(false);
    await fetched.close();
  });

  const refused: readonly (readonly [string, string, string])[] = [
    ["a file of this machine", "/etc", "INPUT_INVALID"],
    ["a file address", "file:///etc", "INPUT_INVALID"],
    ["a command", "ext::sh -c whoami", "INPUT_INVALID"],
    ["an option", "--upload-pack=whoami", "INPUT_INVALID"],
    ["an option to ssh", "ssh://-oProxyCommand=whoami/x", "INPUT_INVALID"],
    ["above the root of the server", "../../../../x.git", "INPUT_INVALID"],
    ["an internal address", "http://169.254.169.254/x.git", "NETWORK"],
    ["ssh without git", "git@localhost:x.git", "UNSUPPORTED"],
    ["an older protocol", "git://localhost/x.git", "UNSUPPORTED"],
  ];
  for (const [at, [what, url, code]] of refused.entries()) {
    test(`refuses one from ${what}`, async () => {
      await makeRepository(`refused-${at}.git`, {
        ".gitmodules": gitmodules({ sub: url }),
        sub: gitlink("1".repeat(40)),
      });
      await expect(pathsOf(`refused-${at}.git`)).rejects.toMatchObject({ code });
    });
  }

  test("ends when they nest too deep", async () => {
    let commit = await makeRepository("level-0.git", { a: "a" });
    for (let level = 1; level <= 10; level++) {
      commit = await makeRepository(`level-${level}.git`, {
        ".gitmodules": gitmodules({ s: `../level-${level - 1}.git` }),
        s: gitlink(commit),
      });
    }
    await expect(pathsOf("level-10.git")).rejects.toMatchObject({
      code: "LIMIT_EXCEEDED",
      message: expect.stringContaining("levels deep"),
    });
    expect(await pathsOf("level-2.git")).toContain("s/s/a");
  });

  test("ends when they are too many", async () => {
    const leaf = await makeRepository("many-leaf.git", { a: "a" });
    const paths = Array.from({ length: 101 }, (_, at) => `s${at}`);
    await makeRepository("many.git", {
      ".gitmodules": gitmodules(
        Object.fromEntries(paths.map((path) => [path, "../many-leaf.git"])),
      ),
      ...Object.fromEntries(paths.map((path) => [path, gitlink(leaf)])),
    });
    await expect(pathsOf("many.git")).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
  }, 60_000);
});
