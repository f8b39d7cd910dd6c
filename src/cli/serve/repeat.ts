import { LOOK_AGAIN_MS, LOOK_BACKOFF } from "../../update-limits.ts";
import type { ProcessEdge } from "../edge.ts";

/**
 * Does something again and again until the signal aborts, a quarter of the interval earlier or later
 * each time, so that replicas do not ask all at once. While it fails the interval doubles, up to a
 * bound. Time is monotonic: setting the clock changes nothing.
 *
 * @param task gives whether all is well; called first when an interval has passed
 * @param pausing told before each pause how long it is
 */
export async function repeat(
  edge: Pick<ProcessEdge, "random" | "sleep">,
  everyMs: number,
  signal: AbortSignal,
  task: () => Promise<boolean>,
  pausing?: (pauseMs: number) => void,
): Promise<void> {
  for (let factor = 1; !signal.aborted; ) {
    const pauseMs = Math.max(LOOK_AGAIN_MS, everyMs * factor * (0.75 + edge.random() / 2));
    pausing?.(pauseMs);
    await edge.sleep(pauseMs, signal);
    if (signal.aborted) return;
    factor = (await task()) ? 1 : Math.min(LOOK_BACKOFF, factor * 2);
  }
}
