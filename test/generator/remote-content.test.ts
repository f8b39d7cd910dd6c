import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmod, symlink } from "node:fs/promises";
import { join } from "node:path";
import { textOf } from "../../src/bytes.ts";
import { openProject } from "../../src/generator/fetch/index.ts";
import type { GenerateResult } from "../../src/generator/index.ts";
import { type Fetching, importFiles, openFetching } from "../support/git-fetching.ts";
import { type GitHttpServer, startGitHttpServer } from "../support/git-http-server.ts";
import { git, initRepository } from "../support/git-repository.ts";
import {
  devfileText,
  type FolderOptions,
  generateFiles,
  generateFolder,
  type RepositoryFiles,
  registryRepository,
  stackText,
  tellingLines,
} from "../support/registry-repository.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.ts";

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>';
const DATE = "2023-11-14T23:13:20+01:00";

let root: TemporaryFolder;
let fetching: Fetching;
let server: GitHttpServer;
beforeAll(async () => {
  root = await temporaryFolder();
  fetching = await openFetching();
  server = startGitHttpServer(root.path);
  await project("plain", { "devfile.yaml": devfileText({ name: "plain" }), "a/logo.svg": SVG });
  await project("hidden", { ".devfile.yaml": devfileText({ name: "hidden" }) });
  await project("deep", { ".devfile/devfile.yaml": devfileText({ name: "deep" }) });
  await project("child", {
    "devfile.yaml": devfileText({ name: "child" }, "parent: {uri: parts/base.yaml}\n"),
    "parts/base.yaml": devfileText({ name: "base" }, "components: [{name: a, volume: {}}]\n"),
  });
  await project("none", { "README.md": "none" });
  const commit = await project("versions", {
    "go/devfile.yaml": devfileText({ version: "1.10.0" }),
    "go/logo.svg": SVG,
    "go/docker/Dockerfile": { mode: "100755", text: "FROM scratch\n" },
    "go/alias": { mode: "120000", text: "docker/Dockerfile" },
    "elsewhere/x": "not wanted",
  });
  git(join(root.path, "versions"), ["tag", "v1", commit]);
  importFiles(join(root.path, "versions"), { "go/other": "later" });
});
afterAll(async () => {
  await server.stop();
  await fetching[Symbol.asyncDispose]();
  await root.remove();
});

async function project(name: string, files: Parameters<typeof importFiles>[1]): Promise<string> {
  const folder = join(root.path, name);
  await initRepository(folder);
  return importFiles(folder, files);
}

function online(files: RepositoryFiles, options: FolderOptions = {}): Promise<GenerateResult> {
  return generateFiles(files, {
    openProject: (source) => openProject(source, fetching),
    ...options,
  });
}

function versions(more = ""): RepositoryFiles {
  return {
    "stacks/go/1.0.0/devfile.yaml": devfileText(),
    "stacks/go/2.0.0/devfile.yaml": devfileText({ version: "2.0.0" }),
    "stacks/go/stack.yaml": stackText(
      `  - version: 1.0.0\n  - version: 1.10.0\n    git: {remotes: {origin: ${server.url}/versions}, revision: v1, subDir: go}\n  - version: 2.0.0\n    default: true${more}`,
    ),
  };
}

function sample(name: string, more = "", icon = "https://x/i.png"): RepositoryFiles {
  return {
    "stacks/go/devfile.yaml": devfileText(),
    "extraDevfileEntries.yaml": `samples:\n  - name: ${name}\n    icon: ${icon}\n    git: {remotes: {origin: ${server.url}/${name}}}\n${more}`,
  };
}

describe("generate() with a stack version that lies in another repository", () => {
  test("publishes the folder there as the version", async () => {
    const result = await online(versions());
    expect(tellingLines(result)).toEqual([]);
    const [entry] = result.build?.index ?? [];
    expect(entry?.versions?.map(({ version }) => version)).toEqual(["2.0.0", "1.10.0", "1.0.0"]);
    expect(entry?.versions?.[1]).toMatchObject({
      git: { remotes: { origin: `${server.url}/versions` }, subDir: "go", revision: "v1" },
      resources: ["archive.tar", "devfile.yaml", "logo.svg"],
      lastModified: DATE,
    });
    expect(Object.keys(result.build?.info?.stacks ?? {})).toContain("go:1.10.0");
    expect(result.report.notChecked).toEqual([]);
    expect(result.report.leftOut).toEqual([]);
  });

  test("gives the same bytes as a version that lies here", async () => {
    await using here = await registryRepository({
      "stacks/go/stack.yaml": stackText("  - version: 1.10.0\n    default: true"),
      "stacks/go/1.10.0/devfile.yaml": devfileText({ version: "1.10.0" }),
      "stacks/go/1.10.0/logo.svg": SVG,
      "stacks/go/1.10.0/docker/Dockerfile": "FROM scratch\n",
    });
    const folder = join(here.path, "stacks/go/1.10.0");
    await chmod(join(folder, "docker/Dockerfile"), 0o755);
    await symlink("docker/Dockerfile", join(folder, "alias"));
    const local = await generateFolder(here.path);
    const remote = await online(versions());
    const digest = ({ build }: GenerateResult) => build?.info?.stacks["go:1.10.0"];
    expect(digest(local)).toStartWith("sha256:");
    expect(digest(remote)).toBe(digest(local) ?? "");
  });

  test("leaves it out with a warning when it cannot be fetched", async () => {
    const gone = `\n  - version: 3.0.0\n    git: {remotes: {origin: ${server.url}/gone}}`;
    const empty = `\n  - version: 4.0.0\n    git: {remotes: {origin: ${server.url}/none}}`;
    const result = await online(versions(`${gone}${empty}`));
    expect(tellingLines(result)).toEqual([
      "warning version-not-fetched stacks/go/stack.yaml:11 versions[3].git",
      "warning version-not-fetched stacks/go/stack.yaml:13 versions[4].git",
    ]);
    expect(result.report.leftOut).toEqual(["stacks/go/3.0.0", "stacks/go/4.0.0"]);
    expect(result.build?.index[0]?.versions).toHaveLength(3);
  });

  test("is an error where all is promised", async () => {
    const gone = `\n  - version: 3.0.0\n    git: {remotes: {origin: ${server.url}/gone}}`;
    const offline = () => expect.unreachable("there are errors");
    const result = await online(versions(gone), { offline });
    expect(result.build).toBeUndefined();
    expect(tellingLines(result)).toEqual([
      "error version-not-fetched stacks/go/stack.yaml:11 versions[3].git",
    ]);
  });

  test("is not checked and left out without network", async () => {
    const { report, build } = await generateFiles(versions());
    expect(report.notChecked).toEqual(["1 stack version in other repositories was not fetched"]);
    expect(report.leftOut).toEqual(["stacks/go/1.10.0"]);
    expect(build?.index[0]?.versions).toHaveLength(2);
  });

  test("is dated by last_modified.json where it is named there", async () => {
    const dates = {
      stacks: [{ name: "go", version: "1.10.0", lastModified: "2020-02-02T00:00:00Z" }],
    };
    const files = { ...versions(), "last_modified.json": JSON.stringify(dates) };
    const { build } = await online(files);
    expect(build?.index[0]?.versions?.map(({ lastModified }) => lastModified)).toEqual([
      "0001-01-01T00:00:00Z",
      "2020-02-02T00:00:00Z",
      "0001-01-01T00:00:00Z",
    ]);
  });
});

describe("generate() with a sample whose devfile lies in its own repository", () => {
  test.each(["plain", "hidden", "deep", "child"])("stores the devfile of %s", async (name) => {
    const result = await online(sample(name));
    expect(tellingLines(result)).toEqual([]);
    const bytes = await result.build?.files.read(`samples/${name}/devfile.yaml`);
    expect(textOf(bytes ?? new Uint8Array())).toStartWith(devfileText({ name }));
    expect(result.build?.index[1]?.lastModified).toBe(DATE);
  });

  test("asks each repository once for all versions", async () => {
    const before = server.requests.length;
    const version = (number: string) =>
      `      - {version: ${number}, schemaVersion: 2.2.0, default: ${number === "1.0.0"}, git: {remotes: {origin: ${server.url}/plain}}}\n`;
    const result = await online({
      "stacks/go/devfile.yaml": devfileText(),
      "extraDevfileEntries.yaml": `samples:\n  - name: plain\n    icon: https://x/i.png\n    versions:\n${version("1.0.0")}${version("1.10.0")}`,
    });
    expect(await result.build?.files.paths()).toEqual([
      "samples/plain/1.0.0/devfile.yaml",
      "samples/plain/1.10.0/devfile.yaml",
      "stacks/go/devfile.yaml",
    ]);
    expect(server.requests.slice(before).filter(({ method }) => method === "GET")).toHaveLength(1);
  });

  test("keeps the one that the registry repository has", async () => {
    const own = devfileText({ name: "own" });
    const result = await online({ ...sample("gone"), "samples/gone/devfile.yaml": own });
    expect(tellingLines(result)).toEqual([]);
    const bytes = await result.build?.files.read("samples/gone/devfile.yaml");
    expect(textOf(bytes ?? new Uint8Array())).toBe(own);
  });

  test("keeps the entry, with a warning, when nothing can be fetched", async () => {
    for (const name of ["gone", "none"]) {
      const result = await online(sample(name));
      expect(tellingLines(result)).toEqual([
        "warning sample-not-fetched extraDevfileEntries.yaml:4 samples[0].git",
      ]);
      expect(result.build?.index[1]?.name).toBe(name);
      expect(await result.build?.files.list(`samples/${name}`)).toEqual([]);
    }
  });

  test("stores an icon that is a path there, and shows it by itself", async () => {
    const result = await online(sample("plain", "", "./a/logo.svg"));
    expect(tellingLines(result)).toEqual([]);
    const [file = ""] = (await result.build?.files.list("icons")) ?? [];
    expect(file).toMatch(/^[0-9a-f]{64}\.svg$/);
    expect(Object.values(result.build?.info?.icons ?? {})).toEqual([file]);
    expect(result.build?.index[1]?.icon).toBe(`data:image/svg+xml;base64,${btoa(SVG)}`);
  });

  test("warns of a path that is no icon", async () => {
    for (const icon of ["b/logo.svg", "devfile.yaml"]) {
      const result = await online(sample("plain", "", icon));
      expect(tellingLines(result)).toEqual([
        "warning icon-unreachable extraDevfileEntries.yaml:4 samples[0].git",
      ]);
      expect(result.build?.index[1]?.icon).toBe(icon);
    }
  });

  test("never writes where a name with slashes leads", async () => {
    const text = `samples:\n  - name: ../../plain\n    icon: https://x/i.png\n    git: {remotes: {origin: ${server.url}/plain}}\n`;
    const result = await online({
      "stacks/go/devfile.yaml": devfileText(),
      "extraDevfileEntries.yaml": text,
    });
    expect(await result.build?.files.paths()).toEqual(["stacks/go/devfile.yaml"]);
    expect(tellingLines(result)).toEqual([
      "warning extra-folder-name extraDevfileEntries.yaml:2 samples[0].name",
      "warning sample-not-fetched extraDevfileEntries.yaml:4 samples[0].git",
    ]);
  });
});
