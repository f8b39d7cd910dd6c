import { contentRange, parseRange } from "./byte-range.ts";
import { isNotModified, rangeApplies } from "./conditions.ts";
import { chooseEncoding } from "./encoding.ts";
import { COMMON_HEADERS, DATA_POLICY, type HeaderFields, NEVER_STORED } from "./headers.ts";
import type { EncodedBody, Representation } from "./representation.ts";

/** How one answer differs from a plain 200. */
export interface ReplyOptions {
  readonly status?: number;
  readonly headers?: HeaderFields;
}

/**
 * Answers with bytes that are this answer alone: messages, errors, redirects. HEAD gets the headers
 * of GET, its length among them.
 */
export function reply(
  request: Request,
  bytes: Uint8Array,
  type: string,
  options: ReplyOptions = {},
): Response {
  const headers = {
    ...COMMON_HEADERS,
    "content-security-policy": DATA_POLICY,
    "cache-control": NEVER_STORED,
    "content-type": type,
    "content-length": String(bytes.byteLength),
    ...options.headers,
  };
  return respond(request, bytes, options.status ?? 200, headers);
}

/** Answers with a representation: conditions, then the best form the client accepts. */
export function represent(
  request: Request,
  representation: Representation,
  options: ReplyOptions = {},
): Response {
  const encoding = representation.compressible
    ? chooseEncoding(request.headers.get("accept-encoding"))
    : "identity";
  const form = representation.form(encoding);
  if (isUnchanged(request, representation, form)) return notModified(form.headers);
  const { status = 200, headers } = options;
  const isPlain = status === 200 && headers === undefined && request.method !== "HEAD";
  // Its type is that of another Response in the types of Bun.
  if (isPlain) return form.answer.clone() as Response;
  return respond(request, form.body, status, { ...form.headers, ...headers });
}

/** Answers with a file as it is, uncompressed, whole or the part asked for. */
export function representRanges(
  request: Request,
  representation: Representation,
  options: ReplyOptions = {},
): Response {
  const form = representation.form("identity");
  const { bytes, etag, headers } = form;
  if (isUnchanged(request, representation, form)) return notModified(headers);
  const whole = { ...headers, "accept-ranges": "bytes", ...options.headers };
  const { modified } = representation.parts;
  const header = rangeApplies(request.headers, { etag, modified })
    ? request.headers.get("range")
    : null;
  const range = parseRange(header, bytes.byteLength);
  if (range === undefined) return respond(request, bytes, options.status ?? 200, whole);
  if (range === "unsatisfiable") return rangeRefused(bytes.byteLength, whole);
  const part = bytes.subarray(range.offset, range.offset + range.length);
  return respond(request, part, 206, {
    ...whole,
    "content-length": String(range.length),
    "content-range": contentRange(range, bytes.byteLength),
  });
}

/** Refuses a range that the content does not have. */
export function rangeRefused(sizeBytes: number, headers: HeaderFields): Response {
  const { "content-type": _type, ...rest } = headers;
  return new Response(null, {
    status: 416,
    headers: {
      ...rest,
      "content-length": "0",
      "content-range": contentRange("unsatisfiable", sizeBytes),
    },
  });
}

/** Says that the client's copy is good. */
export function notModified(headers: HeaderFields): Response {
  const { "content-length": _length, "content-type": _type, ...rest } = headers;
  return new Response(null, { status: 304, headers: rest });
}

/** Sends bytes, or to HEAD the headers alone; Bun sends no length for HEAD unless told. */
export function respond(
  request: Request,
  body: Uint8Array | Blob,
  status: number,
  headers: HeaderFields,
): Response {
  return new Response(request.method === "HEAD" ? null : body, { status, headers });
}

function isUnchanged(request: Request, representation: Representation, form: EncodedBody): boolean {
  const { modified } = representation.parts;
  return isNotModified(request.headers, { etag: form.etag, modified });
}
