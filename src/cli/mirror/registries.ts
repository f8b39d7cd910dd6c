import { resolve } from "node:path";
import type { Logger } from "../../log.ts";
import type { RegistryLocation } from "../../oci-client/index.ts";
import {
  createRemoteRegistry,
  loadCredentials,
  type RemoteRegistry,
} from "../../oci-client/remote/index.ts";
import { openPool, type PoolConfig, readOptional, runHelper, withSignal } from "../connect.ts";
import { type ProcessEdge, patience } from "../edge.ts";

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
  const pool = await openPool(edge, config);
  const broken = patience(edge, graceMs);
  const send = withSignal(pool.send, broken);
  const clock = {
    nowMs: edge.nowMs,
    random: edge.random,
    sleep: (ms: number, signal?: AbortSignal) =>
      edge.sleep(ms, signal ? AbortSignal.any([signal, broken]) : broken),
  };
  const credentials = (flag?: string) =>
    loadCredentials({
      flag,
      authFile: config.authfile,
      env: edge.env,
      homeDir: edge.home,
      readFile: (path) => readOptional(resolve(edge.cwd, path)),
      runHelper,
    });
  const shared = credentials();
  const open = (location: RegistryLocation, own = shared) =>
    createRemoteRegistry({
      location,
      send,
      credentials: own,
      plainHttp: config.plainHttp.includes(location.registry),
      trustedRealms: config.trustedRealms,
      log,
      clock,
    });
  const sources = new Map<string, RemoteRegistry>();
  return {
    source: (host) => {
      const known = sources.get(host) ?? open({ registry: host, prefix: "" });
      sources.set(host, known);
      return known;
    },
    target: (location) => open(location, credentials(config.destCreds)),
    close: () => pool.close(),
  };
}
