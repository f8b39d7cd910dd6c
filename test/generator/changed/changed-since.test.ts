import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  FolderStackSource,
  findChangedFiles,
  type GenerateResult,
  generate,
} from "../../../src/generator/index.ts";
import { silentLogger } from "../../../src/log.ts";
import { noProgress } from "../../../src/progress.ts";
import { git, initRepository } from "../../support/git-repository.ts";
import {
  devfileText,
  type RepositoryFiles,
  registryRepository,
  stackText,
} from "../../support/registry-repository.ts";

// The git program on a busy machine.
setDefaultTimeout(60_000);

/** Each stack and sample has something to be said of it. */
const devfile = (name: string, rest = "") => devfileText({ name, tags: "text" }, rest);
const parent = (lines: string) => `parent:\n  ${lines}\n`;
const FILES: RepositoryFiles = {
  "stacks/base/stack.yaml": stackText("  - version: 1.0.0\n    default: true", "name: named"),
  "stacks/base/1.0.0/devfile.yaml": devfile("named"),
  "stacks/by-id/devfile.yaml": devfile("by-id", parent("id: named")),
  "stacks/by-uri/devfile.yaml": devfile("by-uri", parent("uri: ../base/1.0.0/devfile.yaml")),
  "stacks/by-registry/devfile.yaml": devfile(
    "by-registry",
    parent("uri: https://registry.devfile.io/devfiles/by-id"),
  ),
  "stacks/by-plugin/devfile.yaml": devfile(
    "by-plugin",
    "components:\n  - name: p\n    plugin:\n      id: by-uri\n",
  ),
  "stacks/other/devfile.yaml": devfile("other"),
  "stacks/child/devfile.yaml": devfile("child", parent("id: other")),
  "extraDevfileEntries.yaml":
    "samples:\n  - name: one\n    description: 1\n    unknown: x\n" +
    "  - name: two\n    unknown: y\n    git:\n      remotes:\n        origin: https://example.com/r.git\n",
  "samples/one/devfile.yaml": devfile("one", parent("id: by-id")),
  "samples/two/devfile.yaml": devfile("two"),
  "last_modified.json": "[",
};

const BASE = ["stacks/base", "stacks/by-id", "stacks/by-uri", "stacks/by-registry"];
const DEPENDENT = [...BASE, "stacks/by-plugin", "samples/one", "extra one"];

async function write(folder: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

function check(folder: string, changedSince?: string): Promise<GenerateResult> {
  const source = {
    files: new FolderStackSource(folder),
    url: folder,
    changedSince: (since: string) => findChangedFiles(folder, since),
  };
  return generate({
    ...{ sources: [source], force: true, changedSince, toolVersion: "1.0.0" },
    ...{ log: silentLogger, progress: noProgress },
  });
}

/** What a finding is about: a folder of a version, an entry of the extra ones, or a file. */
function subjectOf({ file, path = "" }: GenerateResult["report"]["findings"][number]): string {
  const [, top, name] = /^(stacks|samples)\/([^/]+)/.exec(file) ?? [];
  if (top !== undefined) return `${top}/${name}`;
  if (file !== "extraDevfileEntries.yaml") return file;
  return path.startsWith("samples[0]") ? "extra one" : "extra two";
}

async function checkout(): Promise<Awaited<ReturnType<typeof registryRepository>>> {
  const folder = await registryRepository(FILES);
  await initRepository(folder.path);
  git(folder.path, ["add", "-A"]);
  git(folder.path, ["commit", "-q", "-m", "first"]);
  return folder;
}

describe("generate() since a revision", () => {
  const cases: readonly (readonly [string, string, string, readonly string[]])[] = [
    ["a parent", "stacks/base/1.0.0/devfile.yaml", devfile("named", "# x\n"), DEPENDENT],
    ["a file beside a devfile", "stacks/other/README.md", "r", ["stacks/other", "stacks/child"]],
    [
      "a stack.yaml",
      "stacks/base/stack.yaml",
      `${FILES["stacks/base/stack.yaml"]}# x\n`,
      DEPENDENT,
    ],
    ["a sample", "samples/two/devfile.yaml", devfile("two", "# x\n"), ["samples/two", "extra two"]],
    [
      "the extra entries",
      "extraDevfileEntries.yaml",
      `${FILES["extraDevfileEntries.yaml"]}# x\n`,
      ["samples/one", "samples/two", "extra one", "extra two"],
    ],
    ["nothing that matters", "README.md", "r", []],
    ["the dates", "last_modified.json", "[[", ["last_modified.json"]],
  ];
  for (const [what, path, text, subjects] of cases) {
    test(`finds what the whole check finds of ${what}`, async () => {
      await using folder = await checkout();
      await write(folder.path, path, text);
      const whole = await check(folder.path);
      const part = await check(folder.path, "HEAD");
      const wanted = whole.report.findings.filter((each) => subjects.includes(subjectOf(each)));
      expect(part.report.findings).toEqual(wanted);
      expect([...new Set(wanted.map(subjectOf))].sort()).toEqual([...subjects].sort());
    });
  }

  test("looks at all when the repository's own rules change", async () => {
    await using folder = await checkout();
    await write(folder.path, "devreg.rules.yaml", "rules: {}\n");
    const { report } = await check(folder.path, "HEAD");
    expect(report.changed).toMatchObject({
      stacks: { checked: 7, all: 7 },
      samples: { checked: 2, all: 2 },
    });
  });

  test("looks at those whose parent is gone", async () => {
    await using folder = await checkout();
    await rm(join(folder.path, "stacks/other"), { recursive: true });
    const { report } = await check(folder.path, "HEAD");
    expect([...new Set(report.findings.map(subjectOf))]).toEqual(["stacks/child"]);
    expect(report.changed).toMatchObject({ since: "HEAD", stacks: { checked: 1, all: 6 } });
  });

  test("looks at those that name a parent as it was called", async () => {
    await using folder = await checkout();
    await write(folder.path, "stacks/other/devfile.yaml", devfile("renamed"));
    const { report } = await check(folder.path, "HEAD");
    const subjects = [...new Set(report.findings.map(subjectOf))];
    expect(subjects).toEqual(["stacks/child", "stacks/other"]);
    expect(report.findings.map(({ rule }) => rule)).toContain("parent-unknown");
  });

  test("looks at what has the name of something new", async () => {
    await using folder = await checkout();
    await write(folder.path, "stacks/a/devfile.yaml", devfile("other"));
    const { report } = await check(folder.path, "HEAD");
    const doubled = report.findings.filter(({ rule }) => rule === "name-duplicate");
    expect(doubled.map(({ file }) => file)).toEqual(["stacks/other/devfile.yaml"]);
  });

  test("always looks at what imports a file that is no stack", async () => {
    await using folder = await checkout();
    const uses = devfile("uses", parent("uri: ../../shared/devfile.yaml"));
    await write(folder.path, "stacks/uses/devfile.yaml", uses);
    git(folder.path, ["add", "-A"]);
    git(folder.path, ["commit", "-q", "-m", "second"]);
    const { report } = await check(folder.path, "HEAD");
    expect([...new Set(report.findings.map(subjectOf))]).toEqual(["stacks/uses"]);
  });

  test("refuses a source without history", async () => {
    await using folder = await registryRepository(FILES);
    await expect(check(folder.path, "HEAD")).rejects.toMatchObject({ code: "USAGE" });
  });
});
