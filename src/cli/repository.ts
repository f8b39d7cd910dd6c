import {
  type GenerateOptions,
  type GenerateResult,
  generate,
  type OnDuplicate,
  PUBLIC_REGISTRIES,
  type RegistrySource,
} from "../generator/index.ts";
import type { Logger } from "../log.ts";
import type { StartProgress } from "../progress.ts";
import type { ProcessEdge } from "./edge.ts";
import { findImages } from "./find-images.ts";
import type { NetworkAccess } from "./network.ts";

/** How registry repositories are turned into a build. */
export interface RepositoryOptions {
  readonly force: boolean;
  readonly onDuplicate: OnDuplicate;
  /** Undefined opens no socket. */
  readonly access?: Pick<NetworkAccess, "icons" | "openProject" | "fetchDevfile"> | undefined;
  /** Where the registry will be; parents that are said to be there are looked for in it alone. */
  readonly publicUrl?: string | undefined;
  /** Further addresses by which devfiles know the registry; the public one unless told. */
  readonly alsoKnownAs?: readonly string[];
  /** Looks only at what changed since that revision. */
  readonly changedSince?: string | undefined;
  /** Asked whether what devfiles point at is there. */
  readonly online?: GenerateOptions["online"];
  /** Makes the build one for a network without a way out. */
  readonly offline?: GenerateOptions["offline"];
  /** Told how long each phase takes. */
  readonly clock?: GenerateOptions["clock"];
  readonly log: Logger;
  readonly progress: StartProgress;
}

/**
 * Generates a build in memory.
 *
 * @throws {DevregError} NOT_FOUND, IO, LIMIT_EXCEEDED when a source is no registry repository
 */
export function generateFrom(
  { tool }: ProcessEdge,
  sources: readonly RegistrySource[],
  { access, offline, publicUrl, alsoKnownAs = [], ...options }: RepositoryOptions,
): Promise<GenerateResult> {
  return generate({
    sources,
    ...(access === undefined ? {} : { icons: access.icons, openProject: access.openProject }),
    imports: {
      publicUrl,
      alsoKnownAs: alsoKnownAs.length === 0 ? PUBLIC_REGISTRIES : alsoKnownAs,
      fetch: access?.fetchDevfile,
    },
    ...(offline === undefined ? {} : { offline }),
    ...options,
    findImages,
    toolVersion: tool.version,
  });
}
