/**
 * Fetches a small text: a devfile, or a file beside one, that another registry, or any server, has.
 * Bounded in size and time by whoever makes it; the address given back is where it was in the end.
 */
export type FetchDevfile = (url: URL) => Promise<{ readonly bytes: Uint8Array; readonly url: URL }>;
