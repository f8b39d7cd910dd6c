import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { DevregError } from "../../errors.ts";
import {
  type Build,
  diffBuilds,
  type ResolveCommit,
  readBuild,
  readPublishedBuild,
} from "../../generator/index.ts";
import { STOP_GRACE_MS } from "../../limits.ts";
import { parseRegistryLocation, type RegistryLocation } from "../../oci-client/index.ts";
import type { ProcessEdge } from "../edge.ts";
import type { FlagValues } from "../flag.ts";
import { openRegistries } from "../mirror/registries.ts";
import type { NetworkAccess } from "../network.ts";
import type { generateFlags } from "./flags.ts";
import type { Tools } from "./image.ts";
import type { ComparedBuild } from "./render/index.ts";

type Config = FlagValues<typeof generateFlags>;

/** Compares a build with the one that `--diff` names. @throws {DevregError} as reading it does */
export type CompareBuild = (
  build: Build | undefined,
  access: NetworkAccess | undefined,
) => Promise<ComparedBuild>;

/**
 * Opens the build that `--diff` names, a folder or a registry that one was published to, so that the
 * work before comparing is not done in vain. Undefined without the flag.
 *
 * @throws {DevregError} USAGE; as reading the build does
 */
export async function openCompared(
  edge: ProcessEdge,
  config: Config,
  { log }: Tools,
): Promise<CompareBuild | undefined> {
  const { diff: against, format } = config;
  if (against === undefined) {
    if (format !== "markdown") return undefined;
    throw new DevregError("USAGE", "Cannot write Markdown: there is nothing to compare with", {
      hint: "Name an older build: --diff OLD_BUILD",
    });
  }
  const folder = resolve(edge.cwd, against);
  if (existsSync(folder)) {
    const before = await readBuild(folder);
    return async (build, access) => compare(against, before, build, access);
  }
  const location = readLocation(config, against);
  return async (build, access) => {
    if (build === undefined) return { against, diff: undefined };
    const registries = await openRegistries(edge, config, log, STOP_GRACE_MS);
    try {
      const before = await readPublishedBuild(registries.target(location));
      return await compare(against, before, build, access);
    } finally {
      await registries.close();
    }
  };
}

function readLocation({ noNetwork }: Config, against: string): RegistryLocation {
  const [host = ""] = against.split("/");
  if (!/[.:]/.test(host) || host.startsWith(".")) {
    throw new DevregError(
      "NOT_FOUND",
      `Cannot compare with "${against}": there is no such folder`,
      {
        hint: "Name a build, or the HOST[:PORT][/PREFIX] that one was published to",
      },
    );
  }
  if (noNetwork) {
    throw new DevregError("USAGE", `Cannot compare with "${against}": --no-network forbids it`, {
      hint: "Name a build on this machine",
    });
  }
  return parseRegistryLocation(against);
}

async function compare(
  against: string,
  before: Build,
  build: Build | undefined,
  access: NetworkAccess | undefined,
): Promise<ComparedBuild> {
  if (build === undefined) return { against, diff: undefined };
  return { against, diff: await diffBuilds(before, build, access && commitResolver(access)) };
}

/** What a server does not say stays unknown: the diff is about what was built. */
function commitResolver(access: NetworkAccess): ResolveCommit {
  return async (source) => {
    const { remoteOf } = await import("../../generator/fetch/index.ts");
    try {
      const revision = source.checkoutFrom?.revision;
      const at = revision === undefined ? {} : { revision };
      return await access.resolveRevision({ url: remoteOf(source), ...at });
    } catch (error) {
      if (!(error instanceof DevregError) || error.code === "ABORTED") throw error;
      return undefined;
    }
  };
}
