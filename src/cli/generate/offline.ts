import { DevregError } from "../../errors.ts";
import {
  type GenerateOptions,
  PUBLIC_REGISTRIES,
  type RecordableDeps,
} from "../../generator/index.ts";
import type { StartProgress } from "../../progress.ts";
import type { FlagValues } from "../flag.ts";
import type { generateFlags } from "./flags.ts";

type Config = FlagValues<typeof generateFlags>;
/** The flags that say what an offline build is to be like. */
export type OfflineConfig = Pick<Config, "publicUrl" | "parents" | "alsoKnownAs" | "gitBase">;

/**
 * Checks that the flags of an offline build go together.
 *
 * @throws {DevregError} USAGE
 */
export function checkOfflineFlags(
  config: OfflineConfig & Pick<Config, "offline" | "noNetwork">,
): void {
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
  config: OfflineConfig,
  access: RecordableDeps,
  progress: StartProgress,
): Promise<NonNullable<GenerateOptions["offline"]>> {
  const { makeOffline } = await import("../../generator/offline/index.ts");
  const { publicUrl, gitBase, alsoKnownAs } = config;
  return (content) =>
    makeOffline(content, {
      parents: config.parents ?? (publicUrl === undefined ? "flatten" : "registry"),
      alsoKnownAs: namesOfRegistry({ alsoKnownAs }),
      ...(publicUrl === undefined ? {} : { publicUrl }),
      ...(gitBase === undefined ? {} : { gitBase }),
      openProject: access.openProject,
      icons: access.icons,
      fetchDevfile: access.fetchDevfile,
      progress,
    });
}

/** Gives the addresses by which devfiles know this registry, beside its public one. */
export function namesOfRegistry({ alsoKnownAs }: Pick<Config, "alsoKnownAs">): readonly string[] {
  return alsoKnownAs.length === 0 ? PUBLIC_REGISTRIES : alsoKnownAs;
}
