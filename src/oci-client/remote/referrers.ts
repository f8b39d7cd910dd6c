import type { Descriptor } from "../descriptor.ts";
import { algorithmOf, type Digest, hexOf } from "../digest.ts";
import { parseManifest } from "../manifest.ts";
import { OCI_INDEX } from "../media-types.ts";
import { askPage, type Listing, listPages } from "./listing.ts";
import type { RegistryClient } from "./registry-client.ts";
import type { RemoteManifests } from "./remote-manifests.ts";

/**
 * Lists what refers to a manifest, by the referrers API or, where a registry does not have it, by
 * the tag that clients maintain instead. Spec: distribution-spec v1.1, Listing Referrers and
 * Unavailable Referrers API.
 *
 * @param name full name of the repository
 */
export async function* listReferrers(
  client: RegistryClient,
  manifests: RemoteManifests,
  name: string,
  subject: Digest,
): AsyncGenerator<Descriptor> {
  const listing: Listing<Descriptor> = {
    what: `list referrers of ${name}@${subject}`,
    first: client.endpoint.url(`/v2/${name}/referrers/${subject}`),
    accept: OCI_INDEX,
    parse: parseIndex,
  };
  const first = await askPage(client, listing);
  const type = first.header("content-type") ?? "";
  if (first.status !== 404 && (first.status !== 200 || type.startsWith(OCI_INDEX))) {
    yield* listPages(client, listing, first);
    return;
  }
  await first.discard();
  const fallback = await manifests.get(referrersTag(subject), undefined);
  if (fallback?.descriptor.mediaType === OCI_INDEX) yield* parseIndex(fallback.bytes);
}

/** Gives the tag that stands in for the referrers API: at most 32 and 64 characters, joined by "-". */
function referrersTag(subject: Digest): string {
  return `${algorithmOf(subject).slice(0, 32)}-${hexOf(subject).slice(0, 64)}`;
}

function parseIndex(bytes: Uint8Array): readonly Descriptor[] {
  const manifest = parseManifest(bytes, OCI_INDEX);
  return manifest.kind === "index" ? manifest.manifests : [];
}
