import { HASHED_ELSEWHERE_BYTES } from "../api-limits.ts";
import { type ByteStream, type Content, readAll } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import type { HashThread } from "../hash-thread.ts";
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
 * chunk knows that size and digest are right. Long content is hashed in the thread, if there is one.
 *
 * @throws {DevregError} SIZE_MISMATCH as soon as it is too long or ends short; DIGEST_MISMATCH
 */
export async function* verifyStream(
  expected: Descriptor,
  stream: ByteStream,
  thread?: HashThread,
): ByteStream {
  const hash = beginHash(expected, thread);
  let size = 0;
  let held: Uint8Array | undefined;
  try {
    for await (const chunk of stream) {
      // An empty chunk would push out the one that is held back.
      if (chunk.byteLength === 0) continue;
      size += chunk.byteLength;
      if (size > expected.size) throw sizeMismatch(expected, size);
      const taken = hash.update(chunk);
      if (taken !== undefined) await taken;
      if (held !== undefined) yield held;
      held = chunk;
    }
    if (size !== expected.size) throw sizeMismatch(expected, size);
    const actual = await hash.digest();
    if (actual !== expected.digest) throw digestMismatch(expected, actual);
    if (held !== undefined) yield held;
  } finally {
    hash.drop();
  }
}

/** A hash made here, or in a thread: then its steps are waited for. */
interface RunningHash {
  update(chunk: Uint8Array): Promise<void> | undefined;
  digest(): string | Promise<string>;
  drop(): void;
}

function beginHash({ digest, size }: Descriptor, thread: HashThread | undefined): RunningHash {
  const algorithm = algorithmOf(digest);
  const elsewhere = size >= HASHED_ELSEWHERE_BYTES ? thread?.begin(algorithm) : undefined;
  if (elsewhere !== undefined) {
    const { update, drop } = elsewhere;
    return { update, drop, digest: async () => `${algorithm}:${await elsewhere.digest()}` };
  }
  const hash = createDigest(algorithm);
  return {
    update: (chunk) => {
      hash.update(chunk);
      return undefined;
    },
    digest: () => hash.digest(),
    drop: () => undefined,
  };
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
