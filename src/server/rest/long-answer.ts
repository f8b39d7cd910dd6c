import { LONG_CHUNK_BYTES } from "../../api-limits.ts";
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
import { type ChunkSource, inChunks, type LongBody } from "./long-body.ts";
import type { LongForms } from "./long-forms.ts";

/** What a long answer needs beside its body. */
export interface LongOptions {
  readonly forms: LongForms;
  /** Told what broke off an answer that had begun. */
  readonly onBroken: (error: unknown) => void;
}

/**
 * Answers with a long body: conditions, then the best form that the client accepts. Where as much is
 * being compressed, or held for clients who take their time, as may be, the client gets the body as
 * it is, put together as it is sent.
 */
export async function answerLong(
  request: Request,
  body: LongBody,
  options: LongOptions,
): Promise<Response> {
  const encoding = chooseEncoding(request.headers.get("accept-encoding"));
  const unsent = headersOf(body, encoding);
  const validators = { etag: unsent.etag, modified: body.modified };
  if (isNotModified(request.headers, validators)) return notModified(unsent);
  if (request.method === "HEAD") return new Response(null, { headers: lengthOf(body, unsent) });
  const { signal } = request;
  const bytes =
    encoding === "identity" ? undefined : await options.forms.compress(body, encoding, signal);
  if (bytes === undefined) return answerPlain(request, body, options);
  const headers = { ...unsent, "content-length": String(bytes.byteLength) };
  if (bytes.byteLength <= LONG_CHUNK_BYTES) return respond(request, bytes, 200, headers);
  const ended = options.forms.hold(bytes, signal);
  if (ended === undefined) return answerPlain(request, body, options);
  return stream(inChunks([bytes], bytes.byteLength), headers, { ...options, ended });
}

function answerPlain({ signal }: Request, body: LongBody, options: LongOptions): Response {
  const { bytes, size } = body;
  const headers = lengthOf(body, headersOf(body, "identity"));
  const ended = bytes && options.forms.hold(bytes, signal);
  const pieces = bytes === undefined || ended === undefined ? body.open() : [bytes];
  return stream(inChunks(pieces, size), headers, { ...options, ended });
}

type Controller = ReadableStreamDefaultController<Uint8Array>;
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

/**
 * Bun leaves the length out of a streamed answer; what measures answers goes by it. That of a
 * compressed form is known once it was made.
 */
function lengthOf({ size }: LongBody, headers: LongHeaders): HeaderFields {
  return "content-encoding" in headers ? headers : { ...headers, "content-length": String(size) };
}

/** Hands a body on at the pace of the client. */
function stream(
  chunks: ChunkSource,
  headers: HeaderFields,
  { ended, onBroken }: Pick<LongOptions, "onBroken"> & { readonly ended: (() => void) | undefined },
): Response {
  const end = () => ended?.();
  const hand = (controller: Controller, next: IteratorResult<Uint8Array>) => {
    if (!next.done) return controller.enqueue(next.value);
    end();
    controller.close();
  };
  const fail = (controller: Controller, error: unknown) => {
    end();
    onBroken(error);
    // Given the error itself, Bun would print it with source lines on standard error.
    controller.error();
  };
  const source = {
    pull(controller: Controller) {
      const next = chunks.next();
      if (!(next instanceof Promise)) return hand(controller, next);
      return next.then(
        (chunk) => hand(controller, chunk),
        (error) => fail(controller, error),
      );
    },
    async cancel() {
      end();
      await chunks.return(undefined);
    },
  };
  return new Response(new ReadableStream(source, { highWaterMark: 0 }), { headers });
}
