import type { Content } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";
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
  const body = content instanceof Uint8Array ? content : () => verifyStream(expected, content());
  const what = `push blob ${expected.digest}`;
  const attempts = client.backoff.begin(uploads.host);
  for (;;) {
    const url = await beginUpload(client, uploads, expected, what);
    await attempts.ready();
    const outcome = await attempt(() =>
      client.sendOnce({
        method: "PUT",
        url,
        headers: { "content-type": OCTET_STREAM },
        body,
        bodyBytes: expected.size,
      }),
    );
    if ("response" in outcome) return finish(outcome.response, expected, what);
    const { failure } = outcome;
    const goesOn = attempts.again(failure);
    if (failure instanceof Error) {
      if (!goesOn) throw failure;
    } else {
      if (!goesOn) throw await responseError(failure, "PUT", what);
      await failure.discard();
    }
  }
}

async function beginUpload(
  client: RegistryClient,
  uploads: URL,
  expected: Descriptor,
  what: string,
): Promise<URL> {
  const response = await client.send({ method: "POST", url: uploads });
  if (response.status !== 202) throw await responseError(response, "POST", what);
  await response.discard();
  return uploadUrl(response, expected, what);
}

/**
 * Resolves the Location of an upload session against the address that answered. Its query is part
 * of the capability and stays byte for byte.
 */
function uploadUrl(response: HttpResponse, expected: Descriptor, what: string): URL {
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
  const digest = `digest=${encodeURIComponent(expected.digest)}`;
  url.search = url.search === "" ? digest : `${url.search}&${digest}`;
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
