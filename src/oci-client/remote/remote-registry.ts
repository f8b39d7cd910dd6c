import { DevregError } from "../../errors.ts";
import type { HashThread } from "../../hash-thread.ts";
import { PAGE_ENTRIES, REGISTRY_CONCURRENCY, REMEMBERED_ENTRIES } from "../../limits.ts";
import type { Logger } from "../../log.ts";
import type { Transport } from "../../net/index.ts";
import type { BlobMounter, BlobRestorer, Registry, Repository } from "../content.ts";
import { isRepositoryName, type RegistryLocation, repositoryAt } from "../reference.ts";
import { BoundedMap } from "./bounded-map.ts";
import type { Clock } from "./clock.ts";
import type { CredentialSource } from "./credential.ts";
import { listPages } from "./listing.ts";
import { parseCatalog } from "./name-list.ts";
import { createClient, type RegistryClient } from "./registry-client.ts";
import { RemoteRepository } from "./remote-repository.ts";
import { responseError } from "./response-error.ts";

/** Where a registry is and what is used to talk to it. */
export interface RemoteOptions {
  readonly location: RegistryLocation;
  readonly send: Transport;
  readonly credentials: CredentialSource;
  /** Speaks http to it; loopback hosts do without it unless they turn out to speak TLS. */
  readonly plainHttp?: boolean;
  /** Token servers ("auth.example:8443") that may have the credentials though on another site. */
  readonly trustedRealms?: readonly string[];
  readonly log: Logger;
  readonly clock: Clock;
  /** How many requests are under way at once. */
  readonly concurrency?: number;
  /** Hashes long blobs while they are passed on. Default: they are hashed in between. */
  readonly hashThread?: HashThread;
}

/**
 * Repositories of a remote registry; their names are kept below the location's prefix, which is
 * added to requests and taken off listings.
 */
export interface RemoteRegistry extends Registry {
  /**
   * Asks whether the registry is there and lets us in.
   *
   * @throws {DevregError} NETWORK, TIMEOUT, UNAUTHORIZED, NOT_FOUND, REGISTRY_RESPONSE
   */
  ping(): Promise<void>;
  repository(name: string): Repository & BlobMounter & BlobRestorer;
}

/**
 * Makes a client of a registry. Nothing is sent before something is asked for.
 *
 * @throws {DevregError} CONFIG_INVALID when the location is no host
 */
export function createRemoteRegistry(options: RemoteOptions): RemoteRegistry {
  const { location, send, credentials, log, clock } = options;
  const client = createClient({
    registry: location.registry,
    send,
    credentials,
    plainHttp: options.plainHttp ?? false,
    trustedRealms: options.trustedRealms ?? [],
    concurrency: options.concurrency ?? REGISTRY_CONCURRENCY,
    clock,
    log,
    hashThread: options.hashThread,
  });
  const fullName = (name: string) => checkName(repositoryAt(location, name));
  // The same name gives the same object, so that copies know they go to one place.
  const repositories = new BoundedMap<string, RemoteRepository>(REMEMBERED_ENTRIES);
  return {
    ping: () => ping(client),
    repositories: (signal) => listRepositories(client, location.prefix, signal),
    repository: (name) => {
      const known = repositories.get(name) ?? new RemoteRepository(client, name, fullName);
      repositories.set(name, known);
      return known;
    },
  };
}

async function ping(client: RegistryClient): Promise<void> {
  const response = await client.send({ method: "GET", url: client.endpoint.url("/v2/") });
  if (response.status !== 200) throw await responseError(response, "GET", "talk to the registry");
  await response.discard();
}

async function* listRepositories(
  client: RegistryClient,
  prefix: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  const names = listPages(client, {
    what: "list repositories",
    first: client.endpoint.url("/v2/_catalog", { n: String(PAGE_ENTRIES) }),
    parse: parseCatalog,
    signal,
  });
  const start = prefix === "" ? "" : `${prefix}/`;
  for await (const name of names) {
    if (name.startsWith(start) && isRepositoryName(name)) yield name.slice(start.length);
  }
}

function checkName(name: string): string {
  if (isRepositoryName(name)) return name;
  throw new DevregError(
    "INPUT_INVALID",
    `Cannot use repository "${name.slice(0, 300)}": not a name`,
  );
}
