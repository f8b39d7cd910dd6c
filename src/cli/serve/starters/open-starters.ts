import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { makeFolder } from "../../../atomic-file.ts";
import { describeError } from "../../../errors.ts";
import type { Logger } from "../../../log.ts";
import type { StarterSource } from "../../../server/index.ts";
import type { ProcessEdge } from "../../edge.ts";
import type { ServeConfig } from "../modes.ts";
import { FolderArchiveStore, MemoryArchiveStore } from "./archive-store.ts";
import { createStarterFetcher } from "./fetch-starter.ts";
import { StarterCache, type StarterCacheParts } from "./starter-cache.ts";
import { StarterRecords } from "./starter-records.ts";

/** A folder in memory that most systems have, for where no other can be written. */
const MEMORY_FOLDER = "/dev/shm";
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|::1)$/;

/** What fetching starter projects needs of the flags of `serve`. */
export type StarterConfig = Pick<
  ServeConfig,
  "caFile" | "dataDir" | "listen" | "noNetwork" | "publicUrl" | "trustedProxies"
>;

/**
 * Prepares to fetch starter projects that a build does not carry; nothing is loaded or sent before
 * one is asked for. Undefined where nothing is to be fetched.
 */
export function openStarters(
  edge: ProcessEdge,
  config: StarterConfig,
  log: Logger,
  closing: AsyncDisposableStack,
): StarterSource | undefined {
  if (config.noNetwork) return undefined;
  let opened: Promise<StarterSource> | undefined;
  return {
    open: async (request, signal) => {
      opened ??= openCache(edge, config, log, closing);
      // What failed to open, such as a file of certificates, may be mended meanwhile.
      opened.catch(() => {
        opened = undefined;
      });
      return await (await opened).open(request, signal);
    },
  };
}

async function openCache(
  edge: ProcessEdge,
  config: StarterConfig,
  log: Logger,
  closing: AsyncDisposableStack,
): Promise<StarterSource> {
  const { caFile, dataDir } = config;
  const [{ openPool }, net, fetch] = await Promise.all([
    import("../../connect.ts"),
    import("../../../net/index.ts"),
    import("../../../generator/fetch/index.ts"),
  ]);
  const home = new URL(isForThisMachine(config) ? "http://localhost" : "http://server.lan");
  const pool = await openPool(edge, {
    caFile,
    mayConnect: (address) => net.mayReach(home, address),
  });
  closing.defer(() => pool.close());
  const folder = await openFolder(dataDir && resolve(edge.cwd, dataDir), closing);
  const temporaryFolder = join(folder ?? tmpdir(), "fetching");
  const { send } = pool;
  const parts = { send, temporaryFolder, log, stopped: edge.stopped, home };
  const fetcher = createStarterFetcher({ fetch, net }, parts);
  const stores = await openStores(folder, log);
  return new StarterCache({ fetcher, ...stores, log, nowMs: edge.nowMs, sleep: edge.sleep });
}

/** A server that only this machine reaches, unless a proxy stands in front, may reach this machine. */
function isForThisMachine({ listen, publicUrl, trustedProxies }: StarterConfig): boolean {
  const isOutside = publicUrl !== undefined && !LOOPBACK.test(new URL(publicUrl).hostname);
  return LOOPBACK.test(listen.hostname) && !isOutside && trustedProxies.length === 0;
}

/** Gives the first folder that can be written: the data folder's, a temporary one, one in memory. */
async function openFolder(
  dataDir: string | undefined,
  closing: AsyncDisposableStack,
): Promise<string | undefined> {
  if (dataDir !== undefined) {
    const folder = join(dataDir, "starters");
    if (await isUsable(() => makeFolder(folder))) return folder;
  }
  for (const parent of [tmpdir(), MEMORY_FOLDER]) {
    let folder: string | undefined;
    const usable = await isUsable(async () => {
      folder = await mkdtemp(join(parent, "devreg-starters-"));
    });
    if (!usable || folder === undefined) continue;
    const made = folder;
    closing.defer(() => rm(made, { recursive: true, force: true }));
    return made;
  }
  return undefined;
}

/** What cannot be written, as below a read-only root, is an answer here. */
async function isUsable(make: () => Promise<unknown>): Promise<boolean> {
  try {
    await make();
    return true;
  } catch {
    return false;
  }
}

/** Folders in memory are no place to keep things: what is in them counts as ours. */
async function openStores(
  folder: string | undefined,
  log: Logger,
): Promise<Pick<StarterCacheParts, "store" | "records">> {
  if (folder === undefined || folder.startsWith(MEMORY_FOLDER)) {
    return { store: new MemoryArchiveStore() };
  }
  try {
    const store = await FolderArchiveStore.open(join(folder, "archives"));
    return { store, records: await StarterRecords.open(join(folder, "known")) };
  } catch (error) {
    log.warn("starter projects are kept in memory", { error: describeError(error) });
    return { store: new MemoryArchiveStore() };
  }
}
