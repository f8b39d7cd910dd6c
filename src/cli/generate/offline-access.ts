import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DevregError } from "../../errors.ts";
import type { GenerateOptions } from "../../generator/index.ts";
import { ICON_BYTES, ICON_TIMEOUT_MS, YAML_BYTES } from "../../limits.ts";
import type { Logger } from "../../log.ts";
import type { Transport } from "../../net/index.ts";
import type { StartProgress } from "../../progress.ts";
import type { ProcessEdge } from "../edge.ts";
import type { FlagValues } from "../flag.ts";
import type { generateFlags } from "./flags.ts";

type Config = FlagValues<typeof generateFlags>;

/** The registry that devfiles name when their authors think of the public one. */
const KNOWN_AS = ["https://registry.devfile.io"];

/** A way to make offline builds, with connections and a folder of its own. */
export interface OfflineAccess {
  readonly makeOffline: NonNullable<GenerateOptions["offline"]>;
  close(): Promise<void>;
}

/**
 * Checks that the flags of an offline build go together.
 *
 * @throws {DevregError} USAGE
 */
export function checkOfflineFlags(config: Config): void {
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

/** Opens connections for an offline build; the code for it is loaded only when it is wanted. */
export async function openOfflineAccess(
  edge: ProcessEdge,
  config: Config,
  tools: { readonly log: Logger; readonly progress: StartProgress },
): Promise<OfflineAccess> {
  const [{ openPool }, net, fetch, { makeOffline }] = await Promise.all([
    import("../connect.ts"),
    import("../../net/index.ts"),
    import("../../generator/fetch/index.ts"),
    import("../../generator/offline/index.ts"),
  ]);
  const pool = await openPool(edge, config);
  const temporaryFolder = await mkdtemp(join(tmpdir(), "devreg-"));
  const signal = edge.stopped;
  const { log, progress } = tools;
  const deps = {
    send: pool.send,
    credentials: fetch.gitCredentialsFrom(edge.env),
    temporaryFolder,
    log,
    signal,
  };
  return {
    makeOffline: (content) =>
      makeOffline(content, {
        parents: config.parents ?? (config.publicUrl === undefined ? "flatten" : "registry"),
        alsoKnownAs: config.alsoKnownAs.length === 0 ? KNOWN_AS : config.alsoKnownAs,
        ...(config.publicUrl === undefined ? {} : { publicUrl: config.publicUrl }),
        ...(config.gitBase === undefined ? {} : { gitBase: config.gitBase }),
        openProject: (source) => fetch.openProject(source, deps),
        ...documentFetchers(net.fetchBytes, pool.send, signal),
        progress,
      }),
    close: async () => {
      await pool.close();
      await rm(temporaryFolder, { recursive: true, force: true });
    },
  };
}

type FetchBytes = typeof import("../../net/index.ts").fetchBytes;

function documentFetchers(fetchBytes: FetchBytes, send: Transport, signal: AbortSignal) {
  const fetcher = (limitBytes: number, accept: string, kind: string) => (url: URL) =>
    fetchBytes(send, url, {
      limitBytes,
      timeoutMs: ICON_TIMEOUT_MS,
      what: `${kind} ${url.href}`,
      accept,
      signal,
    });
  const fetchIcon = fetcher(ICON_BYTES, "image/*", "icon");
  return {
    icons: (url: string) => fetchIcon(new URL(url)),
    fetchDevfile: fetcher(YAML_BYTES, "*/*", "devfile"),
  };
}
