import { describe, expect, test } from "bun:test";
import {
  type Build,
  type IndexEntry,
  keepVersions,
  packStackArtifacts,
  type RegistryIndex,
  stackDigests,
  type VersionChoice,
} from "../../src/generator/index.ts";
import { makeOffline } from "../../src/generator/offline/index.ts";
import { offlineDeps, svg } from "../support/offline-deps.ts";
import {
  devfileText,
  generateFiles,
  type RepositoryFiles,
  stackText,
} from "../support/registry-repository.ts";
import {
  GO_STACK,
  PYTHON_STACK,
  SAMPLE,
  SAMPLE_FILES,
  sampleBuild,
} from "../support/sample-build.ts";

const ONE = "https://one.internal";
const KNOWN = "https://registry.devfile.io";
const WEB = "https://web.example";
const GIT = "https://git.example/app.git";
const starter = (name: string) =>
  `starterProjects:\n  - {name: ${name}, git: {remotes: {origin: '${GIT}'}}}\n`;
const FILES: RepositoryFiles = {
  "stacks/go/stack.yaml": stackText(
    "  - version: 1.9.0\n  - version: 1.10.0\n    default: true\n  - version: 1.2.0",
  ).replace("logo.svg", `${WEB}/go.svg`),
  ...Object.fromEntries(
    ["1.9.0", "1.10.0", "1.2.0"].map((version) => [
      `stacks/go/${version}/devfile.yaml`,
      devfileText({ version, icon: `${WEB}/go-${version}.svg` }, starter("web")),
    ]),
  ),
  "stacks/child/devfile.yaml": devfileText(
    { name: "child", icon: `${WEB}/child.svg` },
    `parent: {id: go, registryUrl: "${KNOWN}"}\nattributes: {alpha.build-dockerfile: "${WEB}/a"}\n`,
  ),
  "stacks/grandchild/devfile.yaml": devfileText(
    { name: "grandchild", icon: `${WEB}/go.svg` },
    `parent: {uri: "${KNOWN}/devfiles/child/1.0.0"}\n`,
  ),
  "stacks/alone/devfile.yaml": devfileText(
    { name: "alone", icon: `${WEB}/alone.svg` },
    `attributes: {alpha.build-dockerfile: "${WEB}/b"}\nparent: {id: go, version: 1.9.0}\n`,
  ),
};
const NAMES = ["go", "go-1.9.0", "go-1.10.0", "go-1.2.0", "child", "alone"];
const CONTENTS = {
  projects: { [GIT]: { f: "x" } },
  devfiles: { [`${WEB}/a`]: "a", [`${WEB}/b`]: "b" },
  icons: Object.fromEntries(NAMES.map((name) => [`${WEB}/${name}.svg`, svg(name)])),
};

async function offlineBuild(files: RepositoryFiles, publicUrl?: string): Promise<Build> {
  const deps = offlineDeps(CONTENTS, publicUrl === undefined ? {} : { publicUrl });
  const { build, report } = await generateFiles(files, {
    offline: (content) => makeOffline(content, deps),
  });
  if (build === undefined) throw new Error(JSON.stringify(report.findings));
  return build;
}

const all =
  (...names: string[]) =>
  ({ name, version }: VersionChoice) =>
    !names.includes(name) && !names.includes(`${name}@${version}`);

async function contentsOf(build: Build) {
  const paths = await build.files.paths();
  const files = paths.map(async (path) => {
    return [path, Buffer.from(await build.files.read(path)).toString("latin1")] as const;
  });
  return {
    index: build.index,
    info: { ...build.info, sources: [] },
    files: Object.fromEntries(await Promise.all(files)),
  };
}

describe("keepVersions() of an offline build", () => {
  test("gives what is built from a repository without them, but for its flattened parents", async () => {
    for (const publicUrl of [ONE, undefined]) {
      const whole = await offlineBuild(FILES, publicUrl);
      const { build, leftOut } = await keepVersions(whole, all("child", "grandchild", "go@1.2.0"));
      expect(leftOut).toEqual(["stack child 1.0.0", "stack go 1.2.0", "stack grandchild 1.0.0"]);
      const { "stacks/go/stack.yaml": yaml, ...rest } = FILES;
      const less = Object.entries(rest).filter(([path]) => !/child|1\.2\.0/.test(path));
      const shorter = String(yaml).replace("  - version: 1.2.0\n", "");
      const direct = await offlineBuild(
        { ...Object.fromEntries(less), "stacks/go/stack.yaml": shorter },
        publicUrl,
      );
      const { info, ...contents } = await contentsOf(direct);
      const { info: kept, ...keptContents } = await contentsOf(build);
      expect(keptContents).toEqual(contents);
      const { offline, ...record } = info;
      const parents = { registry: offline?.parents.registry ?? -1 };
      expect(kept).toMatchObject({ ...record, offline: { ...offline, parents } });
      expect(Object.keys(build.info?.icons ?? {})).toEqual(Object.keys(info.icons ?? {}));
    }
  });

  test("leaves out what has one of them as parent at this registry, and says why", async () => {
    const whole = await offlineBuild(FILES, ONE);
    const { build, leftOut } = await keepVersions(whole, all("go@1.10.0"));
    expect(leftOut).toEqual([
      'stack child 1.0.0: its parent "go 1.10.0" is left out',
      "stack go 1.10.0",
      'stack grandchild 1.0.0: its parent "child 1.0.0" is left out',
    ]);
    expect(build.index.map(({ name }) => name)).toEqual(["alone", "go"]);
    expect(build.info?.offline?.parents.registry).toBe(1);
  });

  test("names artifacts by the digests that they have", async () => {
    const { build } = await keepVersions(await offlineBuild(FILES, ONE), all("go@1.10.0"));
    const { artifacts } = await packStackArtifacts(build);
    expect(build.info?.stacks).toEqual(stackDigests(artifacts));
    expect(Object.keys(build.info?.stacks ?? {})).toEqual(["alone:1.0.0", "go:1.2.0", "go:1.9.0"]);
  });

  test("makes the highest release the default where that is left out", async () => {
    const { build } = await keepVersions(await offlineBuild(FILES, ONE), all("go@1.10.0"));
    const versions = build.index.find(({ name }) => name === "go")?.versions;
    expect(versions?.map(({ version, default: flag }) => [version, flag])).toEqual([
      ["1.9.0", true],
      ["1.2.0", undefined],
    ]);
  });

  test("gives the build itself when all is kept", async () => {
    const whole = await offlineBuild(FILES, ONE);
    expect(await keepVersions(whole, () => true)).toEqual({ build: whole, leftOut: [] });
    expect((await keepVersions(whole, () => true)).build).toBe(whole);
  });
});

describe("keepVersions() of an ordinary build", () => {
  test("knows parents by the addresses that it is told", async () => {
    const { build } = await generateFiles(FILES);
    if (build === undefined) throw new Error("the fixture is valid");
    const told = await keepVersions(build, all("go@1.10.0"), { alsoKnownAs: [`${KNOWN}/`] });
    expect(told.leftOut).toHaveLength(3);
    expect((await keepVersions(build, all("go@1.10.0"))).leftOut).toEqual(["stack go 1.10.0"]);
    expect((await keepVersions(build, all("go@1.9.0"))).leftOut).toEqual([
      'stack alone 1.0.0: its parent "go 1.9.0" is left out',
      "stack go 1.9.0",
    ]);
  });

  test("takes entries, files, icons and counts away", async () => {
    const whole = await sampleBuild();
    const { build, leftOut } = await keepVersions(whole, ({ type, name, version }) => {
      return type === "sample" || (name === "go" && version === "2.0.0");
    });
    expect(leftOut).toEqual(["stack go 1.0.0", "stack python-web 3.1.0"]);
    expect(await build.files.paths()).toEqual([
      "samples/hello/devfile.yaml",
      "stacks/go/2.0.0/devfile.yaml",
      "stacks/go/2.0.0/logo.svg",
    ]);
    expect(await build.files.list("stacks/python/3.1.0")).toEqual([]);
    expect(await build.files.stat("icons/0a.svg")).toBeUndefined();
    expect(build.files.read("icons/0a.svg")).rejects.toThrow("it was left out");
    expect(build.info?.icons).toEqual({});
    expect(build.info?.counts).toEqual({
      stacks: 1,
      stackVersions: 1,
      samples: 1,
      sampleVersions: 1,
      icons: 0,
      iconsMissing: 0,
    });
    expect(Buffer.from(build.indexBytes).toString()).not.toContain("python");
  });

  test("leaves a build without a record without one", async () => {
    const { build } = await keepVersions(await sampleBuild({ info: false }), all("hello"));
    expect(build.info).toBeUndefined();
    expect(await build.files.paths()).not.toContain("samples/hello/devfile.yaml");
  });

  test("tells entries of one name apart, and keeps a folder that they share", async () => {
    const twin: IndexEntry = { ...SAMPLE, displayName: "Twin" };
    const stack: IndexEntry = { ...PYTHON_STACK, name: "hello" };
    const index: RegistryIndex = [GO_STACK, stack, SAMPLE, twin];
    const whole = await sampleBuild({ index });
    let seen = 0;
    const one = await keepVersions(whole, ({ type }) => type === "stack" || seen++ > 0);
    expect(one.leftOut).toEqual(["sample hello"]);
    expect(one.build.index.map(({ displayName }) => displayName)).toEqual([
      "Go Runtime",
      "Python",
      "Twin",
    ]);
    expect(await one.build.files.paths()).toEqual(Object.keys(SAMPLE_FILES).sort());
    const other = await keepVersions(
      whole,
      ({ type, name }) => `${type} ${name}` !== "stack hello",
    );
    expect(await other.build.files.paths()).toContain("samples/hello/devfile.yaml");
    expect(other.build.index).toHaveLength(3);
  });

  test("takes the rest of the folder of a stack away with its last version", async () => {
    const files = { ...SAMPLE_FILES, "stacks/go/notes.md": "x", "stacks/README.md": "x" };
    const whole = await sampleBuild({ files });
    const fewer = await keepVersions(whole, all("go@1.0.0"));
    expect(await fewer.build.files.paths()).toContain("stacks/go/notes.md");
    const none = await keepVersions(whole, all("go"));
    const paths = await none.build.files.paths();
    expect(paths.filter((path) => path.startsWith("stacks/go/"))).toEqual([]);
    expect(paths).toContain("stacks/README.md");
  });
});
