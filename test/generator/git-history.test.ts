import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readGitHistory } from "../../src/generator/index.ts";
import { GIT_INDEX_BYTES, GIT_OBJECT_BYTES } from "../../src/limits.ts";
import { buildPack, gitName } from "../support/git-pack-server.ts";
import { git, importRandomHistory, initRepository } from "../support/git-repository.ts";

let root: string;
let repository: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "devreg-test-"));
  repository = join(root, "repository");
  await initRepository(repository);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const FOLDERS = [0, 1, 2, 3, 4].flatMap((stack) => [
  ...[0, 1, 2].map((version) => `stacks/s${stack}/${version}.0.0`),
  `stacks/s${stack}`,
  `stacks/s${stack}/0.0.0/a`,
  `stacks/s${stack}/1.0.0/devfile.yaml`,
]);

/** Writes sizes as a delta begins with them. Spec: gitformat-pack, Deltified representation. */
function sizes(...values: readonly number[]): Buffer {
  return Buffer.from(
    values.flatMap((value) => [
      (value & 0x7f) | 0x80,
      ((value >> 7) & 0x7f) | 0x80,
      ((value >> 14) & 0x7f) | 0x80,
      (value >> 21) & 0x7f,
    ]),
  );
}

/** Writes operations that copy a base piece by piece, a MiB each. */
function copies(count: number, step = 1 << 20): Buffer[] {
  return Array.from({ length: count }, (_, at) => {
    const from = Buffer.alloc(4);
    from.writeUInt32LE(at * step);
    return Buffer.concat([Buffer.of(0xff), from, Buffer.of(0, 0, 0x10)]);
  });
}

/** Packs the repository and gives the path of a part of its only pack. */
async function onlyPack(extension: string): Promise<string> {
  git(repository, ["gc", "-q"]);
  const names = await readdir(join(repository, ".git/objects/pack"));
  return join(".git/objects/pack", names.find((name) => name.endsWith(extension)) ?? "");
}

/** What the git program says of each folder, in today's form of UTC. */
function datesByGit(folder: string, folders: readonly string[]): Map<string, string> {
  const dates = folders.map((each): [string, string] => {
    const date = git(folder, ["log", "-1", "--format=%aI", "--", each]).trim();
    return [each, date.replace(/\+00:00$/, "Z")];
  });
  return new Map(dates.filter(([, date]) => date !== ""));
}

async function expectAsGit(folder: string, folders = [...FOLDERS, "stacks/none"]): Promise<void> {
  const history = await readGitHistory(folder, folders);
  expect(Object.fromEntries(history?.lastModified ?? [])).toEqual(
    Object.fromEntries(datesByGit(folder, folders)),
  );
  expect(history?.commit_hash).toBe(git(folder, ["rev-parse", "HEAD"]).trim());
}

async function commitFiles(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(repository, path, ".."), { recursive: true });
    await writeFile(join(repository, path), text);
  }
  git(repository, ["add", "-A"]);
  git(repository, ["commit", "-q", "-m", "files"]);
}

describe("readGitHistory() dates folders as git log does", () => {
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    test(`over a history with merges, renames and deletions (seed ${seed})`, async () => {
      importRandomHistory(repository, { seed, commits: 350 });
      expect(Number(git(repository, ["rev-list", "--merges", "--count", "HEAD"]))).toBeGreaterThan(
        20,
      );
      git(repository, ["reset", "-q", "--hard"]);
      await expectAsGit(repository);
    });
  }

  test("when packed with deltas", async () => {
    importRandomHistory(repository, { seed: 7, commits: 400 });
    git(repository, ["reset", "-q", "--hard"]);
    git(repository, ["gc", "-q", "--aggressive"]);
    expect(git(repository, ["verify-pack", "-v", ...(await packs())])).toContain(
      "chain length = 2",
    );
    await expectAsGit(repository);
  });

  test("when packed with bases named by object", async () => {
    importRandomHistory(repository, { seed: 8, commits: 300 });
    git(repository, ["reset", "-q", "--hard"]);
    git(repository, ["-c", "repack.useDeltaBaseOffset=false", "repack", "-adfq"]);
    await expectAsGit(repository);
  });

  test("when loose", async () => {
    importRandomHistory(repository, { seed: 9, commits: 300 });
    const [pack = ""] = await packs();
    await rename(pack, join(root, "loose.pack"));
    await rm(join(repository, ".git/objects/pack"), { recursive: true });
    Bun.spawnSync(["sh", "-c", "git unpack-objects -q < ../loose.pack"], { cwd: repository });
    git(repository, ["reset", "-q", "--hard"]);
    await expectAsGit(repository);
  });

  test("from a folder inside the checkout", async () => {
    importRandomHistory(repository, { seed: 10, commits: 200, prefix: "deep/registry/" });
    git(repository, ["reset", "-q", "--hard"]);
    await expectAsGit(join(repository, "deep/registry"));
  });

  test("in a worktree, with a packed reference", async () => {
    importRandomHistory(repository, { seed: 11, commits: 200 });
    git(repository, ["worktree", "add", "-q", "-b", "side", join(root, "side"), "main~3"]);
    git(repository, ["pack-refs", "--all"]);
    await expectAsGit(join(root, "side"));
    git(join(root, "side"), ["checkout", "-q", "--detach"]);
    await expectAsGit(join(root, "side"));
  });

  test("in a clone that borrows its objects", async () => {
    importRandomHistory(repository, { seed: 12, commits: 200 });
    git(root, ["clone", "-q", "--shared", "repository", "clone"]);
    await expectAsGit(join(root, "clone"));
  });

  test("in a shallow clone, and says that it is one", async () => {
    importRandomHistory(repository, { seed: 13, commits: 200 });
    git(root, ["clone", "-q", "--depth", "4", `file://${repository}`, "clone"]);
    await expectAsGit(join(root, "clone"));
    expect((await readGitHistory(join(root, "clone"), []))?.shallow).toBe(true);
  });

  async function packs(): Promise<string[]> {
    const folder = join(repository, ".git/objects/pack");
    const names = (await readdir(folder)).filter((name) => name.endsWith(".pack"));
    return names.map((name) => join(folder, name));
  }
});

describe("readGitHistory()", () => {
  test("gives the committer date in UTC", async () => {
    importRandomHistory(repository, { seed: 1, commits: 30 });
    git(repository, ["reset", "-q", "--hard"]);
    const seconds = Number(git(repository, ["log", "-1", "--format=%ct"]));
    const expected = new Date(seconds * 1000).toISOString().replace(".000", "");
    expect((await readGitHistory(repository, []))?.commit_time).toBe(expected);
  });

  test("is undefined outside a checkout, before the first commit and for what git does not know", async () => {
    expect(await readGitHistory(root, [])).toBeUndefined();
    expect(await readGitHistory(repository, [])).toBeUndefined();
    await commitFiles({ "README.md": "a registry will be here" });
    expect(await readGitHistory(repository, [])).toBeUndefined();
    await mkdir(join(repository, "out/stacks"), { recursive: true });
    expect(await readGitHistory(join(repository, "out"), [])).toBeUndefined();
  });

  const changes: readonly (readonly [string, boolean, () => Promise<unknown>])[] = [
    ["nothing", false, async () => undefined],
    ["a file that is not read", false, () => writeFile(join(repository, "README.md"), "new")],
    [
      "the date of a file",
      false,
      () => writeFile(join(repository, "stacks/go/devfile.yaml"), "go"),
    ],
    [
      "an empty folder",
      false,
      () => mkdir(join(repository, "stacks/empty/deeper"), { recursive: true }),
    ],
    [
      "the content of a file",
      true,
      () => writeFile(join(repository, "stacks/go/devfile.yaml"), "og"),
    ],
    ["a new file", true, () => writeFile(join(repository, "stacks/go/new"), "")],
    ["a file that git ignores", true, () => writeFile(join(repository, "stacks/go/x.tmp"), "")],
    ["a file that is gone", true, () => rm(join(repository, "stacks/go/run.sh"))],
    ["a mode", true, () => chmod(join(repository, "stacks/go/run.sh"), 0o644)],
    ["last_modified.json", true, () => writeFile(join(repository, "last_modified.json"), "{}")],
    ["the extra entries", true, () => rm(join(repository, "extraDevfileEntries.yaml"))],
    ["all samples", true, () => rm(join(repository, "samples"), { recursive: true })],
    [
      "a link that leads elsewhere",
      true,
      async () => {
        await rm(join(repository, "stacks/link"));
        await symlink("nowhere", join(repository, "stacks/link"));
      },
    ],
  ];
  for (const [title, dirty, change] of changes) {
    test(`calls ${title} ${dirty ? "dirty" : "clean"}`, async () => {
      await mkdir(join(repository, "stacks/go"), { recursive: true });
      await writeFile(join(repository, "stacks/go/run.sh"), "#!/bin/sh");
      await chmod(join(repository, "stacks/go/run.sh"), 0o755);
      await symlink("go", join(repository, "stacks/link"));
      await commitFiles({
        ".gitignore": "*.tmp",
        "README.md": "old",
        "stacks/go/devfile.yaml": "go",
        "samples/hello/devfile.yaml": "hello",
        "extraDevfileEntries.yaml": "samples: []",
      });
      await change();
      expect((await readGitHistory(repository, []))?.dirty).toBe(dirty);
    });
  }

  test("says which object is missing", async () => {
    await commitFiles({ "stacks/go/devfile.yaml": "one" });
    await commitFiles({ "stacks/go/devfile.yaml": "two" });
    const tree = git(repository, ["rev-parse", "HEAD~1:stacks"]).trim();
    await rm(join(repository, ".git/objects", tree.slice(0, 2), tree.slice(2)));
    await expect(readGitHistory(repository, ["stacks/go"])).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining(tree),
    });
  });

  test("reports a damaged object instead of falling over it", async () => {
    await commitFiles({ "stacks/go/devfile.yaml": "one" });
    const head = git(repository, ["rev-parse", "HEAD"]).trim();
    const path = join(repository, ".git/objects", head.slice(0, 2), head.slice(2));
    await rm(path);
    await writeFile(path, "not deflated");
    await expect(readGitHistory(repository, [])).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });

  test.each([
    [
      "an object",
      async () => {
        const head = git(repository, ["rev-parse", "HEAD"]).trim();
        return join(".git/objects", head.slice(0, 2), head.slice(2));
      },
    ],
    ["a pack", () => onlyPack(".pack")],
    ["a pack index", () => onlyPack(".idx")],
    ["the list of alternates", async () => ".git/objects/info/alternates"],
  ])("does not wait for a named pipe in the place of %s", async (_, find) => {
    await commitFiles({ "stacks/go/devfile.yaml": "one" });
    const path = join(repository, await find());
    await rm(path, { force: true });
    await Bun.spawn(["mkfifo", path]).exited;
    await expect(readGitHistory(repository, [])).rejects.toMatchObject({
      code: "INPUT_INVALID",
      message: expect.stringContaining("it is no file"),
    });
  });

  test.each([
    [
      "an object",
      GIT_OBJECT_BYTES,
      async () => {
        const head = git(repository, ["rev-parse", "HEAD"]).trim();
        return join(".git/objects", head.slice(0, 2), head.slice(2));
      },
    ],
    ["a pack index", GIT_INDEX_BYTES, () => onlyPack(".idx")],
  ] as const)("does not read %s without end", async (_, limitBytes, find) => {
    await commitFiles({ "stacks/go/devfile.yaml": "one" });
    const path = join(repository, await find());
    await rm(path);
    await writeFile(path, "");
    await truncate(path, limitBytes + 1);
    await expect(readGitHistory(repository, [])).rejects.toMatchObject({
      code: "INPUT_INVALID",
      message: expect.stringContaining(`it is over ${limitBytes} bytes`),
    });
  });

  test("does not unpack deltas without end", async () => {
    const base = Buffer.alloc(1 << 20);
    // Copies its base, a MiB, so many times; each further one copies that whole.
    const grown = Buffer.concat([sizes(1 << 20, 24 << 20), ...copies(24, 0)]);
    let result = Buffer.concat(new Array(24).fill(base));
    const objects = [
      { kind: 3, content: base },
      { kind: 7, content: grown, base: gitName("blob", base) },
    ];
    for (let at = 0; at < 6; at += 1) {
      const content = Buffer.concat([
        sizes(result.byteLength, (24 << 20) + 1),
        ...copies(result.byteLength >> 20),
        Buffer.of(1, at),
      ]);
      objects.push({ kind: 7, content, base: gitName("blob", result) });
      result = Buffer.concat([result.subarray(0, 24 << 20), Buffer.of(at)]);
    }
    const pack = join(root, "hostile.pack");
    await writeFile(pack, buildPack(objects));
    git(repository, ["index-pack", pack]);
    const folder = join(repository, ".git/objects/pack");
    await mkdir(folder, { recursive: true });
    for (const end of ["pack", "idx"]) {
      await rename(join(root, `hostile.${end}`), join(folder, `pack-hostile.${end}`));
    }
    await writeFile(join(repository, ".git/HEAD"), `${gitName("blob", result)}\n`);
    await expect(readGitHistory(repository, [])).rejects.toMatchObject({
      code: "INPUT_INVALID",
      message: expect.stringContaining("its deltas are too large"),
    });
  });

  test("names what it does not support", async () => {
    const other = join(root, "sha256");
    await mkdir(other);
    git(other, ["init", "-q", "--object-format=sha256"]);
    git(other, ["commit", "-q", "--allow-empty", "-m", "x"]);
    await expect(readGitHistory(other, [])).rejects.toMatchObject({ code: "UNSUPPORTED" });
  });

  test("stops when it is interrupted", async () => {
    importRandomHistory(repository, { seed: 1, commits: 30 });
    git(repository, ["reset", "-q", "--hard"]);
    const options = { signal: AbortSignal.abort() };
    await expect(readGitHistory(repository, ["stacks/s0"], options)).rejects.toMatchObject({
      code: "ABORTED",
    });
  });
});
