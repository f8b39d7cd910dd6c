import { DevregError } from "../../errors.ts";
import { SERVED_LISTING_ENTRIES, SERVED_PAGE_ENTRIES } from "../../limits.ts";
import { rawPath, rawQuery } from "../http/index.ts";

/** Which part of a sorted listing is asked for. */
export interface PageRequest {
  /** Most entries wanted; zero wants none. */
  readonly limit: number;
  /** The entry after which the page begins; it need not exist. */
  readonly last: string | undefined;
}

/** One page and, when there is more, the address of the next. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Value of the Link header. */
  readonly link: string | undefined;
}

/** Reads `n` and `last`; undefined when `n` is no number of entries. */
export function parsePageRequest(url: string): PageRequest | undefined {
  const searchParams = parametersOf(url);
  const count = searchParams.get("n");
  const last = searchParams.get("last") ?? undefined;
  if (count === null || count === "") return { limit: SERVED_PAGE_ENTRIES, last };
  if (!/^\d{1,9}$/.test(count)) return undefined;
  return { limit: Math.min(Number(count), SERVED_PAGE_ENTRIES), last };
}

/** Reads the query alone: the rest of an address holds what the client calls this host. */
export function parametersOf(url: string): URLSearchParams {
  return new URLSearchParams(rawQuery(url));
}

/**
 * Gathers a listing without repeats, sorted bytewise.
 *
 * @throws {DevregError} LIMIT_EXCEEDED; the reason of the signal
 */
export async function gatherSorted<Item>(
  items: AsyncIterable<Item>,
  keyOf: (item: Item) => string,
  signal?: AbortSignal,
): Promise<readonly Item[]> {
  const byKey = new Map<string, Item>();
  for await (const item of items) {
    signal?.throwIfAborted();
    if (byKey.size >= SERVED_LISTING_ENTRIES) {
      throw new DevregError("LIMIT_EXCEEDED", `Cannot list over ${SERVED_LISTING_ENTRIES} entries`);
    }
    byKey.set(keyOf(item), item);
  }
  // Names, tags and digests are ASCII, so the order of JavaScript is that of the bytes.
  const keys = [...byKey.keys()].sort();
  return keys.flatMap((key) => byKey.get(key) ?? []);
}

/**
 * Cuts a page out of a sorted listing.
 *
 * Spec: distribution-spec v1.1, Listing Tags. `n=0` gives nothing and no link.
 */
export function cutPage<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  request: PageRequest,
  url: string,
): Page<Item> {
  const { limit, last } = request;
  const begin = last === undefined ? 0 : items.findIndex((item) => keyOf(item) > last);
  const rest = begin < 0 ? [] : items.slice(begin);
  const page = rest.slice(0, limit);
  const end = page.at(-1);
  if (end === undefined || page.length === rest.length) return { items: page, link: undefined };
  const next = parametersOf(url);
  next.set("n", String(limit));
  next.set("last", keyOf(end));
  return { items: page, link: `<${rawPath(url)}?${next}>; rel="next"` };
}
