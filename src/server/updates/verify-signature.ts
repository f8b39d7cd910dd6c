import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { utf8 } from "../../bytes.ts";
import { REMEMBERED_SIGNATURES, UPDATE_WINDOW_MS } from "../../webhook-limits.ts";
import type { UpdateRequest } from "./update-port.ts";
import { UsedSignatures } from "./used-signatures.ts";

/** What came of looking at a signature; the fault is for the log, never for the client. */
export type Verified =
  | { readonly origin: UpdateRequest["origin"]; readonly fault?: undefined }
  | { readonly origin?: undefined; readonly fault: string };

/** A request whose body is not yet believed. */
export interface UnverifiedRequest {
  readonly headers: Headers;
  /** The body as it came. */
  readonly body: Uint8Array;
  readonly secret: Uint8Array;
  /** Wall clock. */
  readonly now: Date;
}

const HEX_SIGNATURE = /^sha256=([0-9a-f]{64})$/i;
const UNIX_SECONDS = /^\d{1,12}$/;

/**
 * Tells who signed a request, before anything of its body is parsed. The first of these headers
 * that is there decides:
 *
 * - `X-Devreg-Signature-256: sha256=<hex>`, our own form: HMAC-SHA256 under the secret over the
 *   value of `X-Devreg-Timestamp` (Unix time in whole seconds, at most five minutes from now),
 *   a full stop, and the body as it is sent. Each signature works once.
 * - `X-Hub-Signature-256: sha256=<hex>`, GitHub's: HMAC-SHA256 over the body.
 * - `X-Gitlab-Token`, GitLab's: the secret itself.
 *
 * None of the three can pass for another: the bodies of the forges begin with no digits.
 */
export class SignatureVerifier {
  readonly #used: UsedSignatures;

  /** @param nowMs monotonic milliseconds */
  constructor(nowMs: () => number) {
    // A timestamp may lie five minutes ahead and is believed for five minutes after that.
    const bounds = { entries: REMEMBERED_SIGNATURES, forMs: 2 * UPDATE_WINDOW_MS };
    this.#used = new UsedSignatures(bounds, nowMs);
  }

  /** Looks at the signature of a request and uses it up if it is one of ours. */
  verify(request: UnverifiedRequest): Verified {
    const { headers, body, secret } = request;
    const own = headers.get("x-devreg-signature-256");
    if (own !== null) return this.#verifyOwn(request, own);
    const github = headers.get("x-hub-signature-256");
    if (github !== null) {
      const right = isSignedAs(github, hmac(secret, body));
      return right ? { origin: "github" } : { fault: "the X-Hub-Signature-256 is wrong" };
    }
    const gitlab = headers.get("x-gitlab-token");
    if (gitlab === null) return { fault: "it is not signed" };
    // Header values come with one character a byte.
    const right = timingSafeEqual(sha256(Buffer.from(gitlab, "latin1")), sha256(secret));
    return right ? { origin: "gitlab" } : { fault: "the X-Gitlab-Token is wrong" };
  }

  #verifyOwn({ headers, body, secret, now }: UnverifiedRequest, signature: string): Verified {
    const timestamp = headers.get("x-devreg-timestamp") ?? "";
    if (!UNIX_SECONDS.test(timestamp)) return { fault: "the X-Devreg-Timestamp is no Unix time" };
    const expected = hmac(secret, utf8(`${timestamp}.`), body);
    if (!isSignedAs(signature, expected)) return { fault: "the X-Devreg-Signature-256 is wrong" };
    const awayMs = Math.abs(now.getTime() - Number(timestamp) * 1000);
    if (awayMs > UPDATE_WINDOW_MS) return { fault: "the X-Devreg-Timestamp is not of now" };
    const fresh = this.#used.use(expected.toString("hex"));
    return fresh ? { origin: "own" } : { fault: "the signature was used before" };
  }
}

function isSignedAs(header: string, expected: Buffer): boolean {
  const hex = HEX_SIGNATURE.exec(header.trim())?.[1];
  return hex !== undefined && timingSafeEqual(Buffer.from(hex, "hex"), expected);
}

function hmac(secret: Uint8Array, ...parts: readonly Uint8Array[]): Buffer {
  const hash = createHmac("sha256", secret);
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Hashes have one length, so comparing them tells nothing of the length of a secret. */
function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
