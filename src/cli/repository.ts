import {
  type GenerateOptions,
  type GenerateResult,
  generate,
  type OnDuplicate,
  type RegistrySource,
} from "../generator/index.ts";
import type { Logger } from "../log.ts";
import type { StartProgress } from "../progress.ts";
import type { ProcessEdge } from "./edge.ts";
import type { NetworkAccess } from "./network.ts";

/** How registry repositories are turned into a build. */
export interface RepositoryOptions {
  readonly force: boolean;
  readonly onDuplicate: OnDuplicate;
  /** Undefined opens no socket. */
  readonly access?: Pick<NetworkAccess, "icons" | "openProject"> | undefined;
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
  { access, offline, ...options }: RepositoryOptions,
): Promise<GenerateResult> {
  return generate({
    sources,
    ...(access === undefined ? {} : { icons: access.icons, openProject: access.openProject }),
    ...(offline === undefined ? {} : { offline }),
    ...options,
    toolVersion: tool.version,
  });
}
