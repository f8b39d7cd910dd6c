import {
  STARTER_ANSWER_MS,
  STARTER_PROJECT_BYTES,
  STARTER_TIMEOUT_MS,
} from "../../../api-limits.ts";
import { DevregError } from "../../../errors.ts";
import type { FetchDeps, ProjectSource } from "../../../generator/fetch/index.ts";
import type { Logger } from "../../../log.ts";
import type { Transport } from "../../../net/index.ts";
import type { StarterFetcher } from "./starter-cache.ts";

/** What fetching for visitors needs. */
export interface StarterFetching {
  readonly send: Transport;
  readonly temporaryFolder: string;
  readonly log: Logger;
  /** Ends everything when the server stops. */
  readonly stopped: AbortSignal;
  /** Where this server is to be found, which decides where it may be sent. */
  readonly home: URL;
}

/** The code of fetching, loaded when the first project is asked for. */
export interface FetchingCode {
  readonly fetch: typeof import("../../../generator/fetch/index.ts");
  readonly net: typeof import("../../../net/index.ts");
}

/**
 * Makes what fetches starter projects for visitors. The author of a devfile chooses the address: it
 * may be outside or in our own network, but not this machine or its neighbours by link (cloud
 * metadata), however it is reached. No credentials are sent and no git program is run, so that
 * nobody gets through us what is not open to everybody.
 */
export function createStarterFetcher(
  { fetch, net }: FetchingCode,
  { send, temporaryFolder, log, stopped, home }: StarterFetching,
): StarterFetcher {
  const fenced: Transport = async (request) => {
    if (net.mayLeadTo(home, request.url)) {
      return await send({ headersTimeoutMs: STARTER_ANSWER_MS, ...request });
    }
    const message = `Cannot fetch from ${request.url.host}: starter projects do not lead there`;
    throw new DevregError("NETWORK", message);
  };
  const depsFor = (signal: AbortSignal): FetchDeps => ({
    send: fenced,
    temporaryFolder,
    log,
    signal: AbortSignal.any([signal, stopped]),
    timeoutMs: STARTER_TIMEOUT_MS,
    limitBytes: STARTER_PROJECT_BYTES,
  });
  return {
    hostOf: (source) => {
      const address = source.kind === "git" ? fetch.remoteOf(source) : source.location;
      // Other forms, such as those of ssh, are refused before anything is asked for.
      return URL.parse(address)?.host ?? "";
    },
    fetch: async (source, signal) => {
      const deps = depsFor(signal);
      const { tree, provenance } = await fetch.fetchProject(source, deps);
      const commit = provenance.kind === "git" ? provenance.commit : undefined;
      return { zip: await fetch.zipTreeInTurns(tree, deps.signal), commit };
    },
    resolve: async (source: ProjectSource, signal) =>
      source.kind === "git"
        ? fetch.resolveRevision(
            fetch.remoteOf(source),
            source.checkoutFrom?.revision,
            depsFor(signal),
          )
        : undefined,
  };
}
