import { LONG_CHUNK_BYTES } from "../../limits.ts";
import {
  COMMON_HEADERS,
  type ContentEncoding,
  chooseEncoding,
  DATA_POLICY,
  type HeaderFields,
  isNotModified,
  notModified,
  PLAIN_TEXT,
  REVALIDATE,
  respond,
} from "../http/index.ts";
import type { LongForms } from "./long-forms.ts";

/** The pieces of a body, from its start. */
export type Pieces = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** A body too long to be held for each who asks for it: its pieces are made as they are sent. */
export interface LongBody {
  readonly size: number;
  /** Names the bytes. */
  readonly version: string;
  readonly modified: Date;
  open(): Pieces;
}

/** What a long answer needs beside its body. */
export interface LongOptions {
  readonly forms: LongForms;
  /** Told what broke off an answer that had begun. */
  readonly onBroken: (error: unknown) => void;
}

/**
 * Answers with a long body: conditions, then the best form that the client accepts. Where as much is
 * being compressed, or compressed forms are being sent, as may be, the client gets the body as it is.
 */
export async function answerLong(
  request: Request,
  body: LongBody,
  { forms, onBroken }: LongOptions,
): Promise<Response> {
  const encoding = chooseEncoding(request.headers.get("accept-encoding"));
  const unsent = headersOf(body, encoding);
  const validators = { etag: unsent.etag, modified: body.modified };
  if (isNotModified(request.headers, validators)) return notModified(unsent);
  if (request.method === "HEAD") return new Response(null, { headers: lengthOf(body, unsent) });
  const bytes =
    encoding === "identity" ? undefined : await forms.compress(body, encoding, request.signal);
  if (bytes === undefined) return stream(body, onBroken);
  const headers = { ...unsent, "content-length": String(bytes.byteLength) };
  if (bytes.byteLength <= LONG_CHUNK_BYTES) return respond(request, bytes, 200, headers);
  const release = forms.hold(bytes, request.signal);
  if (release === undefined) return stream(body, onBroken);
  return new Response(pull([bytes], { ended: release, onBroken }), { headers });
}

/** Bun leaves the length out of a streamed answer; what measures answers goes by it. */
function stream(body: LongBody, onBroken: LongOptions["onBroken"]): Response {
  const headers = lengthOf(body, headersOf(body, "identity"));
  return new Response(pull(body.open(), { ended: () => {}, onBroken }), { headers });
}

type LongHeaders = HeaderFields & { readonly etag: string };

function headersOf({ version, modified }: LongBody, encoding: ContentEncoding): LongHeaders {
  return {
    ...COMMON_HEADERS,
    "content-type": PLAIN_TEXT,
    "content-security-policy": DATA_POLICY,
    "cache-control": REVALIDATE,
    etag: encoding === "identity" ? `"${version}"` : `"${version}-${encoding}"`,
    "last-modified": modified.toUTCString(),
    vary: "accept-encoding",
    ...(encoding === "identity" ? {} : { "content-encoding": encoding }),
  };
}

/** The length of a compressed form is known when it was made. */
function lengthOf({ size }: LongBody, headers: LongHeaders): HeaderFields {
  return "content-encoding" in headers ? headers : { ...headers, "content-length": String(size) };
}

/** Hands a body on at the pace of the client. */
function pull(
  pieces: Pieces,
  { ended, onBroken }: Pick<LongOptions, "onBroken"> & { readonly ended: () => void },
): ReadableStream<Uint8Array> {
  const chunks = inChunks(pieces);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const next = await chunks.next();
          if (!next.done) return controller.enqueue(next.value);
          ended();
          controller.close();
        } catch (error) {
          ended();
          onBroken(error);
          // Given the error itself, Bun would print it with source lines on standard error.
          controller.error();
        }
      },
      async cancel() {
        ended();
        await chunks.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

/** Puts pieces together so that each write is worth it, and cuts what is long. */
async function* inChunks(pieces: Pieces): AsyncGenerator<Uint8Array> {
  let chunk = new Uint8Array(LONG_CHUNK_BYTES);
  let used = 0;
  for await (const piece of pieces) {
    let rest = piece;
    while (rest.byteLength > 0) {
      if (used === 0 && rest.byteLength >= LONG_CHUNK_BYTES) {
        yield rest.subarray(0, LONG_CHUNK_BYTES);
        rest = rest.subarray(LONG_CHUNK_BYTES);
        continue;
      }
      const part = rest.subarray(0, LONG_CHUNK_BYTES - used);
      chunk.set(part, used);
      used += part.byteLength;
      rest = rest.subarray(part.byteLength);
      if (used < LONG_CHUNK_BYTES) continue;
      yield chunk;
      [chunk, used] = [new Uint8Array(LONG_CHUNK_BYTES), 0];
    }
  }
  if (used > 0) yield chunk.subarray(0, used);
}
