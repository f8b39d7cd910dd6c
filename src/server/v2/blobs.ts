import { type Digest, OCTET_STREAM, type ReadonlyRepository } from "../../oci-client/index.ts";
import {
  COMMON_HEADERS,
  contentRange,
  IMMUTABLE,
  isNotModified,
  notModified,
  OCI_HEADERS,
  ociErrorReply,
  parseRange,
  rangeApplies,
  rangeRefused,
} from "../http/index.ts";
import { streamBody } from "./stream-body.ts";

/** Who waits for a blob. */
export interface BlobVisit {
  /** Says that nobody waits any more. */
  readonly signal: AbortSignal;
  /** Told what breaks the answer off once it has begun. */
  readonly onBroken: (error: unknown) => void;
}

/**
 * Answers a blob, whole or the part asked for, as bytes of unknown meaning.
 *
 * Spec: distribution-spec v1.1, Pulling blobs.
 */
export async function answerBlob(
  request: Request,
  repository: ReadonlyRepository,
  digest: Digest,
  { signal, onBroken }: BlobVisit,
): Promise<Response> {
  const blob = await repository.resolveBlob(digest, signal);
  if (blob === undefined) {
    return ociErrorReply(request, 404, "BLOB_UNKNOWN", "there is no such blob here");
  }
  const etag = `"${digest}"`;
  const headers = {
    ...COMMON_HEADERS,
    ...OCI_HEADERS,
    "cache-control": IMMUTABLE,
    "accept-ranges": "bytes",
    "content-type": OCTET_STREAM,
    "content-length": String(blob.size),
    "docker-content-digest": digest,
    etag,
  };
  if (isNotModified(request.headers, { etag })) return notModified(headers);
  const wanted = rangeApplies(request.headers, { etag }) ? request.headers.get("range") : null;
  const range = parseRange(wanted, blob.size);
  if (range === "unsatisfiable") return rangeRefused(blob.size, headers);
  const part =
    range === undefined
      ? { status: 200, headers, length: blob.size }
      : {
          status: 206,
          headers: {
            ...headers,
            "content-length": String(range.length),
            "content-range": contentRange(range, blob.size),
          },
          length: range.length,
        };
  if (request.method === "HEAD") return new Response(null, part);
  const stream = await repository.fetch(
    blob,
    range === undefined ? { signal } : { ...range, signal },
  );
  return new Response(await streamBody(stream, part.length, onBroken), part);
}
