import { invariant } from "../../assert.ts";
import { eachBounded } from "../../concurrent.ts";
import { DevregError } from "../../errors.ts";
import { PROJECT_CONCURRENCY } from "../../limits.ts";
import type { StartProgress } from "../../progress.ts";
import {
  type OpenedProject,
  type ProjectSource,
  type Provenance,
  remoteOf,
  zipTree,
} from "../fetch/index.ts";
import type { OpenProject } from "../open-project.ts";
import { settle } from "./settle.ts";

/** A project that is wanted as an archive. */
export interface WantedProject {
  readonly source: ProjectSource;
  /** The folder in the archive that holds everything; clients take it away. */
  readonly folder: string;
}

/** A project as an archive whose bytes follow from its files alone. */
export interface BroughtProject {
  readonly zip: Uint8Array;
  readonly provenance: Provenance;
}

/** What became of a wanted project. */
export type ProjectOutcome = BroughtProject | DevregError;

/**
 * Brings projects, each repository and revision and each archive fetched once however many ask for
 * it or for folders of it. Gives the outcomes in the order of what was wanted.
 *
 * @throws {DevregError} ABORTED; anything else that fails is an outcome
 */
export async function bringProjects(
  wanted: readonly WantedProject[],
  open: OpenProject,
  startProgress: StartProgress,
): Promise<readonly ProjectOutcome[]> {
  const outcomes: ProjectOutcome[] = new Array(wanted.length);
  const groups = new Map<string, number[]>();
  for (const [at, { source }] of wanted.entries()) {
    const key = await settle((async () => keyOf(source))());
    if (key instanceof DevregError) outcomes[at] = key;
    else groups.set(key, [...(groups.get(key) ?? []), at]);
  }
  const progress = startProgress("Fetching projects");
  try {
    progress.total(groups.size);
    await eachBounded([...groups.values()], PROJECT_CONCURRENCY, async (group) => {
      const members = group.flatMap((at) => wanted[at] ?? []);
      const brought = await bringGroup(members, open);
      for (const [index, at] of group.entries()) {
        const outcome = brought[index];
        invariant(outcome !== undefined, "every member of a group has an outcome");
        outcomes[at] = outcome;
      }
      progress.done(members[0]?.folder);
    });
  } finally {
    progress.end();
  }
  return outcomes;
}

/** Brings what differs in folder alone. */
async function bringGroup(
  members: readonly WantedProject[],
  open: OpenProject,
): Promise<readonly ProjectOutcome[]> {
  const [first] = members;
  if (first === undefined) return [];
  const project = await settle(open(first.source));
  if (project instanceof DevregError) return members.map(() => project);
  try {
    const packed = new Map<string, ProjectOutcome>();
    const outcomes: ProjectOutcome[] = [];
    // One after the other: a tree is large, and no more than one of each group is held.
    for (const { source, folder } of members) {
      const key = JSON.stringify([folder, source.subDir ?? ""]);
      const outcome = packed.get(key) ?? (await settle(pack(project, source.subDir, folder)));
      packed.set(key, outcome);
      outcomes.push(outcome);
    }
    return outcomes;
  } finally {
    await project.close();
  }
}

async function pack(
  project: OpenedProject,
  subDir: string | undefined,
  folder: string,
): Promise<BroughtProject> {
  const { tree, provenance } = await project.read(subDir);
  return { zip: zipTree(tree, { folder }), provenance };
}

/** Names what is fetched: sources of one key are served by one fetch. */
function keyOf(source: ProjectSource): string {
  if (source.kind === "zip") return JSON.stringify(["zip", source.location]);
  return JSON.stringify(["git", remoteOf(source), source.checkoutFrom?.revision ?? ""]);
}
