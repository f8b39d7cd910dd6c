import { expect, test } from "bun:test";
import { type Finding, FolderStackSource } from "../../src/generator/index.ts";
import { inspectRepository } from "../../src/generator/inspect.ts";
import { judgeAtOnce, validate } from "../../src/generator/validate/index.ts";
import { RECENT_TREES } from "../../src/limits.ts";
import { devfileText, registryRepository } from "../support/registry-repository.ts";

/** Wrong in shape, in meaning, and by values of types that nobody expects. */
const WRONG = `
components: {name: tools}
commands:
  - {id: run, exec: {component: missing, commandLine: 1}}
unknown: {}
`;
/** Wrong in meaning only. */
const UNKNOWN = `
components:
  - {name: tools, container: {image: example.com/tools, memoryLimit: much}}
`;
const SAMPLES = `samples:
  - {name: hello, git: {remotes: {origin: https://example.com/hello.git}}}
`;

test("judgeAtOnce() finds what validate() does, of more devfiles than are kept too", async () => {
  const stacks = Array.from({ length: RECENT_TREES + 20 }, (_, at) => [
    `stacks/s${at}/devfile.yaml`,
    devfileText() + (at % 10 === 0 ? WRONG : ""),
  ]);
  await using folder = await registryRepository({
    ...Object.fromEntries(stacks),
    "extraDevfileEntries.yaml": SAMPLES,
    "samples/hello/devfile.yaml": `schemaVersion: 2.2.0\nmetadata: {name: hello}\n${WRONG}`,
  });
  const source = new FolderStackSource(folder.path);
  const later = await inspectRepository(source);
  const judged = await inspectRepository(source, judgeAtOnce);
  const findings = validate(later.repository, [], new Map());
  expect(findings.length).toBeGreaterThan(100);
  expect(validate(judged.repository, [], new Map())).toEqual(findings);
  expect(judged.findings).toEqual(later.findings);
});

test("judgeAtOnce() leaves a stack that imports others to validate()", async () => {
  const parent = "parent: {id: base, registryUrl: https://registry.example.com}\n";
  await using folder = await registryRepository({
    "stacks/child/devfile.yaml": `${devfileText()}${parent}${UNKNOWN}`,
  });
  const { repository } = await inspectRepository(new FolderStackSource(folder.path), judgeAtOnce);
  const devfile = repository.stacks[0]?.versions[0]?.devfile?.contents;
  if (devfile === undefined) expect.unreachable();
  const place = (finding: Finding) => ({ ...finding, file: "placed" });
  const imported = new Map([[devfile, { content: devfile.node, place }]]);
  const files = validate(repository, [], imported).map(({ file }) => file);
  expect(files).toContain("placed");
});
