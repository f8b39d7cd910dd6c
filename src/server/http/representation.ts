import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzip, gzipSync, zstdCompress, zstdCompressSync } from "node:zlib";
import type { ContentEncoding } from "./encoding.ts";
import { COMMON_HEADERS, DATA_POLICY, type HeaderFields, REVALIDATE } from "./headers.ts";

/** What a representation is made of. */
export interface RepresentationParts {
  readonly bytes: Uint8Array;
  readonly type: string;
  readonly modified?: Date | undefined;
  /** Default: the client asks again each time. */
  readonly cacheControl?: string;
  /** Default: for data that is no page. */
  readonly policy?: string;
  /** False for what is compressed already or served in ranges. */
  readonly compressible?: boolean;
  /** Names these bytes where they are too many to be hashed for each answer. */
  readonly version?: string;
}

/** One form of a body with the headers it is always sent with. */
export interface EncodedBody {
  readonly bytes: Uint8Array;
  /** The same bytes; a long body that is asked for often is held where no answer copies it. */
  readonly body: Uint8Array | Blob;
  /** Strong, quoted, and different for each form. */
  readonly etag: string;
  readonly headers: HeaderFields;
  /** The answer to a plain GET; each client is given a copy, which shares the body. */
  readonly answer: Response;
}

const gzipBytes = promisify(gzip);
const zstdBytes = promisify(zstdCompress);

const ENCODINGS = ["identity", "gzip", "zstd"] as const;
/** Below this a compressed form saves less than its headers cost. */
const COMPRESS_FROM_BYTES = 512;
/** From here on copying a body costs more than handing out one that is held beside its bytes. */
const HELD_FROM_BYTES = 16 * 1024;
/** From here on a request notices how long compressing takes. */
const LONG_BYTES = 64 * 1024;
/** The level of gzip for a long body that a request waits for. */
const QUICK = 1;
const ETAG_HEX = 32;
/** Builds in memory give out the same bytes again and again. */
const hashes = new WeakMap<Uint8Array, string>();

/** Holds a body and makes its compressed forms and headers once, when first asked for. */
export class Representation {
  readonly parts: RepresentationParts;
  readonly compressible: boolean;
  /** Names the bytes, whatever their form. */
  readonly hash: string;
  readonly #forms = new Map<ContentEncoding, EncodedBody>();

  constructor(parts: RepresentationParts) {
    this.parts = parts;
    this.compressible =
      (parts.compressible ?? true) && parts.bytes.byteLength >= COMPRESS_FROM_BYTES;
    this.hash = parts.version ?? hashOf(parts.bytes);
  }

  /** Bytes held by all forms made so far. */
  get heldBytes(): number {
    let sum = this.parts.bytes.byteLength;
    for (const form of this.#forms.values()) {
      if (form.bytes !== this.parts.bytes) sum += form.bytes.byteLength;
    }
    return sum;
  }

  /** Gives the body in one form; identity where compressing is no use. */
  form(encoding: ContentEncoding): EncodedBody {
    const wanted = this.compressible ? encoding : "identity";
    const known = this.#forms.get(wanted);
    // What is asked for again will be asked for often.
    const form =
      known === undefined ? this.#encode(wanted, compress(this.parts.bytes, wanted)) : hold(known);
    if (form !== known) this.#forms.set(wanted, form);
    return form;
  }

  /** Makes every form now, beside what else is done, so that no request waits for it. */
  async prepare(): Promise<this> {
    const encodings = this.compressible ? ENCODINGS : ["identity" as const];
    const bodies = encodings.map((encoding) => compressAhead(this.parts.bytes, encoding));
    for (const [at, bytes] of (await Promise.all(bodies)).entries()) {
      const encoding = encodings[at] ?? "identity";
      this.#forms.set(encoding, hold(this.#encode(encoding, bytes)));
    }
    return this;
  }

  #encode(encoding: ContentEncoding, bytes: Uint8Array): EncodedBody {
    const { type, modified, cacheControl, policy } = this.parts;
    const etag = encoding === "identity" ? `"${this.hash}"` : `"${this.hash}-${encoding}"`;
    const headers: HeaderFields = {
      ...COMMON_HEADERS,
      "content-type": type,
      "content-length": String(bytes.byteLength),
      "content-security-policy": policy ?? DATA_POLICY,
      "cache-control": cacheControl ?? REVALIDATE,
      etag,
      ...(modified === undefined ? {} : { "last-modified": modified.toUTCString() }),
      ...(this.compressible ? { vary: "accept-encoding" } : {}),
      ...(encoding === "identity" ? {} : { "content-encoding": encoding }),
    };
    return { bytes, body: bytes, etag, headers, answer: new Response(bytes, { headers }) };
  }
}

function hashOf(bytes: Uint8Array): string {
  const hash =
    hashes.get(bytes) ?? createHash("sha256").update(bytes).digest("hex").slice(0, ETAG_HEX);
  hashes.set(bytes, hash);
  return hash;
}

function hold(form: EncodedBody): EncodedBody {
  const { bytes, headers } = form;
  if (form.body !== bytes || bytes.byteLength < HELD_FROM_BYTES) return form;
  const body = new Blob([bytes]);
  return { ...form, body, answer: new Response(body, { headers }) };
}

function compress(bytes: Uint8Array, encoding: ContentEncoding): Uint8Array {
  const options = bytes.byteLength >= LONG_BYTES ? { level: QUICK } : {};
  if (encoding === "gzip") return gzipSync(bytes, options);
  return encoding === "zstd" ? zstdCompressSync(bytes) : bytes;
}

async function compressAhead(bytes: Uint8Array, encoding: ContentEncoding): Promise<Uint8Array> {
  if (encoding === "gzip") return await gzipBytes(bytes);
  return encoding === "zstd" ? await zstdBytes(bytes) : bytes;
}
