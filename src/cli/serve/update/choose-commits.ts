import { DevregError } from "../../../errors.ts";
import { isSameRepository } from "../../../generator/index.ts";
import type { Generation } from "../generation.ts";
import type { GitSource } from "./git-source.ts";
import type { Wish } from "./wish.ts";

/** What is to be fetched of a source. */
export interface ChosenCommit {
  readonly source: GitSource;
  readonly commit: string;
  /** What its branch stands at; undefined where only an exact commit was wanted. */
  readonly tip: string | undefined;
}

/**
 * Chooses the commit of each source that fulfils a wish.
 *
 * @throws {DevregError} NOT_FOUND when no source has a commit; as asking the sources does
 */
export async function chooseCommits(
  sources: readonly GitSource[],
  wish: Wish,
  served: Generation | undefined,
): Promise<readonly ChosenCommit[]> {
  const exact = await commitsBySource(sources, wish.commits);
  return await Promise.all(
    sources.map(async (source): Promise<ChosenCommit> => {
      const commits = exact.get(source) ?? [];
      const tip = wish.newest || commits.length === 0 ? await source.latest() : undefined;
      const behind = tip !== undefined && tip === servedCommit(served, source);
      const hints = behind && sources.length === 1 ? wish.hints : [];
      const [first, ...others] = [...(tip === undefined ? [] : [tip]), ...commits];
      const commit = await newestOf(source, first ?? "", others, false);
      return { source, commit: await newestOf(source, commit, hints, true), tip };
    }),
  );
}

/** Gives the commit of a source that is served; undefined where it is not known. */
export function servedCommit(
  served: Generation | undefined,
  { shown }: GitSource,
): string | undefined {
  const sources = served?.build.info?.sources ?? [];
  const [only] = sources;
  const named = sources.find(({ url }) => url !== undefined && isSameRepository(url, shown));
  return (named ?? (sources.length === 1 && only?.url === undefined ? only : undefined))
    ?.commit_hash;
}

/** What a hint says counts only where git confirms that it is newer. */
async function newestOf(
  source: GitSource,
  first: string,
  others: readonly string[],
  areHints: boolean,
): Promise<string> {
  let newest = first;
  for (const commit of others) {
    const order = await source.compare(newest, commit);
    if (order === "older" || (order === undefined && !areHints)) newest = commit;
  }
  return newest;
}

/** Of several sources, the first one counts that has a commit. */
async function commitsBySource(
  sources: readonly GitSource[],
  commits: readonly string[],
): Promise<ReadonlyMap<GitSource, readonly string[]>> {
  const [only, ...others] = sources;
  if (only !== undefined && others.length === 0) return new Map([[only, commits]]);
  const found = new Map<GitSource, string[]>();
  for (const commit of commits) {
    const source = await findSource(sources, commit);
    found.set(source, [...(found.get(source) ?? []), commit]);
  }
  return found;
}

async function findSource(sources: readonly GitSource[], commit: string): Promise<GitSource> {
  for (const source of sources) {
    try {
      await source.fetch(commit);
      return source;
    } catch (error) {
      if (!(error instanceof DevregError) || error.code !== "NOT_FOUND") throw error;
    }
  }
  throw new DevregError("NOT_FOUND", `Cannot fetch commit ${commit}: no source has it`);
}
