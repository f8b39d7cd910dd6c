import { describe, expect, test } from "bun:test";
import {
  type Build,
  formatBuildInfo,
  packStackArtifacts,
  parseBuildInfo,
  rerenderBuild,
} from "../../src/generator/index.ts";
import { makeOffline } from "../../src/generator/offline/index.ts";
import { offlineDeps, svg } from "../support/offline-deps.ts";
import { devfileText, generateFiles } from "../support/registry-repository.ts";

const [ONE, TWO] = ["https://one.internal", "http://two.internal:8080/registry"];
const REMOTE = "https://git.example/web.git";
const ICON = "https://web.example/go.svg";
const STARTER = `starterProjects:\n  - name: web\n    git:\n      remotes:\n        origin: ${REMOTE}\n`;
const FILES = {
  "stacks/go/devfile.yaml": devfileText({ icon: ICON }, STARTER),
  "stacks/child/devfile.yaml": devfileText({ name: "child", icon: ICON }, "parent:\n  id: go\n"),
};
const CONTENTS = { projects: { [REMOTE]: { f: "x" } }, icons: { [ICON]: svg("go") } };

async function buildFor(publicUrl: string | undefined): Promise<Build> {
  const deps = offlineDeps(CONTENTS, {
    parents: "registry",
    ...(publicUrl === undefined ? {} : { publicUrl }),
  });
  const { build } = await generateFiles(FILES, {
    offline: (content) => makeOffline(content, deps),
  });
  if (build === undefined) throw new Error("the fixture is valid");
  return build;
}

async function contentsOf(build: Build) {
  const paths = await build.files.paths();
  const files = paths.map(async (path) => {
    return [path, Buffer.from(await build.files.read(path)).toString("latin1")] as const;
  });
  const index = Buffer.from(build.indexBytes).toString();
  return {
    index,
    info: { ...build.info, sources: [] },
    files: Object.fromEntries(await Promise.all(files)),
  };
}

describe("rerenderBuild()", () => {
  test("gives what was built for the other public URL, digests included", async () => {
    const moved = await rerenderBuild(await buildFor(ONE), TWO);
    expect(await contentsOf(moved)).toEqual(await contentsOf(await buildFor(TWO)));
  });

  test("gives a build without a public URL absolute addresses", async () => {
    const moved = await rerenderBuild(await buildFor(undefined), ONE);
    const { files, index, info } = await contentsOf(moved);
    const devfile = files["stacks/go/devfile.yaml"];
    expect(devfile).toContain(`location: ${ONE}/stacks/go/web-offline.zip`);
    expect(devfile).toMatch(new RegExp(`icon: ${ONE}/icons/[0-9a-f]{64}\\.svg\\n`));
    expect(index).not.toContain("data:");
    expect(info?.offline).toMatchObject({ publicUrl: ONE, restOnly: 0 });
  });

  test("keeps its record true: artifacts have the digests that it names", async () => {
    const moved = await rerenderBuild(await buildFor(ONE), TWO);
    const { artifacts } = await packStackArtifacts(moved);
    const digests = artifacts.map(({ stack, version, descriptor }): [string, string] => [
      `${stack}:${version}`,
      descriptor.digest,
    ]);
    expect(moved.info?.stacks).toEqual(Object.fromEntries(digests));
  });

  test("sizes files by their new content", async () => {
    const moved = await rerenderBuild(await buildFor(ONE), TWO);
    const path = "stacks/go/devfile.yaml";
    const { byteLength } = await moved.files.read(path);
    expect(await moved.files.stat(path)).toEqual({ size: byteLength });
  });

  test("leaves a build alone that is for this URL, or no offline build", async () => {
    const same = await buildFor(ONE);
    expect(await rerenderBuild(same, ONE)).toBe(same);
    const { build } = await generateFiles({ "stacks/go/devfile.yaml": devfileText() });
    if (build === undefined) throw new Error("the fixture is valid");
    expect(await rerenderBuild(build, ONE)).toBe(build);
  });
});

test("build.json keeps what makes a build an offline one", async () => {
  const { info } = await buildFor(ONE);
  if (info === undefined) throw new Error("a generated build has a record");
  expect(parseBuildInfo(formatBuildInfo(info))).toEqual(info);
});
