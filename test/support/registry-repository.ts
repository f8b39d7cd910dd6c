import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  FolderStackSource,
  type GenerateResult,
  generate,
  type ReadHistory,
} from "../../src/generator/index.ts";
import { silentLogger } from "../../src/log.ts";
import { noProgress } from "../../src/progress.ts";
import { type TemporaryFolder, temporaryFolder } from "./temporary-folder.ts";

/** The files of a registry repository: path → contents. */
export type RepositoryFiles = Readonly<Record<string, string | Uint8Array>>;

/** Writes a registry repository into a temporary folder. */
export async function registryRepository(files: RepositoryFiles): Promise<TemporaryFolder> {
  const folder = await temporaryFolder();
  for (const [path, contents] of Object.entries(files)) {
    await mkdir(dirname(join(folder.path, path)), { recursive: true });
    await writeFile(join(folder.path, path), contents);
  }
  return folder;
}

/** What a test may tell a generation from one folder. */
export type FolderOptions = Partial<Parameters<typeof generate>[0]> & {
  readonly history?: ReadHistory;
};

/** Generates from a folder without network, as quietly as can be. */
export function generateFolder(
  path: string,
  { history, ...options }: FolderOptions = {},
): Promise<GenerateResult> {
  const files = new FolderStackSource(path);
  return generate({
    sources: [{ files, url: path, ...(history === undefined ? {} : { history }) }],
    force: false,
    toolVersion: "1.2.3",
    log: silentLogger,
    progress: noProgress,
    ...options,
  });
}

/** Generates from files that exist only for the call. */
export async function generateFiles(
  files: RepositoryFiles,
  options: FolderOptions = {},
): Promise<GenerateResult> {
  await using repository = await registryRepository(files);
  return await generateFolder(repository.path, options);
}

/** Renders findings as "severity rule file:line path", which is what tests compare. */
export function findingLines({ report }: GenerateResult): string[] {
  return report.findings.map(({ severity, rule, file, line, path }) =>
    [severity, rule, line === undefined ? file : `${file}:${line}`, path].filter(Boolean).join(" "),
  );
}

/** Like findingLines, without the warning that an entry lacks what most test entries lack. */
export function tellingLines(result: GenerateResult): string[] {
  const quiet = / (entry-incomplete|no-last-modified) /;
  return findingLines(result).filter((line) => !quiet.test(`${line} `));
}

/** Writes a devfile that breaks no rule, but for the metadata given; null drops a field. */
export function devfileText(
  metadata: Readonly<Record<string, string | null>> = {},
  rest = "",
): string {
  const fields = {
    name: "go",
    version: "1.0.0",
    displayName: "Go",
    language: "Go",
    projectType: "Go",
    icon: "logo.svg",
    ...metadata,
  };
  const lines = Object.entries(fields).flatMap(([key, value]) =>
    value === null ? [] : [`  ${key}: ${value}`],
  );
  return `schemaVersion: 2.2.0\nmetadata:\n${lines.join("\n")}\n${rest}`;
}

/** Writes a stack.yaml that breaks no rule, but for its list of versions. */
export function stackText(versions: string, head = "name: go"): string {
  return `${head}\ndisplayName: Go\nicon: logo.svg\nversions:\n${versions}\n`;
}
