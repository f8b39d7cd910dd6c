import {
  type HeaderFields,
  jsonReply,
  OCI_HEADERS,
  ociErrorReply,
  REVALIDATE,
} from "../http/index.ts";
import { cutPage, type Page, parsePageRequest } from "./paging.ts";

const itself = (text: string) => text;

/** Answers the tags of a repository. Spec: distribution-spec v1.1, Listing Tags. */
export async function answerTags(
  request: Request,
  name: string,
  gather: () => Promise<readonly string[]>,
): Promise<Response> {
  return answerListing(request, gather, (tags) => ({ name, tags }));
}

/** Answers the names of all repositories. Parity: /v2/_catalog of docker's registry. */
export async function answerCatalog(
  request: Request,
  gather: () => Promise<readonly string[]>,
): Promise<Response> {
  return answerListing(request, gather, (repositories) => ({ repositories }));
}

/** Headers of a listing page. */
export function listingHeaders(page: Page<unknown>): HeaderFields {
  const headers = { ...OCI_HEADERS, "cache-control": REVALIDATE };
  return page.link === undefined ? headers : { ...headers, link: page.link };
}

/** Refuses a page size that is none. */
export function pageRefused(request: Request): Response {
  const message = "n has to be a number of entries";
  return ociErrorReply(request, 400, "PAGINATION_NUMBER_INVALID", message);
}

async function answerListing(
  request: Request,
  gather: () => Promise<readonly string[]>,
  bodyOf: (entries: readonly string[]) => unknown,
): Promise<Response> {
  const wanted = parsePageRequest(request.url);
  if (wanted === undefined) return pageRefused(request);
  const page = cutPage(await gather(), itself, wanted, request.url);
  return jsonReply(request, bodyOf(page.items), { headers: listingHeaders(page) });
}
