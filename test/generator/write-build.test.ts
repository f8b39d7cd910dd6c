import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { utf8 } from "../../src/bytes.ts";
import {
  type Build,
  isBuild,
  MemoryBuildFiles,
  readBuild,
  writeBuild,
} from "../../src/generator/index.ts";
import { SYNC_EACH_FILES } from "../../src/limits.ts";
import { PYTHON_STACK, SAMPLE_FILES, sampleBuild } from "../support/sample-build.ts";

let root: string;
let out: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "devreg-test-"));
  out = join(root, "build");
});
afterEach(() => rm(root, { recursive: true, force: true }));

const asRoot = process.getuid?.() === 0;

/** Every file and folder below a folder, with mode and content. */
async function snapshot(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    const stats = await stat(join(folder, name));
    const mode = (stats.mode & 0o7777).toString(8);
    found[name] = stats.isDirectory()
      ? mode
      : `${mode} ${await readFile(join(folder, name), "utf8")}`;
  }
  return found;
}

async function smallerBuild(): Promise<Build> {
  return sampleBuild({
    index: [PYTHON_STACK],
    files: Object.fromEntries(
      Object.entries(SAMPLE_FILES).filter(([path]) => path.includes("python")),
    ),
  });
}

describe("writeBuild()", () => {
  test("writes a build that reads back the same", async () => {
    const build = await sampleBuild();
    await writeBuild(build, out);
    const read = await readBuild(out);
    expect(read.index).toEqual(build.index);
    expect(read.indexBytes).toEqual(Buffer.from(build.indexBytes));
    expect(read.info).toEqual(build.info);
    expect(await read.files.paths()).toEqual(await build.files.paths());
    for (const path of await build.files.paths()) {
      expect(Buffer.from(await read.files.read(path))).toEqual(
        Buffer.from(await build.files.read(path)),
      );
    }
  });

  test("writes more files than are synced one by one", async () => {
    const names = Array.from({ length: 3 * SYNC_EACH_FILES }, (_, at) => `icons/${at}.svg`);
    const icons = Object.fromEntries(names.map((name) => [name, `<svg>${name}</svg>`]));
    const build = await sampleBuild({ files: { ...SAMPLE_FILES, ...icons } });
    await writeBuild(build, out);
    const { files } = await readBuild(out);
    expect(await files.paths()).toEqual(await build.files.paths());
    for (const name of names)
      expect(await files.read(name)).toEqual(Buffer.from(icons[name] ?? ""));
    const modes = await Promise.all(names.map(async (name) => (await stat(join(out, name))).mode));
    expect(new Set(modes)).toEqual(new Set([0o100644]));
  });

  test("gives the same bytes and modes whatever the order, dates and umask", async () => {
    const build = await sampleBuild();
    await writeBuild(build, out);
    const shuffled = new MemoryBuildFiles(
      Object.entries(SAMPLE_FILES)
        .reverse()
        .map(([path, text]) => [path, utf8(text)]),
      new Map(Object.keys(SAMPLE_FILES).map((path) => [path, new Date(5)])),
    );
    const before = process.umask(0o077);
    await writeBuild({ ...build, files: shuffled }, join(root, "again")).finally(() =>
      process.umask(before),
    );
    const first = await snapshot(out);
    expect(await snapshot(join(root, "again"))).toEqual(first);
    expect(first["stacks"]).toBe("755");
    expect(first["index.json"]).toStartWith("644 ");
    expect((await stat(out)).mode & 0o777).toBe(0o755);
  });

  test("replaces a build and leaves nothing of it, nor beside it", async () => {
    await writeBuild(await sampleBuild(), out);
    await writeBuild(await smallerBuild(), out);
    await writeBuild(await smallerBuild(), join(root, "fresh"));
    expect(await snapshot(out)).toEqual(await snapshot(join(root, "fresh")));
    expect((await readdir(root)).sort()).toEqual(["build", "fresh"]);
  });

  test("makes the folders above, and fills an empty folder", async () => {
    await writeBuild(await smallerBuild(), join(root, "a/b/c"));
    await mkdir(out);
    await writeBuild(await smallerBuild(), out);
    expect(await isBuild(join(root, "a/b/c"))).toBe(true);
    expect(await isBuild(out)).toBe(true);
  });

  test("writes behind a symbolic link and keeps it", async () => {
    await mkdir(join(root, "real"));
    await symlink("real", out);
    await writeBuild(await smallerBuild(), out);
    expect(await isBuild(join(root, "real"))).toBe(true);
    expect(await readFile(join(out, "index.json"), "utf8")).toContain("python");
  });

  test("replaces a build of devreg that lost a part", async () => {
    await writeBuild(await sampleBuild(), out);
    await rm(join(out, "stacks"), { recursive: true });
    await writeBuild(await smallerBuild(), out);
    expect(await isBuild(out)).toBe(true);
  });

  const kept: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
    ["a folder of something else", { "notes.txt": "mine" }, "notes.txt"],
    ["a checkout", { ".git": "gitdir: x", "index.json": "[]" }, ".git"],
    ["a build with something added", { "index.json": "[]", "README.md": "mine" }, "README.md"],
    [
      "a registry repository",
      { "stacks/go/stack.yaml": "name: go", "index.json": "[]" },
      "stack.yaml",
    ],
    ["a folder that only looks like a build", { "index.json": "{}" }, "index.json"],
    ["stacks without an index", { "stacks/go/devfile.yaml": "a: b" }, "index.json"],
  ];
  for (const [title, files, named] of kept) {
    test(`refuses to replace ${title}`, async () => {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(join(out, path, ".."), { recursive: true });
        await writeFile(join(out, path), text);
      }
      const before = await snapshot(out);
      await expect(writeBuild(await smallerBuild(), out)).rejects.toMatchObject({
        code: "INPUT_INVALID",
        message: expect.stringContaining(named),
      });
      expect(await snapshot(out)).toEqual(before);
    });
  }

  test("refuses a file in the place of the folder", async () => {
    await writeFile(out, "mine");
    await expect(writeBuild(await smallerBuild(), out)).rejects.toMatchObject({
      code: "INPUT_INVALID",
    });
    expect(await readFile(out, "utf8")).toBe("mine");
  });

  test("keeps the old build when a file of the new one cannot be read", async () => {
    await writeBuild(await smallerBuild(), out);
    const before = await snapshot(out);
    const build = await sampleBuild();
    const files = new MemoryBuildFiles([]);
    files.paths = async () => ["stacks/go/2.0.0/devfile.yaml"];
    await expect(writeBuild({ ...build, files }, out)).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await snapshot(out)).toEqual(before);
    expect(await readdir(root)).toEqual(["build"]);
  });
});

describe.if(asRoot)("writeBuild() on a small disk", () => {
  let disk: string;
  beforeEach(async () => {
    disk = join(root, "disk");
    await mkdir(disk);
    const mount = Bun.spawnSync(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk]);
    expect(mount.exitCode).toBe(0);
  });
  afterEach(() => {
    Bun.spawnSync(["umount", disk]);
  });

  async function largeBuild(): Promise<Build> {
    const files = { ...SAMPLE_FILES, "icons/large.svg": "x".repeat(2_000_000) };
    return sampleBuild({ files });
  }

  test("keeps the old build when the disk is full, and no unfinished one", async () => {
    const target = join(disk, "build");
    await writeBuild(await smallerBuild(), target);
    const before = await snapshot(target);
    await expect(writeBuild(await largeBuild(), target)).rejects.toMatchObject({
      code: "IO",
      hint: expect.stringContaining("Free space"),
    });
    expect(await snapshot(target)).toEqual(before);
    expect(await readdir(disk)).toEqual(["build"]);
  });

  test("replaces the contents of a mount point", async () => {
    await writeBuild(await sampleBuild(), disk);
    await writeBuild(await smallerBuild(), disk);
    await writeBuild(await smallerBuild(), out);
    expect(await snapshot(disk)).toEqual(await snapshot(out));
  });

  test("keeps the build at a mount point when the disk is full", async () => {
    await writeBuild(await sampleBuild(), disk);
    const before = await snapshot(disk);
    await expect(writeBuild(await largeBuild(), disk)).rejects.toMatchObject({ code: "IO" });
    expect(await snapshot(disk)).toEqual(before);
  });
});
