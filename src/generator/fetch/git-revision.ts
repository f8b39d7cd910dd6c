import { join } from "node:path";
import { distance } from "fastest-levenshtein";
import { DevregError } from "../../errors.ts";
import { GIT_CHAIN, NEARBY_REFERENCES } from "../../limits.ts";
import { GitObjects } from "../git-history-objects.ts";
import { type Commit, parseCommit } from "../git-history-parse.ts";
import { isObjectName } from "./git-advertisement.ts";
import type { GitReference, GitRemote, GitWants } from "./git-remote.ts";
import { findNames } from "./pack-index.ts";

/** A revision as a server knows it. */
export interface FoundRevision {
  /** The object to ask for: a commit, or an annotated tag. */
  readonly wanted: string;
  /** The commit; for one given by its whole name it was not asked whether the server has it. */
  readonly commit: string;
}

const SHORT_NAME = /^[0-9a-f]{4,39}$/;
/** What no reference can hold. Spec: git check-ref-format. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const NO_REFERENCE = /[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|^-/;
/** How many names are compared with one that is not there. */
const COMPARED_NAMES = 10_000;

/**
 * Finds a branch, tag or commit, in this order; the default branch where no revision is named.
 * Short names of commits are looked for among all commits of the server.
 *
 * @param scratch a folder that is not there yet
 * @throws {DevregError} NOT_FOUND naming what is nearest; INPUT_INVALID for an ambiguous name and
 *   for an empty repository
 */
export async function findRevision(
  remote: GitRemote,
  revision: string | undefined,
  scratch: string,
): Promise<FoundRevision> {
  if (revision === undefined || revision === "HEAD") return await findHead(remote);
  if (isObjectName(revision)) return { wanted: revision, commit: revision };
  if (NO_REFERENCE.test(revision)) {
    const message = `Cannot fetch "${remote.url}": "${revision}" is no name of a revision`;
    throw new DevregError("INPUT_INVALID", message, { hint: "Name a branch, a tag or a commit" });
  }
  const names = [`refs/heads/${revision}`, `refs/tags/${revision}`];
  if (revision.startsWith("refs/")) names.push(revision);
  const listed = await remote.listReferences(names);
  for (const name of names) {
    const found = listed.find((reference) => reference.name === name);
    if (found !== undefined) return toFound(found);
  }
  const short = SHORT_NAME.test(revision) ? await findShort(remote, revision, scratch) : undefined;
  if (short !== undefined) return short;
  throw await unknownRevision(remote, revision);
}

/**
 * Fetches a revision into a git folder, without its history, and gives its commit.
 *
 * @param scratch a folder that is not there yet
 * @param without what of its content is not wanted
 * @throws {DevregError} as {@link findRevision} and {@link GitRemote.fetch}
 */
export async function fetchRevision(
  remote: GitRemote,
  revision: string | undefined,
  gitDir: string,
  scratch: string,
  without?: NonNullable<GitWants["without"]>,
): Promise<Commit> {
  const less = without === undefined ? {} : { without };
  const { wanted } = await findRevision(remote, revision, scratch);
  try {
    await remote.fetch({ oids: [wanted], shallow: true, ...less }, gitDir);
  } catch (error) {
    // A server may give only what its references name.
    const named = revision !== undefined && wanted.startsWith(revision);
    if (!named || !(error instanceof DevregError) || error.code !== "NOT_FOUND") throw error;
    await remote.fetch({ oids: "all", ...less }, gitDir);
  }
  try {
    return openCommit(gitDir, wanted);
  } catch (error) {
    if (!(error instanceof DevregError) || error.code !== "NOT_FOUND") throw error;
    throw await unknownRevision(remote, wanted);
  }
}

/**
 * Reads a commit of a git folder, or the one that a tag stands for.
 *
 * @throws {DevregError} INPUT_INVALID, NOT_FOUND
 */
export function openCommit(gitDir: string, oid: string): Commit {
  const objects = new GitObjects(join(gitDir, "objects"));
  try {
    return readCommit(objects, oid);
  } finally {
    objects.close();
  }
}

function readCommit(objects: GitObjects, oid: string): Commit {
  let name = oid;
  for (let steps = 0; steps < GIT_CHAIN; steps++) {
    const { type, content } = objects.read(name);
    if (type === "commit") return parseCommit(name, content);
    const target = type === "tag" ? /^object ([0-9a-f]{40})\n/.exec(content.toString()) : null;
    if (target?.[1] === undefined) break;
    name = target[1];
  }
  throw new DevregError("INPUT_INVALID", `Cannot check out ${oid}: it is no commit`, {
    hint: "Name a branch, a tag of a commit, or a commit",
  });
}

async function findHead(remote: GitRemote): Promise<FoundRevision> {
  const head = (await remote.listReferences(["HEAD"])).find(({ name }) => name === "HEAD");
  if (head !== undefined) return toFound(head);
  const branches = await remote.listReferences(["refs/heads/"]);
  if (branches.length === 0) {
    throw new DevregError("INPUT_INVALID", `Cannot fetch "${remote.url}": it has no commits`);
  }
  throw new DevregError("NOT_FOUND", `Cannot fetch "${remote.url}": it has no default branch`, {
    hint: `Name a revision, such as ${nearest("", branches)}`,
  });
}

async function findShort(
  remote: GitRemote,
  short: string,
  scratch: string,
): Promise<FoundRevision | undefined> {
  const listed = await remote.listReferences(["refs/heads/", "refs/tags/"]);
  const tips = listed.map((reference) => toFound(reference).commit);
  if (tips.length === 0) return undefined;
  await remote.fetch({ oids: "all", without: "trees" }, scratch);
  const objects = new GitObjects(join(scratch, "objects"));
  try {
    const isCommit = (oid: string) => objects.read(oid).type === "commit";
    const found = findNames(join(scratch, "objects", "pack"), short).filter(isCommit);
    const [commit, another] = found;
    if (commit === undefined) return undefined;
    if (another === undefined) return { wanted: commit, commit };
    throw new DevregError(
      "INPUT_INVALID",
      `Cannot fetch "${remote.url}": "${short}" may be ${found.length} commits`,
      { hint: `Give more of the name: ${found.slice(0, NEARBY_REFERENCES).join(", ")}` },
    );
  } finally {
    objects.close();
  }
}

function toFound({ oid, peeled }: GitReference): FoundRevision {
  return { wanted: oid, commit: peeled ?? oid };
}

async function unknownRevision(remote: GitRemote, revision: string): Promise<DevregError> {
  const listed = await remote.listReferences(["refs/heads/", "refs/tags/"]);
  return new DevregError(
    "NOT_FOUND",
    `Cannot fetch "${remote.url}": it has no branch, tag or commit "${revision}"`,
    { hint: `The nearest that it has: ${nearest(revision, listed)}` },
  );
}

function nearest(revision: string, references: readonly GitReference[]): string {
  const names = references.map(({ name }) => name.replace(/^refs\/(?:heads|tags)\//, ""));
  return [...new Set(names)]
    .slice(0, COMPARED_NAMES)
    .map((name) => ({ name, far: distance(name, revision) }))
    .sort((a, b) => a.far - b.far)
    .slice(0, NEARBY_REFERENCES)
    .map(({ name }) => `"${name}"`)
    .join(", ");
}
