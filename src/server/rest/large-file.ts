import {
  COMMON_HEADERS,
  contentRange,
  type HeaderFields,
  isNotModified,
  notModified,
  parseRange,
  type ReplyOptions,
  rangeApplies,
  rangeRefused,
  respond,
} from "../http/index.ts";

/** A file that is too large to be held in memory for each who asks for it. */
export interface LargeFile {
  readonly blob: Blob;
  /** Strong, quoted. */
  readonly etag: string;
  readonly modified: Date | undefined;
  readonly type: string;
  readonly policy: string;
  readonly cacheControl: string;
}

/** Answers with a file, whole or the part asked for, which is read as it is sent. */
export function answerLargeFile(
  request: Request,
  file: LargeFile,
  options: ReplyOptions = {},
): Response {
  const { size } = file.blob;
  const headers = headersOf(file, options);
  if (isNotModified(request.headers, file)) return notModified(headers);
  const header = rangeApplies(request.headers, file) ? request.headers.get("range") : null;
  const range = parseRange(header, size);
  if (range === undefined) return respond(request, file.blob, 200, headers);
  if (range === "unsatisfiable") return rangeRefused(size, headers);
  const part = file.blob.slice(range.offset, range.offset + range.length);
  return respond(request, part, 206, {
    ...headers,
    "content-length": String(range.length),
    "content-range": contentRange(range, size),
  });
}

function headersOf(file: LargeFile, options: ReplyOptions): HeaderFields {
  const { blob, etag, modified, type, policy, cacheControl } = file;
  return {
    ...COMMON_HEADERS,
    "accept-ranges": "bytes",
    "cache-control": cacheControl,
    "content-length": String(blob.size),
    "content-security-policy": policy,
    "content-type": type,
    etag,
    ...(modified === undefined ? {} : { "last-modified": modified.toUTCString() }),
    ...options.headers,
  };
}
