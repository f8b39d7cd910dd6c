import { type ByteStream, type Content, readAll } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import type { Descriptor } from "./descriptor.ts";
import { algorithmOf, createDigest, digestOf } from "./digest.ts";

/** Checks bytes against a descriptor. @throws {DevregError} SIZE_MISMATCH, DIGEST_MISMATCH */
export function verifyBytes(expected: Descriptor, bytes: Uint8Array): void {
  if (bytes.byteLength !== expected.size) throw sizeMismatch(expected, bytes.byteLength);
  const actual = digestOf(bytes, algorithmOf(expected.digest));
  if (actual !== expected.digest) throw digestMismatch(expected, actual);
}

/**
 * Reads content into memory and checks it.
 *
 * @throws {DevregError} SIZE_MISMATCH as soon as it is too long or ends short; DIGEST_MISMATCH
 */
export async function readVerified(expected: Descriptor, content: Content): Promise<Uint8Array> {
  if (content instanceof Uint8Array) {
    verifyBytes(expected, content);
    return content;
  }
  return readAll(verifyStream(expected, content()), expected.size, expected.digest);
}

/**
 * Passes a stream on while hashing it. One chunk is held back, so that a reader who takes the last
 * chunk knows that size and digest are right.
 *
 * @throws {DevregError} SIZE_MISMATCH as soon as it is too long or ends short; DIGEST_MISMATCH
 */
export async function* verifyStream(expected: Descriptor, stream: ByteStream): ByteStream {
  const hash = createDigest(algorithmOf(expected.digest));
  let size = 0;
  let held: Uint8Array | undefined;
  for await (const chunk of stream) {
    // An empty chunk would push out the one that is held back.
    if (chunk.byteLength === 0) continue;
    size += chunk.byteLength;
    if (size > expected.size) throw sizeMismatch(expected, size);
    hash.update(chunk);
    if (held !== undefined) yield held;
    held = chunk;
  }
  if (size !== expected.size) throw sizeMismatch(expected, size);
  const actual = hash.digest();
  if (actual !== expected.digest) throw digestMismatch(expected, actual);
  if (held !== undefined) yield held;
}

function sizeMismatch(expected: Descriptor, actualBytes: number): DevregError {
  return new DevregError(
    "SIZE_MISMATCH",
    `Cannot accept ${expected.digest}: got ${actualBytes} bytes of ${expected.size}`,
  );
}

function digestMismatch(expected: Descriptor, actual: string): DevregError {
  return new DevregError(
    "DIGEST_MISMATCH",
    `Cannot accept ${expected.digest}: the bytes have digest ${actual}`,
    { hint: "The source holds other bytes than it names; pull it again or check the source" },
  );
}
