import { readAll } from "../../bytes.ts";
import { MANIFEST_BYTES } from "../../limits.ts";
import {
  isDigest,
  isManifestType,
  parseManifest,
  type ReadonlyRepository,
} from "../../oci-client/index.ts";
import {
  COMMON_HEADERS,
  IMMUTABLE,
  isNotModified,
  notModified,
  OCI_HEADERS,
  ociErrorReply,
  REVALIDATE,
  respond,
} from "../http/index.ts";

/** Manifests that were looked at; those of a build are the same bytes each time. */
const judged = new WeakSet<Uint8Array>();

/**
 * Answers a manifest by tag or digest, with the type it has whatever the client accepts. It is read
 * and verified whole before the answer begins.
 *
 * Spec: distribution-spec v1.1, Pulling manifests.
 */
export async function answerManifest(
  request: Request,
  repository: ReadonlyRepository,
  reference: string,
  signal: AbortSignal,
): Promise<Response> {
  const descriptor = await repository.resolve(reference, signal);
  if (descriptor === undefined) {
    return ociErrorReply(request, 404, "MANIFEST_UNKNOWN", "there is no such manifest here");
  }
  const { digest, mediaType, size } = descriptor;
  const etag = `"${digest}"`;
  const headers = {
    ...COMMON_HEADERS,
    ...OCI_HEADERS,
    "cache-control": isDigest(reference) ? IMMUTABLE : REVALIDATE,
    "content-type": mediaType,
    "content-length": String(size),
    "docker-content-digest": digest,
    etag,
  };
  if (isNotModified(request.headers, { etag })) return notModified(headers);
  if (request.method === "HEAD") return new Response(null, { headers });
  const stream = await repository.fetch(descriptor, { signal });
  const bytes = await readAll(stream, MANIFEST_BYTES, `manifest ${digest}`);
  judge(bytes, mediaType);
  return respond(request, bytes, 200, {
    ...headers,
    // A registry behind may have told another length than the bytes have.
    "content-length": String(bytes.byteLength),
  });
}

/**
 * A document that can be read as an image and as a list of images is no manifest, whatever the
 * registry behind says: its clients would not agree on what it holds. Spec: CVE-2021-41190.
 *
 * @throws {DevregError} INPUT_INVALID
 */
function judge(bytes: Uint8Array, mediaType: string): void {
  if (!isManifestType(mediaType) || judged.has(bytes)) return;
  parseManifest(bytes, mediaType);
  judged.add(bytes);
}
