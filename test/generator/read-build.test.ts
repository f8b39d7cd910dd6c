import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { textOf } from "../../src/bytes.ts";
import {
  checkBuild,
  FolderBuildFiles,
  isBuild,
  MemoryBuildFiles,
  packStackArtifacts,
  readBuild,
} from "../../src/generator/index.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "devreg-test-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(files: Readonly<Record<string, string>>, folder = root): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** A build as the Go tools leave it: sources beside it, a stack without version folder. */
const GO_BUILD = {
  "index.json": JSON.stringify([
    {
      name: "go",
      displayName: "Go",
      type: "stack",
      tags: ["Go"],
      versions: [
        {
          version: "2.0.0",
          default: true,
          links: { self: "devfile-catalog/go:2.0.0" },
          resources: ["archive.tar", "devfile.yaml"],
        },
      ],
    },
    {
      name: "solo",
      type: "stack",
      versions: [
        {
          version: "1.0.0",
          links: { self: "devfile-catalog/solo:1.0.0" },
          resources: ["devfile.yaml"],
        },
      ],
    },
    { name: "hello", type: "sample", git: { remotes: { origin: "https://git.example/x" } } },
  ]),
  "extraDevfileEntries.yaml": "samples: []",
  "stacks/go/stack.yaml": "name: go",
  "stacks/go/2.0.0/devfile.yaml": "schemaVersion: 2.2.0",
  "stacks/go/2.0.0/archive.tar": "packed",
  "stacks/solo/devfile.yaml": "schemaVersion: 2.0.0",
  "samples/hello/devfile.yaml": "schemaVersion: 2.1.0",
};

describe("readBuild()", () => {
  test("reads a build of the Go tools", async () => {
    await put(GO_BUILD);
    const build = await readBuild(root);
    expect(build.info).toBeUndefined();
    expect(textOf(build.indexBytes)).toBe(GO_BUILD["index.json"]);
    const { artifacts } = await packStackArtifacts(build);
    expect(artifacts.map(({ repository, tag }) => `${repository}:${tag}`)).toEqual([
      "devfile-catalog/go:2.0.0",
      "devfile-catalog/solo:1.0.0",
    ]);
  });

  test("reads a build whose parts lie apart", async () => {
    await put(GO_BUILD);
    await rename(join(root, "stacks"), join(root, "elsewhere"));
    await rename(join(root, "samples"), join(root, "more"));
    const build = await readBuild({
      indexPath: join(root, "index.json"),
      stacksDir: join(root, "elsewhere"),
      samplesDir: join(root, "more"),
    });
    expect(textOf(await build.files.read("stacks/go/2.0.0/devfile.yaml"))).toContain("2.2.0");
    expect(textOf(await build.files.read("samples/hello/devfile.yaml"))).toContain("2.1.0");
    expect(await build.files.stat("elsewhere/go/2.0.0/devfile.yaml")).toBeUndefined();
  });

  test("reads the index of a mounted volume, which is a symbolic link", async () => {
    await put({ "..data/index.json": GO_BUILD["index.json"] });
    await put({ ...GO_BUILD, "index.json": "" });
    await rm(join(root, "index.json"));
    await symlink("..data/index.json", join(root, "index.json"));
    expect(await isBuild(root)).toBe(true);
  });

  test("refuses what a newer major version wrote and names that version", async () => {
    const info = { format: "2.0", tool: { name: "devreg", version: "9.1.0" } };
    await put({ ...GO_BUILD, "build.json": JSON.stringify(info) });
    await expect(readBuild(root)).rejects.toMatchObject({
      code: "UNSUPPORTED",
      hint: expect.stringContaining("9.1.0"),
    });
  });

  test("says what is missing", async () => {
    await put(GO_BUILD);
    await rm(join(root, "stacks/go/2.0.0/archive.tar"));
    await expect(readBuild(root)).rejects.toMatchObject({
      code: "INPUT_INVALID",
      message: expect.stringContaining('"stacks/go/2.0.0/archive.tar"'),
    });
  });
});

describe("isBuild()", () => {
  const table: readonly (readonly [string, Readonly<Record<string, string>>, boolean])[] = [
    ["accepts a whole build", GO_BUILD, true],
    ["accepts a build of nothing", { "index.json": "[]" }, true],
    ["refuses an empty folder", {}, false],
    ["refuses a repository", { "stacks/go/2.0.0/devfile.yaml": "a: b" }, false],
    ["refuses an index that is not JSON", { "index.json": "{" }, false],
    ["refuses another index.json", { "index.json": '{"schemaVersion":2}' }, false],
    [
      "refuses a repository that keeps its index",
      {
        "index.json": GO_BUILD["index.json"],
        "stacks/go/2.0.0/devfile.yaml": "a: b",
        "stacks/solo/devfile.yaml": "a: b",
        "stacks/go/2.0.0/Dockerfile": "FROM x",
      },
      false,
    ],
    ["refuses a damaged build.json", { ...GO_BUILD, "build.json": "{}" }, false],
  ];
  for (const [title, files, expected] of table) {
    test(title, async () => {
      await put(files);
      expect(await isBuild(root)).toBe(expected);
    });
  }

  test("refuses a folder that is not there", async () => {
    expect(await checkBuild(join(root, "none"))).toMatchObject({ complete: false });
  });
});

describe("FolderBuildFiles", () => {
  const files = () =>
    new FolderBuildFiles({
      indexPath: join(root, "build/index.json"),
      stacksDir: join(root, "build/stacks"),
      samplesDir: join(root, "build/samples"),
    });

  beforeEach(async () => {
    await put({
      "build/index.json": "[]",
      "build/stacks/go/devfile.yaml": "go",
      "build/stacks/go/logo.svg": "<svg/>",
      "build/icons/a.svg": "<svg/>",
      "build/secret": "inside, but no part of a build",
      secret: "outside",
    });
  });

  const absent = [
    "secret",
    "index.json",
    "stacks",
    "stacks/go",
    "stacks/",
    "stacks/none",
    "stacks/../secret",
    "stacks/go/../../../secret",
    "stacks/go/./devfile.yaml",
    "stacks//go/devfile.yaml",
    "/stacks/go/devfile.yaml",
    "../secret",
    "stacks/go/devfile.yaml/",
    "stacks/go/devfile.yaml/x",
    "stacks\\go\\devfile.yaml",
    "stacks/go/\0",
    "",
    ".",
    `stacks/${"x".repeat(5000)}`,
  ];
  for (const path of absent) {
    test(`does not have ${JSON.stringify(path.slice(0, 40))}`, async () => {
      expect(await files().stat(path)).toBeUndefined();
      await expect(files().read(path)).rejects.toMatchObject({ code: "NOT_FOUND" });
    });
  }

  test("a part of a build that leads out of its folder is not there, unless it is placed apart", async () => {
    await put({ "elsewhere/hello/devfile.yaml": "schemaVersion: 2.2.0" });
    await put(GO_BUILD, join(root, "own"));
    await rm(join(root, "own/samples"), { recursive: true, force: true });
    await symlink(join(root, "elsewhere"), join(root, "own/samples"));
    const { files } = await readBuild(join(root, "own"));
    expect(await files.stat("samples/hello/devfile.yaml")).toBeUndefined();
    expect(await files.list("samples/hello")).toEqual([]);
    const apart = await readBuild({
      indexPath: join(root, "own/index.json"),
      stacksDir: join(root, "own/stacks"),
      samplesDir: join(root, "elsewhere"),
    });
    expect((await apart.files.stat("samples/hello/devfile.yaml"))?.size).toBe(20);
  });

  test("does not follow links out of the build", async () => {
    await symlink(join(root, "secret"), join(root, "build/stacks/go/link"));
    await symlink(root, join(root, "build/stacks/out"));
    expect(await files().stat("stacks/go/link")).toBeUndefined();
    expect(await files().stat("stacks/out/secret")).toBeUndefined();
    expect(await files().list("stacks/go")).toEqual(["devfile.yaml", "logo.svg"]);
    expect(await files().list("stacks/out")).toEqual([]);
  });

  test("follows links that stay inside", async () => {
    await symlink("devfile.yaml", join(root, "build/stacks/go/link.yaml"));
    expect(textOf(await files().read("stacks/go/link.yaml"))).toBe("go");
    expect(await files().list("stacks/go")).toContain("link.yaml");
  });

  test("has no named pipes and is not held up by them", async () => {
    Bun.spawnSync(["mkfifo", join(root, "build/stacks/go/pipe")]);
    expect(await files().stat("stacks/go/pipe")).toBeUndefined();
    expect(await files().list("stacks/go")).not.toContain("pipe");
  });

  test("survives a link to itself", async () => {
    await symlink("loop", join(root, "build/stacks/go/loop"));
    expect(await files().stat("stacks/go/loop")).toBeUndefined();
    expect(await files().paths()).not.toContain("stacks/go/loop");
  });

  test("lists like a build in memory", async () => {
    const onDisk = files();
    const paths = await onDisk.paths();
    expect(paths).toEqual(["icons/a.svg", "stacks/go/devfile.yaml", "stacks/go/logo.svg"]);
    const inMemory = new MemoryBuildFiles(
      await Promise.all(paths.map(async (path) => [path, await onDisk.read(path)] as const)),
    );
    expect(await inMemory.paths()).toEqual(paths);
    for (const folder of ["stacks/go", "stacks", "icons", "none", ""]) {
      expect(await inMemory.list(folder)).toEqual(await onDisk.list(folder));
    }
    expect(await inMemory.stat("icons/a.svg")).toEqual({ size: 6 });
    expect((await onDisk.stat("icons/a.svg"))?.size).toBe(6);
    await expect(inMemory.read("stacks/none")).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
