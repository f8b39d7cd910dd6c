import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { chmod, mkdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { DevregError } from "../../src/errors.ts";
import { FolderStackSource } from "../../src/generator/index.ts";
import { FOLDER_DEPTH } from "../../src/limits.ts";
import { type RepositoryFiles, registryRepository } from "../support/registry-repository.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const SRC = join(import.meta.dir, "../../src");
const asRoot = process.getuid?.() === 0;
const DEVFILE = { "stacks/go/devfile.yaml": "schemaVersion: 2.2.0\n" };

async function repository(files: RepositoryFiles = DEVFILE) {
  const folder = await registryRepository(files);
  const source = new FolderStackSource(folder.path);
  const lines = async () => {
    const { files: found, findings } = await source.list();
    const paths = found.map(({ path }) => path);
    return [...paths, ...findings.map(({ severity, rule, file }) => `${severity} ${rule} ${file}`)];
  };
  return { folder, source, lines, at: (path: string) => join(folder.path, path) };
}

function failure(work: Promise<unknown>): Promise<DevregError> {
  return work.then(
    () => expect.unreachable(),
    (error: DevregError) => error,
  );
}

describe("FolderStackSource.list()", () => {
  test("lists what matters, sorted bytewise, with size and executable bit", async () => {
    const { folder, source, at } = await repository({
      "README.md": "not listed",
      "index.json": "[]",
      ".git/config": "",
      "stacks/go/.git": "gitdir: elsewhere",
      "stacks/go/a.sh": "echo",
      "stacks/go/a/b": "12345",
      "stacks/Zig/devfile.yaml": "",
      "stacks/\u00e9/devfile.yaml": "",
      "samples/tour/devfile.yaml": "",
      "extraDevfileEntries.yaml": "",
      "last_modified.json": "{}",
    });
    await using _ = folder;
    await chmod(at("stacks/go/a.sh"), 0o755);
    await chmod(at("stacks/go/a/b"), 0o644);
    const { files, findings } = await source.list();
    expect(files.map(({ path }) => path)).toEqual([
      "extraDevfileEntries.yaml",
      "last_modified.json",
      "samples/tour/devfile.yaml",
      "stacks/Zig/devfile.yaml",
      "stacks/go/a.sh",
      "stacks/go/a/b",
      "stacks/\u00e9/devfile.yaml",
    ]);
    expect(files[4]).toEqual({ path: "stacks/go/a.sh", sizeBytes: 4, executable: true });
    expect(files[5]).toEqual({ path: "stacks/go/a/b", sizeBytes: 5, executable: false });
    expect(findings).toEqual([]);
  });

  test("follows links that stay inside, to files and to folders", async () => {
    const { folder, lines, at } = await repository({ ...DEVFILE, "shared/x/Dockerfile": "FROM a" });
    await using _ = folder;
    await symlink("../../shared/x", at("stacks/go/docker"));
    await symlink("../../shared/x/Dockerfile", at("stacks/go/Containerfile"));
    expect(await lines()).toEqual([
      "stacks/go/Containerfile",
      "stacks/go/devfile.yaml",
      "stacks/go/docker/Dockerfile",
    ]);
  });

  test("reports links that leave the repository, by any way, and goes on", async () => {
    await using outside = await temporaryFolder();
    const { folder, lines, at } = await repository();
    await using _ = folder;
    await symlink("/etc/passwd", at("stacks/go/absolute"));
    await symlink("../../../../../../../etc", at("stacks/go/relative"));
    await symlink(outside.path, at("stacks/out"));
    await symlink(`${folder.path}-sibling`, at("stacks/go/sibling"));
    await mkdir(`${folder.path}-sibling`);
    expect(await lines()).toEqual([
      "stacks/go/devfile.yaml",
      "error link-leaves-repository stacks/go/absolute",
      "error link-leaves-repository stacks/go/relative",
      "error link-leaves-repository stacks/go/sibling",
      "error link-leaves-repository stacks/out",
    ]);
    await rm(`${folder.path}-sibling`, { recursive: true });
  });

  test("reports loops and links that lead nowhere", async () => {
    const { folder, lines, at } = await repository();
    await using _ = folder;
    await symlink("..", at("stacks/go/up"));
    await symlink("self", at("stacks/go/self"));
    await symlink("gone", at("stacks/go/dangling"));
    expect(await lines()).toEqual([
      "stacks/go/devfile.yaml",
      "warning link-dangling stacks/go/dangling",
      "error link-loop stacks/go/self",
      "error link-loop stacks/go/up",
    ]);
  });

  test("does not read a link as a stack, as the Go generator does not", async () => {
    const { folder, lines, at } = await repository();
    await using _ = folder;
    await symlink("go", at("stacks/golang"));
    expect(await lines()).toEqual(["stacks/go/devfile.yaml", "warning stack-link stacks/golang"]);
  });

  test("reports what is neither a file nor a folder", async () => {
    const { folder, lines, at } = await repository();
    await using _ = folder;
    await Bun.spawn(["mkfifo", at("stacks/go/pipe")]).exited;
    expect(await lines()).toEqual([
      "stacks/go/devfile.yaml",
      "error unreadable-file stacks/go/pipe",
    ]);
  });

  test("stops at folders nested too deep", async () => {
    const { folder, lines } = await repository({
      [`stacks/go/${"d/".repeat(FOLDER_DEPTH)}file`]: "",
    });
    await using _ = folder;
    expect(await failure(lines())).toMatchObject({ code: "LIMIT_EXCEEDED" });
  });

  test("stops at links that multiply folders without end", async () => {
    const { folder, lines, at } = await repository({ "stacks/go/d0/file": "" });
    await using _ = folder;
    for (let level = 1; level < 30; level += 1) {
      await mkdir(at(`stacks/go/d${level}`));
      for (const link of ["a", "b", "c", "d"]) {
        await symlink(`../d${level - 1}`, at(`stacks/go/d${level}/${link}`));
      }
    }
    expect(await failure(lines())).toMatchObject({ code: "LIMIT_EXCEEDED" });
  });

  test("reports a name that is not UTF-8", async () => {
    const { folder, lines, at } = await repository();
    await using _ = folder;
    writeFileSync(Buffer.concat([Buffer.from(at("stacks/go/")), Buffer.of(0x61, 0xff)]), "");
    expect(await lines()).toEqual([
      "stacks/go/devfile.yaml",
      "error unreadable-file stacks/go/a\ufffd",
    ]);
  });

  test("finds nothing in an empty folder, and says when there is no folder", async () => {
    await using folder = await temporaryFolder();
    expect(await new FolderStackSource(folder.path).list()).toEqual({ files: [], findings: [] });
    const gone = new FolderStackSource(join(folder.path, "gone"));
    expect(gone.name).toBe(join(folder.path, "gone"));
    expect(await failure(gone.list())).toMatchObject({
      code: "NOT_FOUND",
      message: `Cannot read registry repository "${folder.path}/gone": no folder`,
      hint: "Give the folder that holds stacks/",
    });
    await Bun.write(join(folder.path, "file"), "");
    expect(await failure(new FolderStackSource(join(folder.path, "file")).list())).toMatchObject({
      code: "NOT_FOUND",
    });
  });
});

describe("FolderStackSource.read()", () => {
  test("reads a file up to the limit, also through a link", async () => {
    const { folder, source, at } = await repository({ "stacks/go/a": "12345" });
    await using _ = folder;
    await symlink("a", at("stacks/go/b"));
    expect(new TextDecoder().decode(await source.read("stacks/go/b", 5))).toBe("12345");
    expect(await failure(source.read("stacks/go/a", 4))).toMatchObject({
      code: "LIMIT_EXCEEDED",
      message: 'Cannot read "stacks/go/a": 5 bytes, over the limit of 4',
    });
  });

  test("takes whatever is outside of the repository as not there", async () => {
    const { folder, source, at } = await repository();
    await using _ = folder;
    await symlink("/etc/passwd", at("stacks/go/passwd"));
    for (const path of [
      "stacks/go/passwd",
      "../../etc/passwd",
      "stacks/go/gone",
      "stacks/go/devfile.yaml/x",
    ]) {
      expect(await failure(source.read(path, 1_000_000))).toMatchObject({ code: "NOT_FOUND" });
    }
  });

  test("says why a file cannot be read and what to do", async () => {
    const { folder, source } = await repository();
    await using _ = folder;
    expect(await failure(source.read("stacks/go", 10_000))).toMatchObject({
      code: "IO",
      hint: "Make it a file that can be read, or remove it",
    });
  });

  test("reports files and folders that may not be read", async () => {
    const { folder, at } = await repository({ ...DEVFILE, "stacks/py/devfile.yaml": "" });
    await using _ = folder;
    await chmod(folder.path, 0o755);
    await chmod(at("stacks/go/devfile.yaml"), 0);
    await chmod(at("stacks/py"), 0);
    const script = `
      import { FolderStackSource } from ${JSON.stringify(join(SRC, "generator/folder-source.ts"))};
      const source = new FolderStackSource(${JSON.stringify(folder.path)});
      const { files, findings } = await source.list();
      const error = await source.read("stacks/go/devfile.yaml", 100).catch((error) => error);
      console.log(JSON.stringify({ files: files.map(({ path }) => path), findings, code: error.code }));
    `;
    // Permissions do not bind root.
    const as = asRoot ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];
    const child = Bun.spawn([...as, process.execPath, "-e", script], { stdout: "pipe" });
    const printed = await child.stdout.text();
    await chmod(at("stacks/py"), 0o755);
    expect(JSON.parse(printed)).toMatchObject({
      files: ["stacks/go/devfile.yaml"],
      findings: [{ severity: "error", rule: "unreadable-file", file: "stacks/py" }],
      code: "IO",
    });
  });
});
