import { readAll } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";
import { LISTED_ENTRIES, PAGE_BYTES, PAGES } from "../../limits.ts";
import type { HttpResponse } from "../../net/index.ts";
import { nextLink } from "./link-header.ts";
import type { RegistryClient } from "./registry-client.ts";
import { responseError } from "./response-error.ts";

/** One listing: where it starts and how its pages are read. */
export interface Listing<Entry> {
  /** Completes "Cannot …": "list tags of devfile-catalog/go". */
  readonly what: string;
  readonly first: URL;
  readonly accept?: string;
  readonly signal?: AbortSignal | undefined;
  /** Reads the entries of one page. */
  readonly parse: (bytes: Uint8Array, response: HttpResponse) => readonly Entry[];
}

/**
 * Gives the first answer of a listing on, page by page, following Link rel=next on the registry's
 * own origin alone.
 *
 * @throws {DevregError} REGISTRY_RESPONSE for a link that leads elsewhere or back, LIMIT_EXCEEDED
 *   for pages or entries without end
 */
export async function* listPages<Entry>(
  client: RegistryClient,
  listing: Listing<Entry>,
  first?: HttpResponse,
): AsyncGenerator<Entry> {
  const seen = new Set<string>();
  let entries = 0;
  let url: URL | undefined = listing.first;
  let response = first;
  while (url !== undefined) {
    if (seen.size >= PAGES) throw endless(listing.what, `over ${PAGES} pages`);
    seen.add(url.href);
    response ??= await askPage(client, listing, url);
    if (response.status !== 200) throw await responseError(response, "GET", listing.what);
    const page = listing.parse(await readAll(response.body, PAGE_BYTES, listing.what), response);
    entries += page.length;
    if (entries > LISTED_ENTRIES) throw endless(listing.what, `over ${LISTED_ENTRIES} entries`);
    yield* page;
    url = nextPage(client, listing.what, url, response, seen);
    response = undefined;
  }
}

/** Asks for one page, whatever the answer. */
export function askPage<Entry>(
  client: RegistryClient,
  listing: Listing<Entry>,
  url = listing.first,
): Promise<HttpResponse> {
  const { accept = "application/json", signal } = listing;
  const headers = { accept };
  return client.send({ method: "GET", url, headers, ...(signal === undefined ? {} : { signal }) });
}

function nextPage(
  client: RegistryClient,
  what: string,
  current: URL,
  response: HttpResponse,
  seen: ReadonlySet<string>,
): URL | undefined {
  const link = nextLink(response.headerValues("link"));
  if (link === undefined) return undefined;
  const url = URL.parse(link, current.href);
  if (url === null || !client.endpoint.covers(url)) {
    throw wrongLink(what, `its next page is at another origin (${url?.host ?? "no address"})`);
  }
  if (seen.has(url.href)) throw wrongLink(what, "its pages lead in a circle");
  return url;
}

function wrongLink(what: string, state: string): DevregError {
  return new DevregError("REGISTRY_RESPONSE", `Cannot ${what}: ${state}`);
}

function endless(what: string, state: string): DevregError {
  return new DevregError("LIMIT_EXCEEDED", `Cannot ${what}: ${state}`);
}
