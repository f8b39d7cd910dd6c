import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { lstat, readdir, readFile, readlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ProjectEntry, ProjectTree } from "../../../src/generator/fetch/index.ts";
import { zipTree, zipTreeInTurns } from "../../../src/generator/fetch/index.ts";
import { runProgram } from "../../support/program.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** Digests of archives; they change when the library that compresses does, and builds with them. */
const PINNED = "968d8f86274ae71bf725c33fabffc021b765f34cf65cd1f348102fa4053f20f6";
const PINNED_LARGE = "97537df5e98446a3614ef481c91be86917181cf3385bf9e3efa771a5fe8d7c4a";

const text = (value: string) => new TextEncoder().encode(value);

function treeOf(entries: readonly ProjectEntry[]): ProjectTree {
  return { entries, totalBytes: 0 };
}

const TREE = treeOf([
  { path: ".gitignore", mode: "file", bytes: text("target/\n") },
  { path: "empty", mode: "file", bytes: text("") },
  { path: "mvnw", mode: "executable", bytes: text("#!/bin/sh\n".repeat(50)) },
  { path: "src/données/日本.txt", mode: "file", bytes: text("text") },
  { path: "src/link", mode: "symlink", target: "../mvnw" },
]);

/** Unpacks an archive and renders what lies there as "mode path content". */
async function unpacked(zip: Uint8Array): Promise<string[]> {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, "x.zip"), zip);
  const env = { LC_ALL: "C.UTF-8", TZ: "UTC" };
  await runProgram(["unzip", "-q", "x.zip", "-d", "out"], { cwd: folder.path, env });
  const out = join(folder.path, "out");
  const lines: string[] = [];
  for (const path of (await readdir(out, { recursive: true })).sort()) {
    const stats = await lstat(join(out, path));
    if (stats.isDirectory()) continue;
    const content = stats.isSymbolicLink()
      ? await readlink(join(out, path))
      : await readFile(join(out, path), "utf8");
    lines.push(`${(stats.mode & 0o170111).toString(8)} ${path} ${content.length}`);
    if (!stats.isSymbolicLink()) expect(stats.mtime.toISOString()).toBe("1980-01-01T00:00:00.000Z");
  }
  return lines;
}

describe("zipTree()", () => {
  test("is unpacked by unzip with modes and links", async () => {
    expect(await unpacked(zipTree(TREE))).toEqual([
      "100000 .gitignore 8",
      "100000 empty 0",
      "100111 mvnw 500",
      "100000 src/données/日本.txt 4",
      "120111 src/link 7",
    ]);
  });

  test("gives the same bytes on every machine", () => {
    const digest = (zip: Uint8Array) => createHash("sha256").update(zip).digest("hex");
    expect(digest(zipTree(TREE))).toBe(PINNED);
    const large = Uint8Array.from({ length: 300_000 }, (_, at) => (at * at) >> 7);
    const tree = treeOf([{ path: "large", mode: "file", bytes: large }]);
    expect(digest(zipTree(tree))).toBe(PINNED_LARGE);
  });

  test("puts everything in a folder, whose name nothing in it has", async () => {
    const lines = await unpacked(zipTree(TREE, { folder: "app" }));
    expect(lines).toContain("100111 app/mvnw 500");
    const nested = treeOf([
      { path: "App-1/x", mode: "file", bytes: text("x") },
      { path: "app/y", mode: "file", bytes: text("y") },
    ]);
    expect(await unpacked(zipTree(nested, { folder: "app" }))).toEqual([
      "100000 app-2/App-1/x 1",
      "100000 app-2/app/y 1",
    ]);
  });

  test("has no entries for folders", async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, "x.zip"), zipTree(TREE));
    const list = await runProgram(["unzip", "-Z1", "x.zip"], {
      cwd: folder.path,
      env: { LC_ALL: "C.UTF-8" },
    });
    expect(list.trim().split("\n")).toEqual(TREE.entries.map(({ path }) => path));
  });
});

describe("zipTreeInTurns()", () => {
  test("gives the bytes of zipTree(), and others their turn", async () => {
    const files = Array.from({ length: 500 }, (_, at) => ({
      path: `f${at}`,
      mode: "file" as const,
      bytes: text(`${at}`.repeat(100)),
    }));
    const tree = treeOf([...files].sort((a, b) => (a.path < b.path ? -1 : 1)));
    let turns = 0;
    const counting = setInterval(() => {
      turns += 1;
    }, 0);
    const zip = await zipTreeInTurns(tree, new AbortController().signal);
    clearInterval(counting);
    expect(zip).toEqual(zipTree(tree));
    expect(turns).toBeGreaterThan(0);
  });

  test("stores large files as they are, however small they could be", async () => {
    const tree = treeOf([{ path: "large", mode: "file", bytes: new Uint8Array(3_000_000) }]);
    const zip = await zipTreeInTurns(tree, new AbortController().signal);
    expect(zip.byteLength).toBeGreaterThan(3_000_000);
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, "x.zip"), zip);
    await runProgram(["unzip", "-t", "-q", "x.zip"], { cwd: folder.path });
  });

  test("stops when nobody waits for it", async () => {
    const entries = Array.from({ length: 100 }, (_, at) => ({
      path: `f${at}`,
      mode: "file" as const,
      bytes: text("x"),
    }));
    const left = AbortSignal.abort(new Error("left"));
    await expect(zipTreeInTurns(treeOf(entries), left)).rejects.toThrow("interrupted");
  });
});
