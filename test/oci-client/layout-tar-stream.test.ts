import { describe, expect, test } from "bun:test";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ByteStream, readAll, streamOf } from "../../src/bytes.ts";
import { DevregError } from "../../src/errors.ts";
import { hexOf, openReadonlyLayout, readTarStream } from "../../src/oci-client/index.ts";
import { artifactOf, imageIndexOf, pushGraph } from "../support/sample-content.ts";
import { gnuTar, tarFile, tarIn, tarOf, unevenly } from "../support/tar-layout.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { codeOf } from "./behaviour.ts";

const GRAPH = imageIndexOf([artifactOf(["amd64", "x".repeat(90_000)]), artifactOf(["arm64"])]);
const ALL = [...GRAPH.below, GRAPH.root];
const NAME = "localhost:5000/a/b";

async function writtenTar(): Promise<Buffer> {
  await using folder = await temporaryFolder();
  const writer = await tarFile(
    folder.path,
    ALL.map(({ descriptor }) => descriptor),
  );
  await pushGraph(writer.repository(NAME), GRAPH);
  await writer.repository(NAME).tag(GRAPH.root.descriptor, "1.0");
  await writer.finish();
  return await readFile(tarIn(folder.path));
}

async function expectWhole(folder: string): Promise<void> {
  const repository = (await openReadonlyLayout(folder)).repository(NAME);
  expect(await repository.resolve("1.0")).toMatchObject({ digest: GRAPH.root.descriptor.digest });
  for (const { descriptor, bytes } of ALL) {
    expect(await readAll(await repository.fetch(descriptor), 999_999, "it")).toEqual(bytes);
  }
}

describe("readTarStream()", () => {
  test("makes a folder layout of a tar of ours, files beside the content included", async () => {
    await using folder = await temporaryFolder();
    const root = join(folder.path, "layout");
    const registry = await readTarStream(unevenly(await writtenTar()), root);
    await expectWhole(root);
    expect(await registry.files.list()).toEqual([{ name: "devreg", size: 12, mode: 0o755 }]);
    expect((await stat(join(root, "devreg"))).mode & 0o777).toBe(0o755);
    expect(await readdir(join(root, ".partial"))).toEqual([]);
  });

  test("takes what GNU tar packed, in the order of its folders", async () => {
    await using folder = await temporaryFolder();
    const [first, second] = [join(folder.path, "first"), join(folder.path, "second")];
    await readTarStream(unevenly(await writtenTar()), first);
    await gnuTar(first, tarIn(folder.path), "--sort=name");
    await readTarStream(unevenly(await readFile(tarIn(folder.path)), 99_000), second);
    await expectWhole(second);
  });

  test("broken off anywhere has no roots yet, and goes on where it was", async () => {
    const tar = await writtenTar();
    for (let length = 0; length < tar.byteLength - 1024; length += 7777) {
      await using folder = await temporaryFolder();
      const broken = readTarStream(streamOf(tar.subarray(0, length)), folder.path);
      expect(await codeOf(broken)).toBe(length === 0 ? "INPUT_INVALID" : "BUNDLE_INVALID");
      const repositories = (await openReadonlyLayout(folder.path)).repositories();
      expect(await Array.fromAsync(repositories)).toEqual([]);
      const inodes = await inodesIn(folder.path);
      await readTarStream(unevenly(tar), folder.path);
      await expectWhole(folder.path);
      expect(await inodesIn(folder.path)).toMatchObject(inodes);
    }
  });

  test("finds a changed byte, and names its entry", async () => {
    await using folder = await temporaryFolder();
    const tar = await writtenTar();
    tar[tar.indexOf("xxxxx") + 50_000] = 0;
    const error = await readTarStream(unevenly(tar), folder.path, { shown: "the pipe" }).catch(
      (reason: unknown) => reason,
    );
    const large = ALL.find(({ descriptor }) => descriptor.size === 90_000);
    expect(error).toMatchObject({
      code: "BUNDLE_INVALID",
      message: `Cannot read "the pipe": its entry "blobs/sha256/${hexOf(
        large?.descriptor.digest ?? "sha256:",
      )}" is damaged`,
      hint: expect.stringContaining("Copy the file again"),
    });
  });

  test("replaces the roots of an earlier tar, and keeps its content", async () => {
    await using folder = await temporaryFolder();
    await readTarStream(unevenly(await writtenTar()), folder.path);
    const count = (await readdir(join(folder.path, "blobs/sha256"))).length;
    const empty = tarOf([
      { name: "./oci-layout", text: '{"imageLayoutVersion":"1.0.0"}' },
      { name: "./index.json", text: '{"schemaVersion":2,"manifests":[]}' },
    ]);
    const registry = await readTarStream(streamOf(empty), folder.path);
    expect(await Array.fromAsync(registry.repositories())).toEqual([]);
    expect(await readdir(join(folder.path, "blobs/sha256"))).toHaveLength(count);
  });

  test("passes on the failure of the stream", async () => {
    await using folder = await temporaryFolder();
    const tar = await writtenTar();
    const failing = async function* (): ByteStream {
      yield tar.subarray(0, 9000);
      throw new DevregError("NETWORK", "Cannot read the pipe: it broke off");
    };
    expect(await codeOf(readTarStream(failing(), folder.path))).toBe("NETWORK");
  });

  test("reads some padding behind the end, and leaves an endless stream", async () => {
    await using folder = await temporaryFolder();
    const tar = await writtenTar();
    let ended = false;
    const endless = async function* (): ByteStream {
      try {
        yield tar;
        for (;;) yield new Uint8Array(10_240);
      } finally {
        ended = true;
      }
    };
    await readTarStream(endless(), folder.path);
    expect(ended).toBe(true);
  });

  const refused: readonly (readonly [string, Uint8Array])[] = [
    ["a path upwards", tarOf([{ name: "../devreg" }])],
    ["a link", tarOf([{ name: "devreg", type: "2" }])],
    ["a tar of something else", tarOf([{ name: "readme" }])],
  ];
  for (const [what, bytes] of refused) {
    test(`refuses ${what}`, async () => {
      await using folder = await temporaryFolder();
      expect(await codeOf(readTarStream(streamOf(bytes), folder.path))).toBe("INPUT_INVALID");
    });
  }

  test("refuses a folder that holds something else", async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, "thesis.txt"), "years of work");
    const reading = readTarStream(unevenly(await writtenTar()), folder.path);
    expect(await codeOf(reading)).toBe("INPUT_INVALID");
  });
});

/** The blobs of a layout with the numbers that the file system gave them. */
async function inodesIn(folder: string): Promise<Record<string, number>> {
  const blobs = join(folder, "blobs/sha256");
  const names = await readdir(blobs);
  const entries = names.map(async (name) => [name, (await stat(join(blobs, name))).ino] as const);
  return Object.fromEntries(await Promise.all(entries));
}
