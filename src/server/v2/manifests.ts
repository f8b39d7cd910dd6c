import { readAll } from "../../bytes.ts";
import { MANIFEST_BYTES } from "../../limits.ts";
import { isDigest, type ReadonlyRepository } from "../../oci-client/index.ts";
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
): Promise<Response> {
  const descriptor = await repository.resolve(reference);
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
  const stream = await repository.fetch(descriptor, { signal: request.signal });
  const bytes = await readAll(stream, MANIFEST_BYTES, `manifest ${digest}`);
  return respond(request, bytes, 200, {
    ...headers,
    // A registry behind may have told another length than the bytes have.
    "content-length": String(bytes.byteLength),
  });
}
