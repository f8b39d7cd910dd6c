import { DevregError } from "../../errors.ts";
import type { HttpResponse } from "../../net/index.ts";
import type { Descriptor } from "../descriptor.ts";

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
