import { createHash, type Hash } from "node:crypto";
import { DevregError } from "../errors.ts";

/** A digest algorithm registered by the OCI image specification. */
export type DigestAlgorithm = "sha256" | "sha512";

/**
 * Content address "sha256:<64 lower-case hex>" (or sha512 with 128), made by {@link digestOf} or
 * {@link parseDigest} only. Spec: image-spec v1.1, Digests.
 */
export type Digest = `${DigestAlgorithm}:${string}`;

const GRAMMAR = /^(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$/;

/** Tells whether text is a digest of a registered algorithm in canonical form. */
export function isDigest(text: string): text is Digest {
  return GRAMMAR.test(text);
}

/** Parses a digest. @throws {DevregError} INPUT_INVALID when it is none. */
export function parseDigest(text: string): Digest {
  if (isDigest(text)) return text;
  throw new DevregError("INPUT_INVALID", `Cannot read digest "${text.slice(0, 160)}"`, {
    hint: "A digest is sha256: and 64 lower-case hexadecimal digits",
  });
}

/** Computes the digest of bytes. */
export function digestOf(bytes: Uint8Array, algorithm: DigestAlgorithm = "sha256"): Digest {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`;
}

/** Gives the algorithm of a digest. */
export function algorithmOf(digest: Digest): DigestAlgorithm {
  return digest.startsWith("sha512:") ? "sha512" : "sha256";
}

/** Gives the hexadecimal part of a digest; safe as a file name because of its grammar. */
export function hexOf(digest: Digest): string {
  return digest.slice(digest.indexOf(":") + 1);
}

/** Hashes content that arrives piece by piece. */
export interface DigestBuilder {
  update(chunk: Uint8Array): void;
  digest(): Digest;
}

/** Starts a digest of content that arrives piece by piece. */
export function createDigest(algorithm: DigestAlgorithm = "sha256"): DigestBuilder {
  const hash: Hash = createHash(algorithm);
  return {
    update: (chunk) => {
      hash.update(chunk);
    },
    digest: () => `${algorithm}:${hash.digest("hex")}`,
  };
}
