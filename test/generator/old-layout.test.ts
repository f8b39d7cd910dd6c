import { describe, expect, test } from "bun:test";
import { readGitHistory } from "../../src/generator/index.ts";
import { git, initRepository } from "../support/git-repository.ts";
import {
  devfileText,
  findingLines,
  generateFiles,
  generateFolder,
  type RepositoryFiles,
  registryRepository,
  stackText,
} from "../support/registry-repository.ts";

/** The stacks of a registry, below the folder named. */
function registry(above: string): RepositoryFiles {
  return {
    [`${above}/go/stack.yaml`]: stackText("  - version: 1.0.0\n    default: true"),
    [`${above}/go/1.0.0/devfile.yaml`]: devfileText(),
    [`${above}/go/1.0.0/docker/Dockerfile`]: "FROM scratch\n",
    [`${above}/plain/devfile.yaml`]: devfileText({ name: "plain" }),
  };
}

describe("generate() on a repository with devfiles/ in the place of stacks/", () => {
  test("gives the build that stacks/ would give", async () => {
    const { build } = await generateFiles(registry("stacks"));
    const { build: old } = await generateFiles(registry("devfiles"));
    expect(old?.indexBytes).toEqual(build?.indexBytes);
    expect(old?.info?.stacks).toEqual(build?.info?.stacks ?? {});
    expect(await old?.files.paths()).toEqual((await build?.files.paths()) ?? []);
  });

  test("names files as the repository has them", async () => {
    const broken = { "devfiles/bad/devfile.yaml": "a: [" };
    const result = await generateFiles({ ...registry("devfiles"), ...broken }, { force: true });
    expect(findingLines(result).filter((line) => line.startsWith("error"))).toEqual([
      "error yaml-syntax devfiles/bad/devfile.yaml:1",
    ]);
    expect(result.report.leftOut).toEqual(["devfiles/bad"]);
  });

  test("dates stacks by the history of their folders", async () => {
    await using folder = await registryRepository(registry("devfiles"));
    await initRepository(folder.path);
    git(folder.path, ["add", "."]);
    git(folder.path, ["commit", "-q", "-m", "stacks", "--date", "2023-05-06T07:08:09+00:00"]);
    const { build } = await generateFolder(folder.path, {
      history: (folders) => readGitHistory(folder.path, folders),
    });
    expect(build?.index.map(({ lastModified }) => lastModified)).toEqual([
      "2023-05-06T07:08:09Z",
      "2023-05-06T07:08:09Z",
    ]);
  });

  test("reads stacks/ alone where there are both, and says so", async () => {
    const both = { ...registry("stacks"), "devfiles/other/devfile.yaml": devfileText() };
    const result = await generateFiles(both);
    expect(findingLines(result)).toContain("warning devfiles-ignored devfiles");
    expect(result.build?.index.map(({ name }) => name)).toEqual(["go", "plain"]);
  });

  test("takes a file called stacks for no folder", async () => {
    const result = await generateFiles({ ...registry("devfiles"), stacks: "moved\n" });
    expect(result.build?.index.map(({ name }) => name)).toEqual(["go", "plain"]);
  });
});
