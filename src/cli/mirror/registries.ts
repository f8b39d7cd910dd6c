import type { Logger } from "../../log.ts";
import type { RegistryLocation } from "../../oci-client/index.ts";
import { createRemoteRegistry, type RemoteRegistry } from "../../oci-client/remote/index.ts";
import { openWay, type PoolConfig } from "../connect.ts";
import type { ProcessEdge } from "../edge.ts";

/** The registries that one command reaches: the sources of images, and a target. */
export interface Registries {
  /** Gives a registry of images by its host; the same host gives the same object. */
  source(host: string): RemoteRegistry;
  /** Gives the registry that is written to. */
  target(location: RegistryLocation): RemoteRegistry;
  close(): Promise<void>;
}

/** What it takes from the flags. */
export interface RegistriesConfig extends PoolConfig {
  readonly authfile?: string | undefined;
  readonly destCreds?: string | undefined;
  readonly trustedRealms: readonly string[];
  readonly plainHttp: readonly string[];
}

/**
 * Opens the way to registries; nothing is sent yet. Requests under way when the process is told to
 * stop may take `graceMs` more.
 *
 * @throws {DevregError} CONFIG_INVALID for unreadable certificate or credential files
 */
export async function openRegistries(
  edge: ProcessEdge,
  config: RegistriesConfig,
  log: Logger,
  graceMs: number,
): Promise<Registries> {
  const way = await openWay(edge, config, graceMs);
  const shared = way.credentials();
  const open = (location: RegistryLocation, credentials = shared) =>
    createRemoteRegistry({
      location,
      send: way.send,
      credentials,
      plainHttp: config.plainHttp.includes(location.registry),
      trustedRealms: config.trustedRealms,
      log,
      clock: way.clock,
    });
  const sources = new Map<string, RemoteRegistry>();
  return {
    source: (host) => {
      const known = sources.get(host) ?? open({ registry: host, prefix: "" });
      sources.set(host, known);
      return known;
    },
    target: (location) => open(location, way.credentials(config.destCreds)),
    close: way.close,
  };
}
