import { DevregError } from "../../errors.ts";
import type { GenerateOptions } from "../../generator/index.ts";
import type { StartProgress } from "../../progress.ts";
import type { FlagValues } from "../flag.ts";
import type { NetworkAccess } from "../network.ts";
import type { generateFlags } from "./flags.ts";

type Config = FlagValues<typeof generateFlags>;

/** The registry that devfiles name when their authors think of the public one. */
const KNOWN_AS = ["https://registry.devfile.io"];

/**
 * Checks that the flags of an offline build go together.
 *
 * @throws {DevregError} USAGE
 */
export function checkOfflineFlags(config: Config): void {
  if (!config.offline) return;
  if (config.noNetwork) {
    throw new DevregError("USAGE", "Cannot make an offline build: --no-network forbids fetching", {
      hint: "Leave --no-network out; the build itself needs no network",
    });
  }
  if (config.parents === "registry" && config.publicUrl === undefined) {
    throw new DevregError("USAGE", "Cannot keep parents at the registry: it has no address", {
      hint: "Give --public-url, or use --parents flatten",
    });
  }
}

/** Makes the maker of offline builds; its code is loaded only when it is wanted. */
export async function openOffline(
  config: Config,
  access: NetworkAccess,
  progress: StartProgress,
): Promise<NonNullable<GenerateOptions["offline"]>> {
  const { makeOffline } = await import("../../generator/offline/index.ts");
  const { publicUrl, gitBase, alsoKnownAs } = config;
  return (content) =>
    makeOffline(content, {
      parents: config.parents ?? (publicUrl === undefined ? "flatten" : "registry"),
      alsoKnownAs: alsoKnownAs.length === 0 ? KNOWN_AS : alsoKnownAs,
      ...(publicUrl === undefined ? {} : { publicUrl }),
      ...(gitBase === undefined ? {} : { gitBase }),
      openProject: access.openProject,
      icons: access.icons,
      fetchDevfile: access.fetchDevfile,
      progress,
    });
}
