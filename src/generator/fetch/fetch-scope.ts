import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { ioError, makeFolder } from "../../atomic-file.ts";
import { DevregError } from "../../errors.ts";
import { FETCH_TIMEOUT_MS } from "../../limits.ts";
import type { FetchDeps } from "./project.ts";

/** What one fetch has for itself: a folder, and a signal that ends it in time. */
export interface FetchScope extends FetchDeps {
  /** Empty at first. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Removes the folder. */
  close(): Promise<void>;
}

/** Opens the scope of one fetch. @throws {DevregError} IO */
export async function openScope(deps: FetchDeps): Promise<FetchScope> {
  const timeout = AbortSignal.timeout(deps.timeoutMs ?? FETCH_TIMEOUT_MS);
  await makeFolder(deps.temporaryFolder);
  try {
    const folder = await mkdtemp(join(deps.temporaryFolder, "fetch-"));
    return {
      ...deps,
      folder,
      signal: deps.signal === undefined ? timeout : AbortSignal.any([deps.signal, timeout]),
      close: () => rm(folder, { recursive: true, force: true }),
    };
  } catch (error) {
    throw ioError("make folder in", deps.temporaryFolder, error);
  }
}

/** Ends work that goes on without the network. @throws {DevregError} ABORTED, TIMEOUT */
function throwIfStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  const { reason } = signal;
  if (reason instanceof DevregError) throw reason;
  const late = reason instanceof Error && reason.name === "TimeoutError";
  if (late) throw new DevregError("TIMEOUT", "Cannot finish fetching: it took too long");
  throw new DevregError("ABORTED", "Cannot finish fetching: it was interrupted");
}

/**
 * Lets others have a turn amid work that does not wait. A timer does it, because Bun may run no
 * immediates while something waits in step for a promise, as its test runner does.
 *
 * @throws {DevregError} ABORTED, TIMEOUT
 */
export async function takeTurn(signal: AbortSignal | undefined): Promise<void> {
  await setTimeout(0);
  throwIfStopped(signal);
}
