import { DevregError } from "../../errors.ts";
import type { Repository } from "../repository.ts";
import type { ChangedFiles } from "./changed-files.ts";
import { type ChangedScope, chooseChanged } from "./changed-scope.ts";

/** How much of what a registry has is looked at. */
export interface ChangedPart {
  /** The revision, as the user named it. */
  readonly since: string;
  /** The commits compared with, in the order of the sources. */
  readonly commits: readonly string[];
  readonly stacks: { readonly checked: number; readonly all: number };
  /** Samples, and stacks that are only described. */
  readonly samples: { readonly checked: number; readonly all: number };
}

/** A source that may know what changed in it. */
export interface ChangingSource {
  readonly url: string;
  readonly changedSince?: (revision: string) => Promise<ChangedFiles>;
}

/**
 * Chooses what is looked at of each source: what changed since a revision, and what has that as
 * parent.
 *
 * @param repositories in the order of the sources
 * @throws {DevregError} USAGE when a source cannot tell, or does not know the revision
 */
export async function chooseScopes(
  sources: readonly ChangingSource[],
  repositories: readonly Repository[],
  since: string,
): Promise<readonly ChangedScope[]> {
  const pairs = [];
  for (const [at, { url, changedSince }] of sources.entries()) {
    const repository = repositories[at];
    if (changedSince === undefined || repository === undefined) {
      throw new DevregError("USAGE", `Cannot tell what changed in "${url}": it has no history`);
    }
    pairs.push([repository, await changedSince(since)] as const);
  }
  return chooseChanged(pairs);
}

/** Counts what is looked at. */
export function changedPart(since: string, scopes: readonly ChangedScope[]): ChangedPart {
  const count = (pick: (repository: Repository) => readonly unknown[]) => ({
    checked: scopes.reduce((sum, { repository }) => sum + pick(repository).length, 0),
    all: scopes.reduce((sum, { whole }) => sum + pick(whole).length, 0),
  });
  return {
    since,
    commits: scopes.map(({ commit }) => commit),
    stacks: count(({ stacks }) => stacks),
    samples: count(({ extras }) => extras),
  };
}
