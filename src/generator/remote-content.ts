import type { Finding } from "./findings.ts";
import type { RemoteIcon } from "./remote-icons.ts";
import type { RemoteContentOptions } from "./remote-options.ts";
import { fetchRemoteSamples } from "./remote-samples.ts";
import { fetchRemoteVersions } from "./remote-versions.ts";
import type { Repository } from "./repository.ts";

/** How much was not asked for, because the network was not to be used. */
export interface NotAsked {
  readonly versions: number;
  readonly samples: number;
}

/** A repository with what it names in other repositories. */
export interface RemoteContent {
  readonly repository: Repository;
  readonly icons: readonly RemoteIcon[];
  readonly findings: readonly Finding[];
  readonly notAsked: NotAsked;
}

/**
 * Fetches what a registry repository says lies in other repositories: stack versions with a git
 * reference, and devfiles and icons of samples.
 *
 * @throws {DevregError} ABORTED; anything else that fails is a finding
 */
export async function fetchRemoteContent(
  repository: Repository,
  options: RemoteContentOptions,
): Promise<RemoteContent> {
  const versions = await fetchRemoteVersions(repository, options);
  const samples = await fetchRemoteSamples(repository, options);
  return {
    repository: { ...repository, stacks: versions.stacks, extras: samples.extras },
    icons: samples.icons,
    findings: [...versions.findings, ...samples.findings],
    notAsked: { versions: versions.notAsked, samples: samples.notAsked },
  };
}
