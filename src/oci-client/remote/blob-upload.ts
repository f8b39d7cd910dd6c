import type { ByteStream, Content } from "../../bytes.ts";
import { COMMIT_TIMEOUT_MS } from "../../limits.ts";
import type { HttpResponse } from "../../net/index.ts";
import type { Descriptor } from "../descriptor.ts";
import { OCTET_STREAM } from "../media-types.ts";
import { verifyBytes, verifyStream } from "../verify.ts";
import type { RegistryClient } from "./registry-client.ts";
import { responseError } from "./response-error.ts";
import { attempt } from "./retry.ts";
import { checkStoredDigest } from "./stored-digest.ts";
import { abandonUpload, beginUpload } from "./upload-session.ts";

/** Where a blob is uploaded to. */
export interface UploadPlace {
  /** Address of the repository's uploads, with the final slash. */
  readonly uploads: URL;
  /** A session that was begun already, for the first attempt. */
  readonly session?: URL | undefined;
}

/**
 * Uploads a blob by POST and one PUT. Bytes that do not match the descriptor are never committed: a
 * stream is held back at its last chunk until its digest is known. A PUT that fails in a way that
 * may pass starts over with a new session, because the old one may hold a part.
 * Spec: distribution-spec v1.1, Pushing a blob monolithically, POST then PUT.
 *
 * @throws {DevregError} DIGEST_MISMATCH, SIZE_MISMATCH, UNAUTHORIZED, REGISTRY_RESPONSE
 */
export async function uploadBlob(
  client: RegistryClient,
  { uploads, session: begun }: UploadPlace,
  expected: Descriptor,
  content: Content,
): Promise<void> {
  if (content instanceof Uint8Array) verifyBytes(expected, content);
  const what = `push blob ${expected.digest}`;
  const attempts = client.backoff.begin(uploads.host);
  for (let ready = begun; ; ready = undefined) {
    await attempts.ready();
    const session = ready ?? (await beginUpload(client, uploads, what));
    const source = watch(expected, content);
    const outcome = await attempt(() => commit(client, session, expected, source.content)).catch(
      async (error) => {
        await abandonUpload(client, session);
        throw error;
      },
    );
    if ("response" in outcome) {
      const { response } = outcome;
      if (ready === undefined || response.status !== 404) return finish(response, expected, what);
      // A session that waited for its turn may be forgotten by now.
      await response.discard();
      continue;
    }
    const { failure } = outcome;
    const goesOn = source.failed() ? false : attempts.again(failure);
    if (failure instanceof Error) {
      if (goesOn) continue;
      await abandonUpload(client, session);
      throw failure;
    }
    if (!goesOn) throw await responseError(failure, "PUT", what);
    await failure.discard();
  }
}

/** Verifies streamed content, and remembers whether it was the source that failed. */
function watch(expected: Descriptor, content: Content) {
  let failed = false;
  const verified = async function* (source: () => ByteStream): ByteStream {
    try {
      yield* verifyStream(expected, source());
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  return {
    content: content instanceof Uint8Array ? content : () => verified(content),
    failed: () => failed,
  };
}

/** Sends the whole blob and names its digest, in one PUT. */
function commit(
  client: RegistryClient,
  session: URL,
  { digest, size }: Descriptor,
  body: Content,
): Promise<HttpResponse> {
  const url = new URL(session);
  const parameter = `digest=${encodeURIComponent(digest)}`;
  url.search = url.search === "" ? parameter : `${url.search}&${parameter}`;
  const headers = { "content-type": OCTET_STREAM };
  return client.sendOnce({
    method: "PUT",
    url,
    headers,
    body,
    bodyBytes: size,
    headersTimeoutMs: COMMIT_TIMEOUT_MS,
  });
}

async function finish(response: HttpResponse, expected: Descriptor, what: string): Promise<void> {
  if (response.status !== 201 && response.status !== 204) {
    throw await responseError(response, "PUT", what);
  }
  await response.discard();
  checkStoredDigest(response, expected, what);
}
