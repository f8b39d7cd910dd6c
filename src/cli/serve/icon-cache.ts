import type { IconFetcher } from "../../generator/index.ts";
import { FETCH_RETRY_MS } from "../../limits.ts";

type Fetched = Awaited<ReturnType<IconFetcher>>;

/**
 * Remembers icons between two readings of the same repository: what was fetched for as long as the
 * process lives, what failed for five minutes, so that a save in an editor costs no requests.
 */
export function cacheIcons(fetch: IconFetcher, nowMs: () => number): IconFetcher {
  const known = new Map<string, { readonly atMs: number; readonly flight: Promise<Fetched> }>();
  const failed = new Set<string>();
  return (url) => {
    const cached = known.get(url);
    if (cached !== undefined && !(failed.has(url) && nowMs() - cached.atMs > FETCH_RETRY_MS)) {
      return cached.flight;
    }
    const flight = fetch(url);
    failed.delete(url);
    flight.catch(() => failed.add(url));
    known.set(url, { atMs: nowMs(), flight });
    return flight;
  };
}
