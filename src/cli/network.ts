import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ioError } from "../atomic-file.ts";
import type {
  CommitHistory,
  FetchDeps,
  FetchedRepository,
  GitBase,
  GitLocation,
} from "../generator/fetch/index.ts";
import { type IconFetcher, type OpenProject, openFetchCache } from "../generator/index.ts";
import { ICON_BYTES, ICON_TIMEOUT_MS, YAML_BYTES } from "../limits.ts";
import type { Logger } from "../log.ts";
import type { FetchedBytes } from "../net/index.ts";
import type { ProcessEdge } from "./edge.ts";

/** What commands fetch from outside, each thing bounded in size and time. */
export interface NetworkAccess {
  readonly icons: IconFetcher;
  readonly fetchDevfile: (url: URL) => Promise<FetchedBytes>;
  readonly openProject: OpenProject;
  /**
   * Fetches a registry repository into a folder; closing it is the caller's. With an earlier fetch
   * of it that is open still, only what is new.
   */
  readonly fetchRepository: (location: GitLocation, base?: GitBase) => Promise<FetchedRepository>;
  /** Asks what a revision stands at, as `resolveRevision` does; nothing is fetched for a branch. */
  readonly resolveRevision: (location: GitLocation) => Promise<string>;
  /** Asks whether a repository has a revision, as `checkRevision` does. */
  readonly checkRevision: (location: GitLocation) => Promise<void>;
  /** Asks whether there is something at an address, as `checkAddress` does. */
  readonly checkArchive: (url: URL) => Promise<void>;
  /** Fetches what a revision and further commits lead back to, as `fetchCommitHistory` does. */
  readonly fetchHistory: (
    location: GitLocation,
    commits: readonly string[],
  ) => Promise<CommitHistory>;
}

/** The way to what lies outside; its code is loaded only when it is wanted. */
export interface Network {
  /**
   * Gives what can be fetched; nothing is sent by this.
   *
   * @throws {DevregError} CONFIG_INVALID for unreadable certificates; IO for an unusable cache
   */
  open(): Promise<NetworkAccess>;
  /** Closes connections and removes what was kept on disk for the time being. */
  close(): Promise<void>;
}

/** What a network needs from a command's flags. */
export interface NetworkConfig {
  /** Path of PEM certificates to trust beside the built-in ones. */
  readonly caFile?: string | undefined;
  /** A folder for packs and archives that outlives the run. */
  readonly cacheDir?: string | undefined;
}

/** Makes the way to what lies outside. */
export function createNetwork(edge: ProcessEdge, config: NetworkConfig, log: Logger): Network {
  const closing = new AsyncDisposableStack();
  let opened: Promise<NetworkAccess> | undefined;
  return {
    open: () => {
      opened ??= openAccess(edge, config, log, closing);
      return opened;
    },
    close: () => closing.disposeAsync(),
  };
}

async function openAccess(
  edge: ProcessEdge,
  config: NetworkConfig,
  log: Logger,
  closing: AsyncDisposableStack,
): Promise<NetworkAccess> {
  const [{ openPool }, { checkAddress, fetchBytes, networkOf }, fetch, { findGit }] =
    await Promise.all([
      import("./connect.ts"),
      import("../net/index.ts"),
      import("../generator/fetch/index.ts"),
      import("./run-git.ts"),
    ]);
  const pool = await openPool(edge, {
    caFile: config.caFile,
    // Authors name these addresses; what a cloud tells its machines is not for publishing.
    mayConnect: (address) => networkOf(address) !== "link-local",
  });
  closing.defer(() => pool.close());
  const { cacheDir } = config;
  const cached =
    cacheDir === undefined
      ? undefined
      : await openFetchCache(resolve(edge.cwd, cacheDir), edge.now);
  const send = cached === undefined ? pool.send : cached(pool.send);
  const runGit = findGit(edge);
  const temporaryFolder = onDemand(() => openTemporaryFolder(closing));
  const credentials = fetch.gitCredentialsFrom(edge.env);
  const deps = async (): Promise<FetchDeps> => ({
    send,
    credentials,
    temporaryFolder: await temporaryFolder(),
    log,
    signal: edge.stopped,
    ...(runGit === undefined ? {} : { runGit }),
  });
  const fetcher = (kind: string, limitBytes: number, accept: string) => (url: URL) =>
    fetchBytes(send, url, {
      limitBytes,
      timeoutMs: ICON_TIMEOUT_MS,
      what: `${kind} ${url.href}`,
      accept,
      signal: edge.stopped,
    });
  const fetchIcon = fetcher("icon", ICON_BYTES, "image/*");
  return {
    icons: (url) => fetchIcon(new URL(url)),
    fetchDevfile: fetcher("devfile", YAML_BYTES, "*/*"),
    openProject: async (source) => fetch.openProject(source, await deps()),
    fetchRepository: async ({ url, revision }, base) =>
      fetch.fetchRepository(url, revision, await deps(), { base }),
    resolveRevision: async ({ url, revision }) =>
      fetch.resolveRevision(url, revision, await deps()),
    checkRevision: async ({ url, revision }) => fetch.checkRevision(url, revision, await deps()),
    checkArchive: (url) =>
      checkAddress(send, url, {
        timeoutMs: ICON_TIMEOUT_MS,
        what: `"${url.href}"`,
        signal: edge.stopped,
      }),
    fetchHistory: async ({ url, revision }, commits) =>
      fetch.fetchCommitHistory(url, revision, commits, await deps()),
  };
}

/** Private to the user: what is fetched may be. @throws {DevregError} IO */
async function openTemporaryFolder(closing: AsyncDisposableStack): Promise<string> {
  try {
    const folder = await mkdtemp(join(tmpdir(), "devreg-"));
    closing.defer(() => rm(folder, { recursive: true, force: true }));
    return folder;
  } catch (error) {
    throw ioError("make folder in", tmpdir(), error);
  }
}

function onDemand<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
