import { DevregError } from "../../errors.ts";
import { GIT_CHAIN } from "../../limits.ts";
import type { Checkout } from "../git-history-checkout.ts";
import { parseCommit } from "../git-history-parse.ts";
import type { ObjectSource } from "../git-history-walk.ts";
import { ancestors } from "./merge-base.ts";

const OBJECT_NAME = /^[0-9a-f]{40}$/;
const SHORT_NAME = /^[0-9a-f]{4,39}$/;
/** References that lie beside HEAD. */
const TOP_REFERENCE = /^[A-Z][A-Z_]*HEAD$/;
/** What no reference can hold. Spec: git check-ref-format. */
const NO_REFERENCE = /[\p{Cc} ~^:?*[\\]|\.\.|@\{|^-/u;

/**
 * Finds the commit that a user means: a branch, a tag, one of a remote, a commit by its whole name,
 * or by the beginning of it where HEAD leads back to it; each also with `~2` or `^2` behind it.
 * Spec: gitrevisions.
 *
 * @throws {DevregError} USAGE when there is none
 */
export function findCommit(checkout: Checkout, objects: ObjectSource, revision: string): string {
  const [, name = "", steps = ""] = /^(.*?)((?:[~^][0-9]*)*)$/.exec(revision) ?? [];
  const start = findNamed(checkout, objects, name);
  if (start === undefined) throw unknown(revision);
  let commit = peel(objects, start, revision);
  for (const [, kind, digits] of steps.matchAll(/([~^])([0-9]*)/g)) {
    const count = digits === "" ? 1 : Number(digits);
    commit = kind === "~" ? goBack(objects, commit, count) : goTo(objects, commit, count);
    if (commit === "") throw unknown(revision);
  }
  return commit;
}

function findNamed(checkout: Checkout, objects: ObjectSource, name: string): string | undefined {
  if (name === "HEAD" || name === "@") return checkout.head;
  if (name === "" || NO_REFERENCE.test(name)) return undefined;
  const places = [
    ...(name.startsWith("refs/") || TOP_REFERENCE.test(name) ? [name] : []),
    ...[`refs/${name}`, `refs/tags/${name}`, `refs/heads/${name}`],
    ...[`refs/remotes/${name}`, `refs/remotes/${name}/HEAD`],
  ];
  for (const place of places) {
    const found = checkout.reference(place);
    if (found !== undefined) return found;
  }
  if (OBJECT_NAME.test(name)) return name;
  return SHORT_NAME.test(name) ? findShort(checkout, objects, name) : undefined;
}

function findShort(checkout: Checkout, objects: ObjectSource, short: string): string | undefined {
  for (const { oid } of ancestors(objects, checkout, checkout.head)) {
    if (oid.startsWith(short)) return oid;
  }
  return undefined;
}

/** Follows annotated tags to their commit. */
function peel(objects: ObjectSource, oid: string, revision: string): string {
  let name = oid;
  for (let steps = 0; steps < GIT_CHAIN; steps++) {
    const { type, content } = readObject(objects, name, revision);
    if (type === "commit") return name;
    const target = type === "tag" ? /^object ([0-9a-f]{40})\n/.exec(content.toString()) : null;
    if (target?.[1] === undefined) break;
    name = target[1];
  }
  throw unknown(revision);
}

function readObject(objects: ObjectSource, oid: string, revision: string) {
  try {
    return objects.read(oid);
  } catch (error) {
    if (error instanceof DevregError && error.code === "NOT_FOUND") throw unknown(revision);
    throw error;
  }
}

/** Follows first parents; empty where there are not so many. */
function goBack(objects: ObjectSource, commit: string, count: number): string {
  let at = commit;
  for (let steps = 0; at !== "" && steps < count; steps++) at = goTo(objects, at, 1);
  return at;
}

/** Gives a parent by its number, from 1 on; number 0 is the commit itself. */
function goTo(objects: ObjectSource, commit: string, number: number): string {
  if (number === 0) return commit;
  const { parents } = parseCommit(commit, objects.read(commit).content);
  return parents[number - 1] ?? "";
}

function unknown(revision: string): DevregError {
  const message = `Cannot compare with "${revision}": the repository has no such branch, tag or commit`;
  return new DevregError("USAGE", message, {
    hint: "Name one that git rev-parse knows, and fetch it first where it is a remote's: git fetch origin",
  });
}
