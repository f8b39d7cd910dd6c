import {
  FolderStackSource,
  type GenerateOptions,
  type GenerateResult,
  generate,
  type IconFetcher,
  readGitHistory,
} from "../generator/index.ts";
import { ICON_BYTES, ICON_TIMEOUT_MS } from "../limits.ts";
import type { Logger } from "../log.ts";
import type { StartProgress } from "../progress.ts";
import type { ProcessEdge } from "./edge.ts";

/** How a registry repository is turned into a build. */
export interface RepositoryOptions {
  readonly force: boolean;
  /** False opens no socket. */
  readonly network: boolean;
  /** Path of PEM certificates to trust beside the built-in ones. */
  readonly caFile?: string | undefined;
  /** Fetches icons in place of connections of its own; closing it is the caller's. */
  readonly icons?: IconFetcher;
  /** Makes the build one for a network without a way out. */
  readonly offline?: GenerateOptions["offline"];
  readonly log: Logger;
  readonly progress: StartProgress;
}

/**
 * Generates a build in memory from a folder.
 *
 * @throws {DevregError} INPUT_INVALID or NOT_FOUND when the folder is no registry repository
 */
export async function generateFrom(
  edge: ProcessEdge,
  folder: string,
  options: RepositoryOptions,
): Promise<GenerateResult> {
  const own = options.network && options.icons === undefined;
  const opened = own ? await openIconFetcher(edge, options.caFile) : undefined;
  const icons = options.network ? (options.icons ?? opened?.fetch) : undefined;
  try {
    return await generate({
      sources: [
        {
          files: new FolderStackSource(folder),
          url: folder,
          history: (folders) => readGitHistory(folder, folders, { signal: edge.stopped }),
        },
      ],
      force: options.force,
      ...(icons === undefined ? {} : { icons }),
      ...(options.offline === undefined ? {} : { offline: options.offline }),
      toolVersion: edge.tool.version,
      log: options.log,
      progress: options.progress,
    });
  } finally {
    await opened?.close();
  }
}

/** A fetcher of icons over connections of its own. */
export interface IconConnection {
  readonly fetch: IconFetcher;
  close(): Promise<void>;
}

/** Opens connections for icons; the network code is loaded only when it is wanted. */
export async function openIconFetcher(
  edge: ProcessEdge,
  caFile: string | undefined,
): Promise<IconConnection> {
  const [{ openPool }, { fetchBytes }] = await Promise.all([
    import("./connect.ts"),
    import("../net/index.ts"),
  ]);
  const pool = await openPool(edge, { caFile });
  return {
    fetch: (url) =>
      fetchBytes(pool.send, new URL(url), {
        limitBytes: ICON_BYTES,
        timeoutMs: ICON_TIMEOUT_MS,
        what: `icon ${url}`,
        accept: "image/*",
        signal: edge.stopped,
      }),
    close: () => pool.close(),
  };
}
