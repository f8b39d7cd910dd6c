import { describe, expect, test } from "bun:test";
import { readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { textOf, utf8 } from "../../src/bytes.ts";
import { DevregError } from "../../src/errors.ts";
import {
  type Build,
  FolderStackSource,
  type IndexEntry,
  isBuild,
  readBuild,
  writeBuild,
} from "../../src/generator/index.ts";
import {
  devfileText,
  findingLines,
  generateFiles,
  generateFolder,
  registryRepository,
  stackText,
  tellingLines,
} from "../support/registry-repository.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const FIXTURES = join(import.meta.dir, "../fixtures");
const REGISTRY = join(FIXTURES, "registry");
const GO = { "stacks/go/devfile.yaml": devfileText() };

function whole(build: Build | undefined): Build {
  return build ?? expect.unreachable("nothing was built");
}

function entryOf(build: Build | undefined, name = "go"): IndexEntry {
  return whole(build).index.find((entry) => entry.name === name) ?? expect.unreachable(name);
}

describe("generate() on the fixture", () => {
  test("gives the golden index.json", async () => {
    const { build, report } = await generateFolder(REGISTRY);
    expect(textOf(whole(build).indexBytes)).toBe(
      await readFile(join(FIXTURES, "registry-index.json"), "utf8"),
    );
    expect(report.counts).toEqual({
      stacks: 5,
      stackVersions: 7,
      samples: 2,
      sampleVersions: 3,
      icons: 0,
      iconsMissing: 0,
    });
    expect(report.notChecked).toEqual(["6 icons: they were not fetched"]);
    expect(report.leftOut).toEqual([]);
    expect(report.sources).toEqual([{ url: REGISTRY }]);
  });

  test("puts files where the index says they are", async () => {
    const { build } = await generateFolder(REGISTRY);
    expect(await whole(build).files.paths()).toEqual([
      "samples/hello/devfile.yaml",
      "samples/tour/1.10/devfile.yaml",
      "samples/tour/2.0.0/devfile.yaml",
      "stacks/gopher/1.10.0/archive.tar",
      "stacks/gopher/1.10.0/devfile.yaml",
      "stacks/gopher/1.10.0/logo.svg",
      "stacks/gopher/1.9.0/devfile.yaml",
      "stacks/gopher/2.0.0/devfile.yaml",
      "stacks/node-kit/devfile.yaml",
      "stacks/node-kit/meta.yaml",
      "stacks/shell-tools/.devfile.yaml",
      "stacks/shell-tools/logo.png",
      "stacks/snake/3.1.0/devfile.yaml",
    ]);
    const path = "stacks/gopher/2.0.0/devfile.yaml";
    const published = await whole(build).files.read(path);
    expect(Buffer.from(published).equals(await readFile(join(REGISTRY, path)))).toBe(true);
  });

  test("records a digest for each stack version", async () => {
    const { build } = await generateFolder(REGISTRY);
    const { stacks = {}, tool } = whole(build).info ?? {};
    expect(Object.keys(stacks)).toEqual([
      "gopher:1.10.0",
      "gopher:1.9.0",
      "gopher:2.0.0",
      "node-kit:4.0.0",
      "shell-tools:0.9.0-beta",
      "snake:3.1.0",
    ]);
    expect(tool).toEqual({ name: "devreg", version: "1.2.3" });
  });

  test("gives the same build each time, and the same when it is written and read", async () => {
    const [one, two] = await Promise.all([generateFolder(REGISTRY), generateFolder(REGISTRY)]);
    const build = whole(one.build);
    expect(whole(two.build).indexBytes).toEqual(build.indexBytes);
    expect(whole(two.build).info).toEqual(build.info as never);
    await using folder = await temporaryFolder();
    const out = join(folder.path, "build");
    await writeBuild(build, out);
    expect(await isBuild(out)).toBe(true);
    const read = await readBuild(out);
    expect(read.index).toEqual(build.index);
    expect(read.info).toEqual(build.info as never);
    expect(await read.files.paths()).toEqual(await build.files.paths());
  });
});

describe("generate() keeps source text", () => {
  const versions = "  - version: 1.10\n    default: true";
  const files = {
    "stacks/go/stack.yaml": stackText(versions, "name: go\ntags: [3.9, yes, 1e3, 0777]"),
    "stacks/go/1.10/devfile.yaml": devfileText({ version: "1.10", tags: "[3.9, no, 0x10]" }),
  };

  test("of a version 1.10, which needs --force", async () => {
    expect((await generateFiles(files)).build).toBeUndefined();
    const { build } = await generateFiles(files, { force: true });
    const entry = entryOf(build);
    expect(entry.tags).toEqual(["3.9", "yes", "1e3", "0777", "no", "0x10"]);
    expect(entry.versions?.[0]).toMatchObject({
      version: "1.10",
      tags: ["3.9", "no", "0x10"],
      links: { self: "devfile-catalog/go:1.10" },
    });
    expect(await whole(build).files.list("stacks/go/1.10")).toEqual(["devfile.yaml"]);
  });
});

describe("generate() dates", () => {
  const stack = {
    "stacks/go/stack.yaml": stackText("  - version: 1.0.0\n    default: true"),
    "stacks/go/1.0.0/devfile.yaml": devfileText(),
  };
  const history = (dirty: boolean) => async (folders: readonly string[]) => ({
    commit_hash: "c".repeat(40),
    commit_time: "2025-06-01T00:00:00Z",
    dirty,
    shallow: dirty,
    lastModified: new Map(folders.map((folder) => [folder, "2025-05-05T05:05:05+02:00"])),
  });

  test("come from git history when there is no last_modified.json", async () => {
    const { build, report } = await generateFiles(stack, { history: history(false) });
    expect(entryOf(build).lastModified).toBe("2025-05-05T05:05:05+02:00");
    expect(report.sources[0]).toMatchObject({
      commit_hash: "c".repeat(40),
      commit_time: "2025-06-01T00:00:00Z",
    });
    expect(whole(build).info?.commit_time).toBe("2025-06-01T00:00:00Z");
  });

  test("come from last_modified.json alone when it is there", async () => {
    const files = { ...stack, "last_modified.json": '{"stacks": []}' };
    const { build, report } = await generateFiles(files, { history: history(true) });
    expect(entryOf(build).lastModified).toBe("0001-01-01T00:00:00Z");
    expect(Object.keys(report.sources[0] ?? {})).toEqual(["url"]);
  });

  test("come with a warning from a history that is not whole", async () => {
    const result = await generateFiles(stack, { history: history(true) });
    expect(tellingLines(result)).toEqual(["warning history-shallow .git"]);
  });

  test("are unknown, with a warning, when the history cannot be read", async () => {
    const broken = async () => {
      throw new DevregError("NOT_FOUND", "Cannot read git object: it is missing");
    };
    const result = await generateFiles(stack, { history: broken });
    expect(tellingLines(result)).toEqual(["warning git-history .git"]);
    const stopped = async () => {
      throw new DevregError("ABORTED", "Cannot read git history: stopped");
    };
    expect(generateFiles(stack, { history: stopped })).rejects.toMatchObject({ code: "ABORTED" });
  });

  test("are unknown, with a warning, when there is neither", async () => {
    const result = await generateFiles(stack);
    expect(entryOf(result.build).lastModified).toBe("0001-01-01T00:00:00Z");
    expect(findingLines(result)).toContain("warning no-last-modified last_modified.json");
  });
});

describe("generate() icons", () => {
  const files = { "stacks/go/devfile.yaml": devfileText({ icon: "https://icons.example/a.svg" }) };

  test("are stored by content and recorded by address", async () => {
    const { build, report } = await generateFiles(files, {
      icons: async () => ({ bytes: utf8('<svg xmlns="http://www.w3.org/2000/svg"/>') }),
    });
    const [file] = await whole(build).files.list("icons");
    expect(whole(build).info?.icons).toEqual({ "https://icons.example/a.svg": String(file) });
    expect(report.counts).toMatchObject({ icons: 1, iconsMissing: 0 });
    expect(report.notChecked).toEqual([]);
  });

  test("that cannot be fetched are warnings and counted", async () => {
    const result = await generateFiles(files, {
      icons: async () => {
        throw new Error("no route");
      },
    });
    expect(tellingLines(result)).toEqual([
      "warning icon-unreachable stacks/go/devfile.yaml:3 metadata",
    ]);
    expect(result.report.counts).toMatchObject({ icons: 0, iconsMissing: 1 });
  });
});

describe("generate() on bad input", () => {
  test.each([
    ["an empty repository", { "README.md": "" }, "the repository is empty"],
    [
      "no stacks folder",
      { "extraDevfileEntries.yaml": "samples: [{name: a, icon: i, git: {remotes: {o: u}}}]\n" },
      'there is no folder below "stacks"',
    ],
    ["a stacks folder with files only", { "stacks/README.md": "" }, "the repository is empty"],
  ])("refuses %s", async (_, files, state) => {
    const { build, report } = await generateFiles(files);
    expect(build).toBeUndefined();
    expect(report.findings).toContainEqual({
      severity: "error",
      rule: "no-stacks",
      file: "stacks",
      message: `Cannot find a stack: ${state}`,
      hint: "Give the folder that holds stacks/<name>/devfile.yaml",
    });
  });

  test("refuses to generate from nothing", async () => {
    const nothing = generateFolder(REGISTRY, { sources: [] });
    await expect(nothing).rejects.toMatchObject({ code: "USAGE" });
  });

  test("reports all problems of all files in one run", async () => {
    const result = await generateFiles({
      "stacks/a/devfile.yaml": "metadata: [\n",
      "stacks/b/devfile.yaml": devfileText({ name: "b", language: null }),
      "stacks/c/stack.yaml": "versions: [\n",
      "stacks/d/devfile.yaml": Uint8Array.from([0x61, 0x3a, 0xff]),
      "stacks/e/devfile.yaml": new Uint8Array(50 * 1024 * 1024),
      "extraDevfileEntries.yaml": "samples: {\n",
      "last_modified.json": "{",
    });
    expect(result.build).toBeUndefined();
    expect(tellingLines(result)).toEqual([
      "error yaml-syntax extraDevfileEntries.yaml:1",
      "error last-modified last_modified.json",
      "error yaml-syntax stacks/a/devfile.yaml:1",
      "error metadata-required stacks/b/devfile.yaml:3 metadata.language",
      "error yaml-syntax stacks/c/stack.yaml:1",
      "error yaml-encoding stacks/d/devfile.yaml:1",
      "error file-too-large stacks/e/devfile.yaml",
    ]);
    expect(result.report.findings.at(-1)?.message).toBe(
      'Cannot read "stacks/e/devfile.yaml": 52428800 bytes, over the limit of 524288',
    );
  });

  test("reports a link that leaves the repository and a file that cannot be packaged", async () => {
    await using repository = await registryRepository({
      ...GO,
      "stacks/go/archive.tar": "",
      "stacks/go/docker/Dockerfile": "FROM a",
    });
    await symlink("/etc/passwd", join(repository.path, "stacks/go/passwd"));
    const result = await generateFolder(repository.path);
    expect(result.build).toBeUndefined();
    expect(tellingLines(result)).toEqual([
      "error package stacks/go",
      "error link-leaves-repository stacks/go/passwd",
    ]);
  });

  test("reports a file that is listed but cannot be read, wherever it lies", async () => {
    await using repository = await registryRepository({ ...GO, "stacks/py/devfile.yaml": "" });
    const folder = new FolderStackSource(repository.path);
    const { files } = await folder.list();
    const gone = ["stacks/go/logo.svg", "stacks/py/.devfile.yaml"].map((path) => ({
      path,
      sizeBytes: 1,
      executable: false,
    }));
    const source = {
      name: folder.name,
      list: async () => ({
        files: [...files.filter(({ path }) => !path.includes("py")), ...gone],
        findings: [],
      }),
      read: (path: string, limitBytes: number) => folder.read(path, limitBytes),
    };
    const result = await generateFolder(repository.path, {
      sources: [{ files: source, url: repository.path }],
    });
    expect(tellingLines(result)).toEqual([
      "error unreadable-file stacks/go",
      "error unreadable-file stacks/py/.devfile.yaml",
    ]);
  });
});

describe("generate() by force", () => {
  test("publishes what is valid and names what it leaves out", async () => {
    const files = {
      "stacks/go/stack.yaml": stackText(
        "  - version: 1.0.0\n    default: true\n  - version: 1.1.0\n  - version: 1.2.0\n" +
          "  - version: 2.0.0\n    git: {url: https://x}",
      ),
      "stacks/go/1.0.0/devfile.yaml": devfileText({ displayName: null }),
      "stacks/go/1.1.0/devfile.yaml": "metadata: [\n",
      "stacks/go/1.2.0/devfile.yaml": devfileText({ version: '"../../../up"' }),
      "stacks/Bad\\Name/devfile.yaml": devfileText(),
      "stacks/py/stack.yaml": "name: [\n",
      "stacks/py/1.0.0/devfile.yaml": devfileText(),
      "samples/tour/1.0.0/devfile.yaml": "metadata: [\n",
      "samples/tour/2.0.0/devfile.yaml": devfileText(),
      "extraDevfileEntries.yaml":
        "samples:\n  - name: tour\n    icon: i\n    versions:\n" +
        "      - {version: 1.0.0, schemaVersion: 2.2.0, git: {remotes: {o: u}}, default: true}\n" +
        "      - {version: 2.0.0, schemaVersion: 2.2.0, git: {remotes: {o: u}}}\n",
    };
    expect((await generateFiles(files)).build).toBeUndefined();
    const { build, report } = await generateFiles(files, { force: true });
    expect(whole(build).index.map(({ name }) => name)).toEqual(["go", "tour"]);
    expect(entryOf(build).versions?.map(({ version }) => version)).toEqual(["1.0.0"]);
    expect(entryOf(build, "tour").versions?.map(({ version }) => version)).toEqual(["2.0.0"]);
    expect(report.leftOut).toEqual([
      "stacks/Bad\\Name",
      "stacks/go/2.0.0",
      "stacks/go/1.2.0",
      "stacks/go/1.1.0",
      "stacks/py",
      "samples/tour/1.0.0",
    ]);
    expect(await whole(build).files.paths()).toEqual([
      "samples/tour/2.0.0/devfile.yaml",
      "stacks/go/1.0.0/devfile.yaml",
    ]);
  });

  test("keeps what no OCI registry can hold, as the Go generator does", async () => {
    const files = {
      "stacks/Go Lang/devfile.yaml": devfileText({ name: "Go Lang", version: "1.0.0+5" }),
      "stacks/py/devfile.yaml": devfileText({ name: "py" }),
    };
    const { build, report } = await generateFiles(files);
    expect(report.leftOut).toEqual([]);
    expect(entryOf(build, "Go Lang").versions?.[0]?.links).toEqual({
      self: "devfile-catalog/Go Lang:1.0.0+5",
    });
    expect(Object.keys(whole(build).info?.stacks ?? {})).toEqual(["py:1.0.0"]);
    expect(await whole(build).files.paths()).toContain("stacks/Go Lang/devfile.yaml");
  });

  test("leaves nothing out when errors are about rules only", async () => {
    const files = { "stacks/go/devfile.yaml": devfileText({ language: null, icon: null }) };
    const { build, report } = await generateFiles(files, { force: true });
    expect(entryOf(build).versions).toHaveLength(1);
    expect(report.leftOut).toEqual([]);
  });
});

describe("generate() on a repository with an index.json of its own", () => {
  test("ignores it and names the entries that differ", async () => {
    const { build } = await generateFiles(GO);
    const own = JSON.parse(textOf(whole(build).indexBytes));
    const same = await generateFiles({ ...GO, "index.json": JSON.stringify(own) });
    expect(tellingLines(same)).toEqual([]);
    own[0].displayName = "Another";
    own.push({ name: "gone", type: "stack" });
    const other = await generateFiles({
      ...GO,
      "stacks/py/devfile.yaml": devfileText({ name: "py" }),
      "index.json": JSON.stringify(own),
    });
    expect(tellingLines(other)).toEqual(Array(3).fill("warning index-differs index.json"));
    expect(entryOf(other.build).displayName).toBe("Go");
    const broken = await generateFiles({ ...GO, "index.json": "[" });
    expect(tellingLines(broken)).toEqual(["warning index-differs index.json"]);
    expect(broken.build).toBeDefined();
  });
});
