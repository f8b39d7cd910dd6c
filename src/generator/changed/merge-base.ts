import { DevregError } from "../../errors.ts";
import { GIT_COMMITS } from "../../limits.ts";
import { type Commit, parseCommit } from "../git-history-parse.ts";
import type { ObjectSource } from "../git-history-walk.ts";

/** What is known of a history beside its objects. */
export interface HistoryEnds {
  /** Commits whose parents were not fetched. */
  readonly shallow: ReadonlySet<string>;
}

const [ONE, OTHER] = [1, 2];
const BOTH = ONE | OTHER;

/**
 * Finds the newest commit that two commits lead back to, by the dates of committing; undefined when
 * there is none. With clocks that were wrong it may be an older one than git's merge base, from
 * which there is only more that differs.
 *
 * @throws {DevregError} LIMIT_EXCEEDED; NOT_FOUND when an object is missing
 */
export function findMergeBase(
  objects: ObjectSource,
  ends: HistoryEnds,
  one: string,
  other: string,
): string | undefined {
  for (const { oid, sides } of walk(objects, ends, new Map([[one, ONE]]), other)) {
    if (sides === BOTH) return oid;
  }
  return undefined;
}

/** Gives a commit and all that it leads back to, newest first. @throws {DevregError} LIMIT_EXCEEDED */
export function* ancestors(
  objects: ObjectSource,
  ends: HistoryEnds,
  commit: string,
): Iterable<Commit> {
  yield* walk(objects, ends, new Map([[commit, ONE]]), undefined);
}

type Visited = Commit & { readonly sides: number };

function* walk(
  objects: ObjectSource,
  { shallow }: HistoryEnds,
  sides: Map<string, number>,
  other: string | undefined,
): Iterable<Visited> {
  if (other !== undefined) sides.set(other, (sides.get(other) ?? 0) | OTHER);
  const pending = new Map([...sides.keys()].map((oid) => [oid, readCommit(objects, oid)]));
  for (let visited = 0; pending.size > 0; visited++) {
    if (visited >= GIT_COMMITS) throw tooLong();
    const commit = newest(pending.values());
    const side = sides.get(commit.oid) ?? 0;
    pending.delete(commit.oid);
    yield { ...commit, sides: side };
    for (const parent of shallow.has(commit.oid) ? [] : commit.parents) {
      const before = sides.get(parent) ?? 0;
      if ((before | side) === before) continue;
      sides.set(parent, before | side);
      pending.set(parent, readCommit(objects, parent));
    }
  }
}

function newest(commits: Iterable<Commit>): Commit {
  let found: Commit | undefined;
  for (const commit of commits) {
    if (found === undefined || commit.committer.seconds > found.committer.seconds) found = commit;
  }
  if (found === undefined) throw new Error("Unreachable: no commit is pending");
  return found;
}

function readCommit(objects: ObjectSource, oid: string): Commit {
  return parseCommit(oid, objects.read(oid).content);
}

function tooLong(): DevregError {
  return new DevregError("LIMIT_EXCEEDED", `Cannot read git history: over ${GIT_COMMITS} commits`);
}
