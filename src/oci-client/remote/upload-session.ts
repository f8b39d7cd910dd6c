import { DevregError } from "../../errors.ts";
import { checkHop, type HttpResponse } from "../../net/index.ts";
import type { Descriptor } from "../descriptor.ts";
import type { RegistryClient } from "./registry-client.ts";
import { responseError } from "./response-error.ts";
import { checkStoredDigest } from "./stored-digest.ts";

/** Begins an upload session. @throws {DevregError} UNAUTHORIZED, REGISTRY_RESPONSE */
export async function beginUpload(
  client: RegistryClient,
  uploads: URL,
  what: string,
): Promise<URL> {
  const response = await client.send({ method: "POST", url: uploads });
  if (response.status !== 202) throw await responseError(response, "POST", what);
  await response.discard();
  return sessionUrl(response, what);
}

/**
 * Asks the registry to take a blob over from another repository.
 * Spec: distribution-spec v1.1, Mounting a blob from another repository.
 *
 * @param from full name of the repository that has it
 * @returns true when it is done; else the session that the registry began instead, if it did
 * @throws {DevregError} NETWORK, TIMEOUT, DIGEST_MISMATCH
 */
export async function mountBlob(
  client: RegistryClient,
  uploads: URL,
  expected: Descriptor,
  from: string,
): Promise<true | { readonly session: URL | undefined }> {
  const url = new URL(uploads);
  url.search = new URLSearchParams({ mount: expected.digest, from }).toString();
  const what = `mount blob ${expected.digest} from ${from}`;
  const response = await client.send({ method: "POST", url });
  await response.discard();
  if (response.status === 201) {
    checkStoredDigest(response, expected, what);
    return true;
  }
  client.log.debug("blob not mounted", { digest: expected.digest, from, status: response.status });
  return { session: response.status === 202 ? sessionUrl(response, what) : undefined };
}

/** Gives a session up; a registry that does not hear it forgets the session by itself. */
export async function abandonUpload(client: RegistryClient, session: URL): Promise<void> {
  try {
    const response = await client.sendOnce({ method: "DELETE", url: session });
    await response.discard();
  } catch (error) {
    client.log.debug("upload session not given up", { error });
  }
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
