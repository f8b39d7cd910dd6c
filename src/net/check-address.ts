import { type FetchBytesOptions, unexpected } from "./fetch-bytes.ts";
import type { Transport } from "./http.ts";
import { redirecting } from "./redirect.ts";

/** Servers answer so when they know GET alone. */
const ONLY_GET: readonly number[] = [403, 405, 501];

/**
 * Asks whether there is something at an address, without fetching it; redirects that are safe to
 * follow are followed.
 *
 * @throws {DevregError} NOT_FOUND, UNAUTHORIZED or NETWORK by status; TIMEOUT
 */
export async function checkAddress(
  send: Transport,
  url: URL,
  options: Pick<FetchBytesOptions, "timeoutMs" | "what" | "signal">,
): Promise<void> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  const ask = async (method: string) => {
    const response = await redirecting(send)({ method, url, signal });
    await response.discard();
    return response.status;
  };
  let status = await ask("HEAD");
  if (ONLY_GET.includes(status)) status = await ask("GET");
  if (status !== 200) throw unexpected(options.what, status);
}
