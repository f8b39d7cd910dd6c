import { isBuildName } from "./build-name.ts";
import type { Devfile } from "./devfile-yaml.ts";
import {
  type Extra,
  indexVersion,
  type Repository,
  type SampleVersion,
  type Stack,
  type StackVersion,
} from "./repository.ts";
import { hasBothDevfiles } from "./validate/index.ts";

/** A stack version that can be published, whatever the rules say of it. */
export interface PublishableVersion {
  readonly source: StackVersion;
  readonly devfile: Devfile;
  /** The devfile's version, which the index and OCI know it by. */
  readonly version: string;
  /** Its folder in the build: "stacks/go/2.0.0", or "stacks/go" when there is no stack.yaml. */
  readonly buildFolder: string;
}

/** A stack with the versions of it that can be published, at least one. */
export interface PublishableStack {
  readonly source: Stack;
  /** In the order of the index. */
  readonly versions: readonly PublishableVersion[];
}

/** An extra entry with the sample versions of it that can be published. */
export interface PublishableExtra {
  readonly source: Extra;
  readonly samples: readonly SampleVersion[];
}

/** The part of a repository that a build can hold. */
export interface Publishable {
  readonly stacks: readonly PublishableStack[];
  readonly extras: readonly PublishableExtra[];
  /** What it cannot hold, by its folder or "sample <name>". */
  readonly leftOut: readonly string[];
}

/**
 * Chooses what a build can hold: whatever was read whole and has a name that a folder can have. A rule that
 * is broken does not leave anything out; the user may insist on it.
 */
export function choosePublishable(repository: Repository): Publishable {
  const leftOut: string[] = [];
  const stacks = repository.stacks.flatMap((stack) => chooseStack(stack, leftOut));
  const extras = repository.extraEntriesBroken
    ? leaveOut(["extraDevfileEntries.yaml"], leftOut)
    : repository.extras.flatMap((extra) => chooseExtra(extra, leftOut));
  return { stacks, extras, leftOut };
}

function chooseStack(stack: Stack, leftOut: string[]): PublishableStack[] {
  if (!isBuildName(stack.folder) || stack.stackYaml?.broken === true)
    return leaveOut([stack.path], leftOut);
  leaveOut(
    stack.remoteVersions.map(({ version }) => `${stack.path}/${version}`),
    leftOut,
  );
  const byVersion = Map.groupBy(stack.versions, indexVersion);
  const versions = stack.versions.flatMap((version) => {
    const equal = byVersion.get(indexVersion(version)) ?? [];
    const chosen = chooseVersion(stack, version, equal);
    return chosen === undefined ? leaveOut([version.folder], leftOut) : [chosen];
  });
  return versions.length === 0 ? [] : [{ source: stack, versions }];
}

/** Of equal versions the default counts, else the first. */
function chooseVersion(
  stack: Stack,
  source: StackVersion,
  equal: readonly StackVersion[],
): PublishableVersion | undefined {
  const version = indexVersion(source);
  const devfile = source.devfile?.contents;
  if (devfile === undefined || source.devfile?.broken === true || !isBuildName(version)) {
    return undefined;
  }
  if (hasBothDevfiles(source)) return undefined;
  if ((equal.find(({ isDefault }) => isDefault) ?? equal[0]) !== source) return undefined;
  const above = `stacks/${stack.folder}`;
  const buildFolder = stack.stackYaml === undefined ? above : `${above}/${version}`;
  return { source, devfile, version, buildFolder };
}

function chooseExtra(extra: Extra, leftOut: string[]): PublishableExtra[] {
  const { name = "" } = extra.entry.fields;
  if (name === "") return leaveOut([`${extra.entry.type} without a name`], leftOut);
  const samples = extra.samples.filter(({ devfile }) => devfile?.broken !== true);
  const broken = extra.samples.filter(({ devfile }) => devfile?.broken === true);
  leaveOut(
    broken.map(({ folder }) => folder),
    leftOut,
  );
  return broken.length > 0 && samples.length === 0 ? [] : [{ source: extra, samples }];
}

function leaveOut(what: readonly string[], leftOut: string[]): never[] {
  leftOut.push(...what);
  return [];
}
