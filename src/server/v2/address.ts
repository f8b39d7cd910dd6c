import { type Digest, isDigest, isRepositoryName, isTag } from "../../oci-client/index.ts";

/** What an address below /v2/ names. Every part was checked against its grammar. */
export type RegistryAddress =
  | { readonly kind: "root" }
  | { readonly kind: "catalog" }
  | { readonly kind: "tags"; readonly repository: string }
  | { readonly kind: "manifest"; readonly repository: string; readonly reference: string }
  | { readonly kind: "blob"; readonly repository: string; readonly digest: Digest }
  | { readonly kind: "referrers"; readonly repository: string; readonly digest: Digest };

/** Why an address names nothing, as an OCI error. */
export interface AddressFault {
  readonly kind: "fault";
  readonly status: 400 | 404;
  readonly code: "NAME_INVALID" | "DIGEST_INVALID" | "TAG_INVALID" | "NAME_UNKNOWN";
  readonly message: string;
}

const TAGS = /^(.+)\/tags\/list$/;
const CONTENT = /^(.+)\/(manifests|blobs|referrers)\/([^/]+)$/;

/** Reads the path of a request to the registry. Spec: distribution-spec v1.1, Endpoints. */
export function parseAddress(path: string): RegistryAddress | AddressFault {
  const below = decodeURIComponent(path.slice("/v2/".length));
  if (below === "") return { kind: "root" };
  if (below === "_catalog") return { kind: "catalog" };
  const tags = TAGS.exec(below)?.[1];
  if (tags !== undefined) return isRepositoryName(tags) ? { kind: "tags", repository: tags } : NAME;
  const match = CONTENT.exec(below);
  if (match === null) return NOWHERE;
  const [, repository = "", part, reference = ""] = match;
  if (!isRepositoryName(repository)) return NAME;
  if (part === "manifests") return manifestAddress(repository, reference);
  if (!isDigest(reference)) return DIGEST;
  return { kind: part === "blobs" ? "blob" : "referrers", repository, digest: reference };
}

function manifestAddress(repository: string, reference: string): RegistryAddress | AddressFault {
  if (isDigest(reference) || isTag(reference)) return { kind: "manifest", repository, reference };
  return reference.includes(":") ? DIGEST : TAG;
}

const NAME: AddressFault = {
  kind: "fault",
  status: 400,
  code: "NAME_INVALID",
  message: "the repository name is malformed",
};
const DIGEST: AddressFault = {
  kind: "fault",
  status: 400,
  code: "DIGEST_INVALID",
  message: "the digest is malformed",
};
const TAG: AddressFault = {
  kind: "fault",
  status: 400,
  code: "TAG_INVALID",
  message: "the tag is malformed",
};
const NOWHERE: AddressFault = {
  kind: "fault",
  status: 404,
  code: "NAME_UNKNOWN",
  message: "there is nothing at this address",
};
