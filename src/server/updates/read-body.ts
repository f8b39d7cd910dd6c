import { concatBytes } from "../../bytes.ts";

/** How large a body may be and how long it may take to come. */
export interface BodyBounds {
  readonly bytes: number;
  readonly timeoutMs: number;
}

/** What is used of a stream's reader. */
type BodyReader = Pick<ReadableStreamDefaultReader<Uint8Array>, "read" | "cancel">;

/** A body that was not read. */
export type BodyFault = "too-large" | "too-slow";

/**
 * Reads the body of a request; what is too large by its length is not read at all, what turns out
 * to be is read no further.
 */
export async function readBody(
  request: Request,
  { bytes, timeoutMs }: BodyBounds,
): Promise<Uint8Array | BodyFault> {
  if (Number(request.headers.get("content-length") ?? 0) > bytes) return "too-large";
  if (request.body === null) return new Uint8Array();
  const reader: BodyReader = request.body.getReader();
  const late = Promise.withResolvers<"too-slow">();
  const timer = setTimeout(() => late.resolve("too-slow"), timeoutMs);
  try {
    const read = await Promise.race([readUpTo(reader, bytes), late.promise]);
    if (!(read instanceof Uint8Array)) await reader.cancel();
    return read;
  } finally {
    clearTimeout(timer);
  }
}

async function readUpTo(reader: BodyReader, limitBytes: number): Promise<Uint8Array | BodyFault> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return concatBytes(chunks, size);
    size += value.byteLength;
    if (size > limitBytes) return "too-large";
    chunks.push(value);
  }
}
