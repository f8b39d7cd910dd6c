import type { BuildInfo, BuildSource } from "./build.ts";
import { newestCommitTime } from "./build-info.ts";
import { publicAddress } from "./public-source.ts";
import { isSameRepository } from "./repository-address.ts";

/** How one generation stands to another: "older" when the other one came after it. */
export type GenerationOrder = "same" | "older" | "newer" | "unordered";

/** How two commits of a repository stand to each other; undefined when git does not tell. */
export type CommitOrder = Exclude<GenerationOrder, "unordered"> | undefined;

/**
 * Asks git how a commit stands to another one of the same repository.
 *
 * @param url the repository, where a generation names it
 */
export type CompareCommits = (
  url: string | undefined,
  a: string,
  b: string,
) => Promise<CommitOrder>;

/** What tells where a generation stands: the record of its build, or what it will be. */
export type GenerationRecord = Pick<BuildInfo, "sources" | "commit_time">;

/** A source that two generations were made from. */
interface SourcePair {
  readonly url: string | undefined;
  readonly a: string;
  readonly b: string;
}

const TELLS_NOTHING: CompareCommits = async () => undefined;

/**
 * Tells whether a generation came before another one: by the history of their sources where git
 * answers and all sources agree, else by the time of their newest commits. Generations of other
 * repositories, and those whose commits are not known, have no order.
 *
 * @throws {DevregError} as `compare` does
 */
export async function orderGenerations(
  a: GenerationRecord | undefined,
  b: GenerationRecord | undefined,
  compare: CompareCommits = TELLS_NOTHING,
): Promise<GenerationOrder> {
  const pairs = pairSources(a?.sources ?? [], b?.sources ?? []);
  if (pairs === undefined) return "unordered";
  const orders: CommitOrder[] = [];
  for (const { url, a: one, b: other } of pairs) {
    orders.push(one === other ? "same" : await compare(url, one, other));
  }
  return agreed(orders) ?? orderTimes(timeOf(a), timeOf(b));
}

/** Pairs the sources by address; undefined when they are not the same ones, or a commit is unknown. */
function pairSources(
  a: readonly BuildSource[],
  b: readonly BuildSource[],
): readonly SourcePair[] | undefined {
  if (a.length === 0 || a.length !== b.length) return undefined;
  const left = [...b];
  const pairs: SourcePair[] = [];
  for (const one of a) {
    const at = left.findIndex((other) => mayBeSame(one, other, a.length === 1));
    const [other] = at < 0 ? [] : left.splice(at, 1);
    if (one.commit_hash === undefined || other?.commit_hash === undefined) return undefined;
    pairs.push({ url: one.url ?? other.url, a: one.commit_hash, b: other.commit_hash });
  }
  return pairs;
}

/** A build made from a folder does not tell its address; where there is one source, it is that. */
function mayBeSame(a: BuildSource, b: BuildSource, only: boolean): boolean {
  const [one, other] = [publicAddress(a.url), publicAddress(b.url)];
  if (one === undefined || other === undefined) return only || one === other;
  return isSameRepository(one, other);
}

function agreed(orders: readonly CommitOrder[]): GenerationOrder | undefined {
  const told = new Set(orders);
  if (told.has(undefined) || (told.has("older") && told.has("newer"))) return undefined;
  if (told.has("older")) return "older";
  return told.has("newer") ? "newer" : "same";
}

/** Both are in UTC and of one form, so the order of the text is the order in time. */
function orderTimes(a: string | undefined, b: string | undefined): GenerationOrder {
  if (a === undefined || b === undefined || a === b) return "unordered";
  return a < b ? "older" : "newer";
}

function timeOf(info: GenerationRecord | undefined): string | undefined {
  return info?.commit_time ?? newestCommitTime(info?.sources ?? []);
}
