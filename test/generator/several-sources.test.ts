import { describe, expect, test } from "bun:test";
import { formatIssue } from "../../src/errors.ts";
import {
  FolderStackSource,
  type GenerateOptions,
  type GenerateResult,
  generate,
  type RegistrySource,
} from "../../src/generator/index.ts";
import { silentLogger } from "../../src/log.ts";
import { noProgress } from "../../src/progress.ts";
import {
  devfileText,
  findingLines,
  type RepositoryFiles,
  registryRepository,
} from "../support/registry-repository.ts";

const QUIET = /entry-incomplete|no-last-modified/;
const EXTRAS = (name: string) =>
  `samples:\n  - name: ${name}\n    icon: i.png\n    git:\n      remotes: { origin: https://git.example.com/${name} }\n`;
const stack = (name: string, metadata: Readonly<Record<string, string>> = {}) => ({
  [`stacks/${name}/devfile.yaml`]: devfileText({ name, ...metadata }),
});

/** Generates from repositories that exist only for the call and are called "0", "1", … */
async function generateSeveral(
  repositories: readonly RepositoryFiles[],
  options: Partial<GenerateOptions> = {},
): Promise<GenerateResult> {
  await using stacked = new AsyncDisposableStack();
  const sources: RegistrySource[] = [];
  for (const [at, files] of repositories.entries()) {
    const { path } = stacked.use(await registryRepository(files));
    const folder = new FolderStackSource(path);
    sources.push({
      files: {
        name: `source${at}`,
        list: () => folder.list(),
        read: (file, limitBytes) => folder.read(file, limitBytes),
      },
      url: `https://git.example.com/${at}.git`,
      history: async () => ({
        commit_hash: `${at}`.repeat(40),
        commit_time: `2025-0${at + 1}-01T00:00:00Z`,
        dirty: false,
        shallow: false,
        lastModified: new Map(),
      }),
    });
  }
  return await generate({
    sources,
    force: false,
    toolVersion: "1.2.3",
    log: silentLogger,
    progress: noProgress,
    ...options,
  });
}

const names = ({ build }: GenerateResult) => build?.index.map(({ name }) => name);
const telling = (result: GenerateResult) =>
  result.report.findings
    .filter(({ rule }) => !QUIET.test(rule))
    .map(({ source, message }) => `${source}: ${message}`);

describe("generate() from several sources", () => {
  test("puts all stacks before all extra entries, each in the order of the sources", async () => {
    const result = await generateSeveral([
      { ...stack("snake"), ...stack("go"), "extraDevfileEntries.yaml": EXTRAS("one") },
      { ...stack("ada"), "extraDevfileEntries.yaml": EXTRAS("another") },
    ]);
    expect(telling(result)).toEqual([]);
    expect(names(result)).toEqual(["go", "snake", "ada", "one", "another"]);
    expect(await result.build?.files.paths()).toEqual([
      "stacks/ada/devfile.yaml",
      "stacks/go/devfile.yaml",
      "stacks/snake/devfile.yaml",
    ]);
  });

  test("records every source with its commit", async () => {
    const { build, report } = await generateSeveral([stack("go"), stack("ada")]);
    expect(build?.info?.sources).toEqual(
      [0, 1].map((at) => ({
        url: `https://git.example.com/${at}.git`,
        commit_hash: `${at}`.repeat(40),
        commit_time: `2025-0${at + 1}-01T00:00:00Z`,
      })),
    );
    expect(build?.info?.commit_time).toBe("2025-02-01T00:00:00Z");
    expect(report.sources).toEqual(build?.info?.sources ?? []);
  });

  test("names the source of each finding and of what is left out", async () => {
    const broken = { ...stack("go"), "stacks/bad/devfile.yaml": "metadata: [\n" };
    const result = await generateSeveral([stack("ada"), broken], { force: true });
    const [finding] = result.report.findings.filter(({ severity }) => severity === "error");
    expect(finding?.source).toBe("source1");
    expect(formatIssue(finding ?? expect.unreachable())).toStartWith(
      "source1: stacks/bad/devfile.yaml:",
    );
    expect(result.report.leftOut).toEqual(["source1: stacks/bad"]);
  });

  test("takes a source that has only samples, but not one that has nothing", async () => {
    const samples = { "extraDevfileEntries.yaml": EXTRAS("one") };
    expect(names(await generateSeveral([stack("go"), samples]))).toEqual(["go", "one"]);
    expect(telling(await generateSeveral([stack("go"), {}]))).toEqual([
      "source1: Cannot find a stack: the repository is empty",
    ]);
    expect(telling(await generateSeveral([samples, samples]))).toContain(
      'source0: Cannot find a stack: there is no folder below "stacks"',
    );
  });
});

describe("generate() with a stack that two sources have", () => {
  const both = [
    { ...stack("go", { displayName: "First" }), ...stack("ada") },
    { ...stack("go", { displayName: "Second" }), ...stack("snake") },
  ];
  const shown = ({ build }: GenerateResult) =>
    build?.index.map(({ name, displayName }) => `${name} ${displayName}`);

  test("is an error that names both", async () => {
    const result = await generateSeveral(both);
    expect(result.build).toBeUndefined();
    expect(findingLines(result).filter((line) => !QUIET.test(line))).toEqual([
      "error source-duplicate stacks/go/devfile.yaml",
    ]);
    expect(telling(result)).toEqual([
      'source1: Cannot publish stack "go" twice: both "source0" and "source1" have it',
    ]);
  });

  test("takes the first by force, and counts the other as left out", async () => {
    const result = await generateSeveral(both, { force: true });
    expect(shown(result)).toEqual(["ada Go", "go First", "snake Go"]);
    expect(result.report.leftOut).toEqual(["source1: stacks/go"]);
  });

  test("takes the one chosen, with a warning", async () => {
    const first = await generateSeveral(both, { onDuplicate: "first" });
    expect(shown(first)).toEqual(["ada Go", "go First", "snake Go"]);
    const last = await generateSeveral(both, { onDuplicate: "last" });
    expect(shown(last)).toEqual(["ada Go", "go Second", "snake Go"]);
    expect(telling(last)).toEqual([
      'source0: stack "go" is taken from "source1", so that of "source0" is not used',
    ]);
    expect(last.report.leftOut).toEqual([]);
  });

  test("does not care what is wrong with the one that is not used", async () => {
    const broken = { ...stack("ada"), "stacks/go/devfile.yaml": "metadata: [\n" };
    const result = await generateSeveral([broken, stack("go")], { onDuplicate: "last" });
    expect(names(result)).toEqual(["ada", "go"]);
  });

  test("is one although the folders or the names differ, and for samples too", async () => {
    const renamed = { "stacks/golang/devfile.yaml": devfileText({ name: "go" }) };
    const one = await generateSeveral([stack("go"), renamed], { onDuplicate: "first" });
    expect(names(one)).toEqual(["go"]);
    const sample = { "extraDevfileEntries.yaml": EXTRAS("one") };
    const result = await generateSeveral([{ ...stack("go"), ...sample }, sample]);
    expect(telling(result)).toEqual([
      'source1: Cannot publish sample "one" twice: both "source0" and "source1" have it',
    ]);
  });

  test("may be all that a source has", async () => {
    const result = await generateSeveral([stack("go"), stack("go")], { onDuplicate: "first" });
    expect(names(result)).toEqual(["go"]);
    expect(result.build?.info?.sources).toHaveLength(2);
  });
});
