import { describe, expect, test } from "bun:test";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Build } from "../../../src/generator/index.ts";
import {
  diffBuilds,
  diffIndex,
  isUnchanged,
  readBuild,
  writeBuild,
} from "../../../src/generator/index.ts";
import {
  devfileText,
  generateFolder,
  type RepositoryFiles,
  registryRepository,
  stackText,
} from "../../support/registry-repository.ts";

const SAMPLE = `schemaVersion: 1.0.0
samples:
  - name: hello
    displayName: Hello
    icon: https://example.com/i.png
    git:
      remotes:
        origin: https://user:secret@git.example.com/hello.git
      revision: main
`;
const FILES: RepositoryFiles = {
  "stacks/go/stack.yaml": stackText("  - version: 1.0.0\n    default: true\n  - version: 2.0.0"),
  "stacks/go/1.0.0/devfile.yaml": devfileText({ provider: "P" }),
  "stacks/go/1.0.0/logo.svg": "<svg/>",
  "stacks/go/2.0.0/devfile.yaml": devfileText({ version: "2.0.0" }),
  "stacks/go/2.0.0/docker/Dockerfile": "FROM a",
  "stacks/java/devfile.yaml": devfileText({ name: "java" }),
  "extraDevfileEntries.yaml": SAMPLE,
  "samples/hello/devfile.yaml": devfileText({ name: "hello" }),
};

async function buildOf(files: RepositoryFiles, sources?: Build["info"]): Promise<Build> {
  await using repository = await registryRepository(files);
  const { build } = await generateFolder(repository.path, { force: true });
  if (build === undefined) throw new Error("the files have errors");
  return sources === undefined ? build : { ...build, info: sources };
}

describe("diffBuilds()", () => {
  test("finds nothing between two builds of the same files", async () => {
    const diff = await diffBuilds(await buildOf(FILES), await buildOf(FILES));
    expect(isUnchanged(diff)).toBe(true);
    expect(diff.samples).toEqual([
      { type: "sample", name: "hello", url: "https://git.example.com/hello.git", revision: "main" },
    ]);
  });

  test("names what came, what went, and the fields and files that changed", async () => {
    const { "stacks/java/devfile.yaml": _, ...rest } = FILES;
    const after = await buildOf({
      ...rest,
      "stacks/go/stack.yaml": stackText("  - version: 2.0.0\n    default: true"),
      "stacks/go/1.0.0/devfile.yaml": "",
      "stacks/go/2.0.0/devfile.yaml": devfileText({ version: "2.0.0", tags: "[a, b]" }),
      "stacks/go/2.0.0/docker/Dockerfile": "FROM b",
      "stacks/node/devfile.yaml": devfileText({ name: "node", version: "3.0.0" }),
      "samples/hello/devfile.yaml": devfileText({ name: "hello", description: "new" }),
    });
    const { added, removed, changed } = await diffBuilds(await buildOf(FILES), after);
    expect(added).toEqual([{ type: "stack", name: "node", version: "3.0.0" }]);
    expect(removed).toEqual([
      { type: "stack", name: "go", version: "1.0.0" },
      { type: "stack", name: "java", version: "1.0.0" },
    ]);
    expect(changed.map(({ name, version }) => [name, version])).toEqual([
      ["go", undefined],
      ["go", "2.0.0"],
      ["hello", undefined],
    ]);
    const [entry, version, sample] = changed;
    expect(entry?.fields).toContainEqual({ field: "tags", after: ["a", "b"] });
    expect(entry?.fields).toContainEqual({
      field: "versions",
      before: ["2.0.0", "1.0.0"],
      after: ["2.0.0"],
    });
    expect(version?.fields).toEqual([
      { field: "default", after: true },
      { field: "tags", after: ["a", "b"] },
    ]);
    expect(version?.files).toEqual(["archive.tar", "devfile.yaml"]);
    expect(sample).toMatchObject({ fields: [], files: ["devfile.yaml"] });
  });

  test("compares with a build on disk, of the Go tools too", async () => {
    await using folder = await registryRepository({});
    const before = await buildOf(FILES);
    await writeBuild(before, join(folder.path, "build"));
    await rm(join(folder.path, "build/build.json"));
    const read = await readBuild(join(folder.path, "build"));
    expect(isUnchanged(await diffBuilds(read, before))).toBe(true);
    const file = join(folder.path, "build/stacks/go/2.0.0/devfile.yaml");
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, "schemaVersion: 2.2.0\n");
    const { changed } = await diffBuilds(await readBuild(join(folder.path, "build")), before);
    expect(changed).toEqual([
      { type: "stack", name: "go", version: "2.0.0", fields: [], files: ["devfile.yaml"] },
    ]);
  });

  test("gives the commits of sources and samples, each repository asked once", async () => {
    const [before, after] = [await buildOf(FILES), await buildOf(FILES)];
    const info = (build: Build, commit_hash: string) => ({
      ...build,
      info: build.info && {
        ...build.info,
        sources: [{ url: "https://git.example.com/r", commit_hash }],
      },
    });
    let asked = 0;
    const resolve = async () => {
      asked += 1;
      return "c".repeat(40);
    };
    const diff = await diffBuilds(info(before, "a"), info(after, "b"), resolve);
    expect(diff.sources).toEqual({
      before: [{ url: "https://git.example.com/r", commit_hash: "a" }],
      after: [{ url: "https://git.example.com/r", commit_hash: "b" }],
    });
    expect(diff.samples[0]).toMatchObject({ revision: "main", after: "c".repeat(40) });
    expect(asked).toBe(1);
  });
});

describe("diffIndex()", () => {
  const entry = (name: string, more = {}) => ({ name, type: "stack", ...more });

  test("takes absent and empty for the same, and the order of entries for nothing", () => {
    const before = [entry("a", { tags: [], description: "" }), entry("b")];
    const after = [entry("b"), entry("a", { versions: [] })];
    expect(isUnchanged(diffIndex(before, after))).toBe(true);
  });

  test("tells entries of one name apart by their order", () => {
    const before = [entry("a", { description: "1" }), entry("a", { description: "2" })];
    const after = [entry("a", { description: "1" }), entry("a", { description: "3" })];
    expect(diffIndex(before, after).changed).toEqual([
      { type: "stack", name: "a", fields: [{ field: "description", before: "2", after: "3" }] },
    ]);
  });

  test("gives attributes whatever order their keys have", () => {
    const before = [entry("a", { attributes: { x: 1, y: { a: 1, b: 2 } } })];
    const after = [entry("a", { attributes: { y: { b: 2, a: 1 }, x: 1 } })];
    expect(isUnchanged(diffIndex(before, after))).toBe(true);
  });
});
