import { DevregError } from "../../errors.ts";
import type { Outside } from "../../generator/index.ts";
import { STOP_GRACE_MS } from "../../limits.ts";
import { parseReference, platformName, readPlatforms } from "../../oci-client/index.ts";
import type { ProcessEdge } from "../edge.ts";
import type { FlagValues } from "../flag.ts";
import { openRegistries, type Registries } from "../mirror/registries.ts";
import type { NetworkAccess } from "../network.ts";
import type { generateFlags } from "./flags.ts";
import type { Tools } from "./image.ts";

type Config = FlagValues<typeof generateFlags>;

/** What `--online` asks, until it is closed. */
export interface OpenedOutside {
  readonly outside: Outside;
  close(): Promise<void>;
}

/** Checks that `--online` may ask. @throws {DevregError} USAGE */
export function checkOnlineFlags({ online, noNetwork }: Config): void {
  if (!online || !noNetwork) return;
  throw new DevregError("USAGE", "Cannot ask registries: --no-network forbids it", {
    hint: "Leave one of --online and --no-network out",
  });
}

/**
 * Opens the way to what `--online` asks: registries with the credentials that other commands use,
 * git servers and archives. Undefined without the flag; nothing is sent by this.
 *
 * @throws {DevregError} CONFIG_INVALID for unreadable certificate or credential files
 */
export async function openOutside(
  edge: ProcessEdge,
  config: Config,
  access: NetworkAccess | undefined,
  { log }: Tools,
): Promise<OpenedOutside | undefined> {
  if (!config.online || access === undefined) return undefined;
  const registries = await openRegistries(edge, config, log, STOP_GRACE_MS);
  const { checkRevision, checkArchive } = access;
  return {
    outside: { findImage: imageFinder(registries), checkRevision, checkArchive },
    close: () => registries.close(),
  };
}

function imageFinder(registries: Registries): Outside["findImage"] {
  return async (image, withPlatforms) => {
    const { registry, repository, tag = "latest", digest } = parseReference(image);
    const source = registries.source(registry).repository(repository);
    const root = await source.resolve(digest ?? tag);
    if (root === undefined) return undefined;
    return withPlatforms ? (await readPlatforms(source, root)).map(platformName) : [];
  };
}
