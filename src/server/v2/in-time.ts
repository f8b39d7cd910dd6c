import { DevregError } from "../../errors.ts";

/**
 * Gives what work comes to within a time; the signal that it gets tells it that the visitor left or
 * that the time is over. What it opened is read by the same signal, which only the visitor ends then.
 *
 * @throws {DevregError} TIMEOUT when it takes longer; whatever the work throws
 */
export async function inTime<Value>(
  visitor: AbortSignal,
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const stop = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const error = new DevregError("TIMEOUT", "Cannot answer in time: the registry behind is slow");
    late.reject(error);
    stop.abort(error);
  }, timeoutMs);
  try {
    return await Promise.race([work(AbortSignal.any([visitor, stop.signal])), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
