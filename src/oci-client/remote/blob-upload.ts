import type { ByteStream, Content } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";
import { COMMIT_TIMEOUT_MS } from "../../limits.ts";
import { checkHop, type HttpResponse } from "../../net/index.ts";
import type { Descriptor } from "../descriptor.ts";
import { OCTET_STREAM } from "../media-types.ts";
import { verifyBytes, verifyStream } from "../verify.ts";
import type { RegistryClient } from "./registry-client.ts";
import { responseError } from "./response-error.ts";
import { attempt } from "./retry.ts";

/**
 * Uploads a blob by POST and one PUT. Bytes that do not match the descriptor are never committed: a
 * stream is held back at its last chunk until its digest is known. A PUT that fails in a way that
 * may pass starts over with a new session, because the old one may hold a part.
 * Spec: distribution-spec v1.1, Pushing a blob monolithically, POST then PUT.
 *
 * @param uploads address of the repository's uploads, with the final slash
 * @throws {DevregError} DIGEST_MISMATCH, SIZE_MISMATCH, UNAUTHORIZED, REGISTRY_RESPONSE
 */
export async function uploadBlob(
  client: RegistryClient,
  uploads: URL,
  expected: Descriptor,
  content: Content,
): Promise<void> {
  if (content instanceof Uint8Array) verifyBytes(expected, content);
  const what = `push blob ${expected.digest}`;
  const attempts = client.backoff.begin(uploads.host);
  for (;;) {
    await attempts.ready();
    const session = await beginUpload(client, uploads, what);
    const source = watch(expected, content);
    const outcome = await attempt(() => commit(client, session, expected, source.content)).catch(
      async (error) => {
        await abandon(client, session);
        throw error;
      },
    );
    if ("response" in outcome) return finish(outcome.response, expected, what);
    const { failure } = outcome;
    const goesOn = source.failed() ? false : attempts.again(failure);
    if (failure instanceof Error) {
      if (goesOn) continue;
      await abandon(client, session);
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

/** Gives a session up; a registry that does not hear it forgets the session by itself. */
async function abandon(client: RegistryClient, session: URL): Promise<void> {
  try {
    const response = await client.sendOnce({ method: "DELETE", url: session });
    await response.discard();
  } catch (error) {
    client.log.debug("upload session not given up", { error });
  }
}

async function beginUpload(client: RegistryClient, uploads: URL, what: string): Promise<URL> {
  const response = await client.send({ method: "POST", url: uploads });
  if (response.status !== 202) throw await responseError(response, "POST", what);
  await response.discard();
  return sessionUrl(response, what);
}

/**
 * Resolves the Location of an upload session against the address that answered. Its query is part
 * of the capability and stays byte for byte.
 */
function sessionUrl(response: HttpResponse, what: string): URL {
  const location = response.header("location");
  const url = location === undefined ? null : URL.parse(location, response.url.href);
  if (url === null) {
    throw new DevregError(
      "REGISTRY_RESPONSE",
      `Cannot ${what}: ${response.url.host} gave no upload address`,
    );
  }
  if (url.host === response.url.host && url.protocol !== response.url.protocol) {
    throw new DevregError(
      "REGISTRY_RESPONSE",
      `Cannot ${what}: ${response.url.host} changes from ${response.url.protocol} to ${url.protocol}`,
      { hint: "Let the proxy in front of the registry set X-Forwarded-Proto" },
    );
  }
  checkHop(response.url, url);
  url.hash = "";
  return url;
}

async function finish(response: HttpResponse, expected: Descriptor, what: string): Promise<void> {
  if (response.status !== 201 && response.status !== 204) {
    throw await responseError(response, "PUT", what);
  }
  await response.discard();
  checkStoredDigest(response, expected, what);
}

/**
 * Compares the digest that a registry says it stored, when it says one.
 *
 * @throws {DevregError} DIGEST_MISMATCH
 */
export function checkStoredDigest(
  response: HttpResponse,
  expected: Descriptor,
  what: string,
): void {
  const stored = response.header("docker-content-digest");
  if (stored === undefined || stored === "" || stored === expected.digest) return;
  // A registry may name the same content by another algorithm.
  if (stored.split(":")[0] !== expected.digest.split(":")[0]) return;
  throw new DevregError(
    "DIGEST_MISMATCH",
    `Cannot ${what}: ${response.url.host} stored it as ${stored.slice(0, 160)}`,
  );
}
