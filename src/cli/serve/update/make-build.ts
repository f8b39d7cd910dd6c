import type { Build, OnDuplicate, RegistrySource } from "../../../generator/index.ts";
import type { Logger } from "../../../log.ts";
import { noProgress } from "../../../progress.ts";
import type { ProcessEdge } from "../../edge.ts";
import { generateInput } from "../../load-input.ts";
import type { Network } from "../../network.ts";
import { openAccess } from "../reloader.ts";

/** How builds are made of fetched sources. */
export interface MakeOptions {
  readonly force: boolean;
  readonly onDuplicate: OnDuplicate;
  /** Where clients reach the registry. */
  readonly publicUrl?: string | undefined;
  readonly network: Network;
  readonly log: Logger;
}

/** Makes a build of sources; `anew` forgets what was fetched from other repositories before. */
export type MakeBuild = (sources: readonly RegistrySource[], anew: boolean) => Promise<Build>;

/** Makes the maker of builds, which remembers what it fetched from other repositories. */
export function createMaker(
  edge: ProcessEdge,
  { force, onDuplicate, publicUrl, network, log }: MakeOptions,
): MakeBuild {
  let opened: ReturnType<typeof openAccess> | undefined;
  return async (sources, anew) => {
    if (anew) opened = undefined;
    opened ??= openAccess(edge, network);
    const access = await opened;
    const options = { force, onDuplicate, publicUrl, access, log, progress: noProgress };
    return (await generateInput(edge, sources, options)).build;
  };
}
