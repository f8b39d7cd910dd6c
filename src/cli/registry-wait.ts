import { BACKOFF_CAP_MS, BACKOFF_MS } from "../limits.ts";
import type { Logger } from "../log.ts";
import { isTransient } from "../net/index.ts";
import type { RemoteRegistry } from "../oci-client/remote/index.ts";
import { type ProcessEdge, throwIfStopped } from "./edge.ts";

/**
 * Waits, with back-off, until a registry answers; a registry that answers "no" is up, and one whose
 * certificate is not trusted stays so.
 *
 * @throws {DevregError} NETWORK or TIMEOUT when it stays away for `waitMs`; ABORTED when stopped
 */
export async function waitForRegistry(
  edge: ProcessEdge,
  registry: Pick<RemoteRegistry, "ping">,
  waitMs: number,
  log: Logger,
): Promise<void> {
  const deadlineMs = edge.nowMs() + waitMs;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await registry.ping();
    } catch (error) {
      if (!isTransient(error) || edge.nowMs() >= deadlineMs) throw error;
      const leftMs = deadlineMs - edge.nowMs();
      const waitNowMs = Math.min(
        BACKOFF_MS * 2 ** Math.min(attempt, 10),
        BACKOFF_CAP_MS / 6,
        leftMs,
      );
      log.warn("the registry is not up yet", { error, retryInMs: Math.round(waitNowMs) });
      await edge.sleep(waitNowMs * (0.5 + edge.random() / 2), edge.stopped);
      throwIfStopped(edge);
    }
  }
}
