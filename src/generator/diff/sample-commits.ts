import { eachBounded } from "../../concurrent.ts";
import { SOURCE_FETCHES } from "../../limits.ts";
import type { Build } from "../build.ts";
import type { GitProjectSource } from "../fetch/index.ts";
import { gitProjectOf } from "../git-project.ts";
import type { Git, RegistryIndex } from "../index-schema.ts";
import { publicSource } from "../public-source.ts";
import { type IndexItem, itemName } from "./diff-index.ts";

/** Where a sample lies, with the commits that are known of it. */
export interface SampleCommits extends IndexItem {
  readonly url: string;
  /** Branch, tag or commit; absent for the default branch. */
  readonly revision?: string;
  /** The commit that the older build was made with. */
  readonly before?: string;
  readonly after?: string;
}

/** Gives the commit that a project stands at now; undefined where it cannot be known. */
export type ResolveCommit = (source: GitProjectSource) => Promise<string | undefined>;

const COMMIT = /^[0-9a-f]{40}$/;

/**
 * Gives every sample of a build with its repository and the commits that are known: what an offline
 * build brought, what the index names, and for the newer build what its server says.
 */
export async function sampleCommits(
  before: Build,
  after: Build,
  resolve: ResolveCommit | undefined,
): Promise<readonly SampleCommits[]> {
  const old = new Map(samplesOf(before.index).map((sample) => [itemName(sample.item), sample]));
  const asked = new Map<string, Promise<string | undefined>>();
  const ask = (git: Git): Promise<string | undefined> => {
    const key = JSON.stringify(git);
    const answer = asked.get(key) ?? Promise.resolve(resolve?.(gitProjectOf(git)));
    asked.set(key, answer);
    return answer;
  };
  return await eachBounded(samplesOf(after.index), SOURCE_FETCHES, async ({ item, git }) => {
    const earlier = old.get(itemName(item));
    const was = earlier && knownCommit(before, earlier);
    const now = knownCommit(after, { item, git }) ?? (await ask(git));
    const { revision } = git;
    return {
      ...item,
      url: addressOf(git),
      ...(revision === undefined || revision === "" ? {} : { revision }),
      ...(was === undefined ? {} : { before: was }),
      ...(now === undefined ? {} : { after: now }),
    };
  });
}

interface Sample {
  readonly item: IndexItem;
  readonly git: Git;
}

function samplesOf(index: RegistryIndex): Sample[] {
  return index
    .filter(({ type }) => type === "sample")
    .flatMap(({ name, git, versions = [] }) => {
      const item = { type: "sample", name };
      const all = versions.map(({ version = "", git: own = git }) => ({
        item: { ...item, version },
        git: own,
      }));
      const each = all.length === 0 ? [{ item, git }] : all;
      return each.flatMap((one) =>
        one.git === undefined ? [] : [{ item: one.item, git: one.git }],
      );
    });
}

function knownCommit({ info }: Build, { item, git }: Sample): string | undefined {
  const { name, version } = item;
  const folder = ["samples", name, ...(version === undefined ? [] : [version])].join("/");
  const brought = Object.entries(info?.offline?.projects ?? {}).find(([path]) =>
    path.startsWith(`${folder}/`),
  );
  return brought?.[1].commit_hash ?? (COMMIT.test(git.revision ?? "") ? git.revision : undefined);
}

function addressOf({ remotes, url, remoteName }: Git): string {
  const names = Object.keys(remotes ?? {});
  const name = remoteName ?? names[0] ?? "";
  return publicSource({ url: remotes?.[name] ?? url ?? "" }).url ?? "";
}
