import { eachBounded } from "../concurrent.ts";
import { DevregError } from "../errors.ts";
import { PROJECT_CONCURRENCY } from "../limits.ts";
import type { StartProgress } from "../progress.ts";
import type { FetchedProject, OpenedProject } from "./fetch/index.ts";
import { gitProjectOf } from "./git-project.ts";
import type { Git } from "./index-schema.ts";
import type { OpenProject } from "./open-project.ts";

/** Something that lies in another repository. */
export interface RemoteItem {
  readonly git: Git;
}

/** How remote items are fetched. */
export interface RemoteOptions<Item, Result> {
  readonly open: OpenProject;
  /** Takes what is wanted of the project; the project itself is not kept. */
  readonly take: (item: Item, project: FetchedProject) => Result;
  readonly title: string;
  readonly progress: StartProgress;
}

/**
 * Fetches items that lie in other repositories, each repository and revision once however many items
 * it has. Gives for each item what was taken, or why it could not be.
 *
 * @throws {DevregError} ABORTED; anything else that fails is an outcome
 */
export async function fetchRemoteItems<Item extends RemoteItem, Result>(
  items: readonly Item[],
  options: RemoteOptions<Item, Result>,
): Promise<ReadonlyMap<Item, Result | DevregError>> {
  const outcomes = new Map<Item, Result | DevregError>();
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const { remotes, checkoutFrom } = gitProjectOf(item.git);
    const key = JSON.stringify([remotes, checkoutFrom]);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  if (groups.size === 0) return outcomes;
  const progress = options.progress(options.title);
  try {
    progress.total(groups.size);
    await eachBounded([...groups.values()], PROJECT_CONCURRENCY, async (group) => {
      await fetchGroup(group, options, outcomes);
      progress.done();
    });
  } finally {
    progress.end();
  }
  return outcomes;
}

async function fetchGroup<Item extends RemoteItem, Result>(
  group: readonly Item[],
  { open, take }: RemoteOptions<Item, Result>,
  outcomes: Map<Item, Result | DevregError>,
): Promise<void> {
  let project: OpenedProject | undefined;
  try {
    for (const item of group) {
      try {
        const source = gitProjectOf(item.git);
        project ??= await open(source);
        outcomes.set(item, take(item, await project.read(source.subDir)));
      } catch (error) {
        if (!(error instanceof DevregError) || error.code === "ABORTED") throw error;
        // What cannot be opened is not tried again for the next item.
        for (const other of project === undefined ? group : [item]) outcomes.set(other, error);
        if (project === undefined) return;
      }
    }
  } finally {
    await project?.close();
  }
}
