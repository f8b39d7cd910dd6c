import { DevregError } from "../errors.ts";
import { DEVFILES, readDevfile } from "./devfile-yaml.ts";
import type { FetchedProject } from "./fetch/index.ts";
import type { Finding, ReportFinding } from "./findings.ts";
import type { Git } from "./index-schema.ts";
import { parseFile } from "./parse-file.ts";
import { authorDate, projectFiles } from "./project-files.ts";
import type { RemoteContentOptions } from "./remote-options.ts";
import { fetchRemoteItems } from "./remote-projects.ts";
import type { Repository, Stack, StackVersion } from "./repository.ts";
import { sortDescending } from "./semver.ts";
import type { DeclaredVersion } from "./stack-yaml.ts";

interface RemoteVersion {
  readonly stack: Stack;
  readonly declared: DeclaredVersion;
  readonly git: Git;
}

/** The stacks of a repository with the versions that were fetched. */
export interface RemoteVersions {
  readonly stacks: readonly Stack[];
  readonly findings: readonly Finding[];
  /** How many versions were not asked for, because the network was not to be used. */
  readonly notAsked: number;
}

/**
 * Fetches the stack versions that lie in other repositories: the tree, or the folder of it that is
 * named, is the version folder. What cannot be fetched stays among `remoteVersions`.
 */
export async function fetchRemoteVersions(
  { stacks }: Repository,
  { open, severity, progress }: RemoteContentOptions,
): Promise<RemoteVersions> {
  const wanted = stacks.flatMap((stack) =>
    stack.remoteVersions.flatMap((declared) =>
      declared.git === undefined ? [] : [{ stack, declared, git: declared.git }],
    ),
  );
  if (open === undefined) return { stacks, findings: [], notAsked: wanted.length };
  const findings: Finding[] = [];
  const outcomes = await fetchRemoteItems(wanted, {
    open,
    take: (item: RemoteVersion, project) =>
      takeVersion(item, project, (finding) => findings.push(finding)),
    title: "Fetching stack versions",
    progress,
  });
  const fetched = new Map<DeclaredVersion, StackVersion>();
  for (const [{ declared }, outcome] of outcomes) {
    if (outcome instanceof DevregError) findings.push(failure(declared, outcome, severity));
    else fetched.set(declared, outcome);
  }
  return { stacks: stacks.map((stack) => withFetched(stack, fetched)), findings, notAsked: 0 };
}

function takeVersion(
  { stack, declared }: RemoteVersion,
  { tree, provenance }: FetchedProject,
  report: ReportFinding,
): StackVersion {
  const folder = `${stack.path}/${declared.version}`;
  const contents = projectFiles(tree);
  const name = DEVFILES.find((each) => contents.has(each));
  const devfile = contents.get(name ?? "");
  if (name === undefined || devfile === undefined) {
    throw new DevregError("NOT_FOUND", `Cannot find ${DEVFILES[0]} in it`, {
      hint: "Check git.subDir: it must name the folder that holds the devfile",
    });
  }
  return {
    folder,
    declared,
    isDefault: declared.isDefault,
    files: [...contents].map(([path, { bytes, executable }]) => ({
      path: `${folder}/${path}`,
      sizeBytes: bytes.byteLength,
      executable,
      bytes,
    })),
    devfile: parseFile(`${folder}/${name}`, devfile.bytes, readDevfile, report),
    ...authorDate(provenance),
  };
}

function failure(
  { node, version }: DeclaredVersion,
  { message, hint }: DevregError,
  severity: Finding["severity"],
): Finding {
  return {
    severity,
    rule: "version-not-fetched",
    ...node.get("git").position(),
    message: `version "${version}" is left out: ${message}`,
    hint: hint ?? "Check the address, or keep the version in a folder of the stack",
  };
}

function withFetched(stack: Stack, fetched: ReadonlyMap<DeclaredVersion, StackVersion>): Stack {
  if (stack.remoteVersions.length === 0) return stack;
  const found = stack.remoteVersions.flatMap((declared) => fetched.get(declared) ?? []);
  // As if all lay here: equal numbers keep the order of the file.
  const declared = stack.stackYaml?.contents?.versions ?? [];
  const place = (version: StackVersion) =>
    version.declared === undefined ? -1 : declared.indexOf(version.declared);
  const inFileOrder = [...stack.versions, ...found].sort((a, b) => place(a) - place(b));
  return {
    ...stack,
    versions: sortDescending(inFileOrder, (version) => version.declared?.version ?? ""),
    remoteVersions: stack.remoteVersions.filter((each) => !fetched.has(each)),
  };
}
