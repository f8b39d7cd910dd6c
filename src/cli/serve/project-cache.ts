import type { FetchedProject } from "../../generator/fetch/index.ts";
import type { OpenProject } from "../../generator/index.ts";
import { FETCH_RETRY_MS, PROJECT_CACHE_BYTES } from "../../limits.ts";

interface Remembered {
  readonly atMs: number;
  readonly flight: Promise<FetchedProject>;
  failed: boolean;
}

/**
 * Remembers projects between two readings of the same repository, as long as they are small: what was
 * fetched for as long as the process lives, what failed for five minutes, so that a save in an editor
 * costs no requests.
 */
export function cacheProjects(open: OpenProject, nowMs: () => number): OpenProject {
  const known = new Map<string, Remembered>();
  let leftBytes = PROJECT_CACHE_BYTES;
  const remember = (key: string, flight: Promise<FetchedProject>) => {
    const entry: Remembered = { atMs: nowMs(), flight, failed: false };
    known.set(key, entry);
    flight.then(
      ({ tree }) => {
        if (tree.totalBytes > leftBytes) known.delete(key);
        else leftBytes -= tree.totalBytes;
      },
      () => {
        entry.failed = true;
      },
    );
    return flight;
  };
  return async (source) => {
    const { subDir: _, ...whole } = source;
    let opened: ReturnType<OpenProject> | undefined;
    const read = async (subDir: string | undefined) => {
      opened ??= open(source);
      return await (await opened).read(subDir);
    };
    return {
      read: (subDir) => {
        const key = JSON.stringify([whole, subDir]);
        const entry = known.get(key);
        const stale = entry?.failed === true && nowMs() - entry.atMs > FETCH_RETRY_MS;
        return entry === undefined || stale ? remember(key, read(subDir)) : entry.flight;
      },
      // What could not be opened has nothing to close, and was reported to who read it.
      close: async () => (await opened?.catch(() => undefined))?.close(),
    };
  };
}
