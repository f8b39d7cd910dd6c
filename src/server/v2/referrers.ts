import { utf8 } from "../../bytes.ts";
import { type Descriptor, OCI_INDEX } from "../../oci-client/index.ts";
import { reply } from "../http/index.ts";
import { listingHeaders, pageRefused } from "./listings.ts";
import { cutPage, parametersOf, parsePageRequest } from "./paging.ts";

const digestOfItem = (descriptor: Descriptor) => descriptor.digest;

/**
 * Answers what refers to a manifest: always an image index, empty when nothing does.
 *
 * Spec: distribution-spec v1.1, Listing Referrers.
 */
export async function answerReferrers(
  request: Request,
  gather: () => Promise<readonly Descriptor[]>,
): Promise<Response> {
  const wanted = parsePageRequest(request.url);
  if (wanted === undefined) return pageRefused(request);
  const artifactType = parametersOf(request.url).get("artifactType");
  const all = await gather();
  const matching =
    artifactType === null ? all : all.filter((each) => each.artifactType === artifactType);
  const page = cutPage(matching, digestOfItem, wanted, request.url);
  const index = { schemaVersion: 2, mediaType: OCI_INDEX, manifests: page.items };
  return reply(request, utf8(JSON.stringify(index)), OCI_INDEX, {
    headers: {
      ...listingHeaders(page),
      ...(artifactType === null ? {} : { "oci-filters-applied": "artifactType" }),
    },
  });
}
