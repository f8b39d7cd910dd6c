import { type ByteStream, type OwnedStream, owned } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";
import { RESUME_PROGRESS_BYTES } from "../../limits.ts";
import { type HttpResponse, isTransient } from "../../net/index.ts";
import type { FetchOptions } from "../content.ts";
import type { Descriptor } from "../descriptor.ts";
import { verifyStream } from "../verify.ts";
import type { RegistryClient } from "./registry-client.ts";
import { responseError } from "./response-error.ts";
import type { Attempts } from "./retry.ts";

/** The bytes of a blob that are wanted: from `start` up to, not including, `end`. */
interface Span {
  readonly url: URL;
  readonly target: Descriptor;
  readonly start: number;
  readonly end: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Opens a blob. When the transfer breaks off it goes on where it stopped. A whole blob is asked for
 * without Range, which some registries do not understand, and verified; a part is not. Chunks come
 * from the connection and are the reader's alone.
 *
 * @throws {DevregError} NOT_FOUND, UNAUTHORIZED, REGISTRY_RESPONSE; while reading also
 *   DIGEST_MISMATCH, SIZE_MISMATCH
 */
export async function openBlob(
  client: RegistryClient,
  url: URL,
  target: Descriptor,
  options: FetchOptions,
): Promise<OwnedStream> {
  const { offset = 0, length = target.size - offset, signal } = options;
  const end = Math.min(target.size, offset + length);
  const whole = offset === 0 && end === target.size;
  const span: Span = { url, target, start: offset, end, signal };
  if (!whole && end <= offset) return owned(empty());
  const first = await ask(client, span, whole ? undefined : offset);
  const bytes = resumed(client, span, first);
  return owned(whole ? verifyStream(target, bytes, client.hashThread) : cut(bytes, end - offset));
}

async function* empty(): ByteStream {}

/** A part of an answer that starts before or at the position wanted. */
interface Piece {
  readonly body: ByteStream;
  /** How many bytes come before the one wanted next. */
  readonly skip: number;
  /** Whether its end is marked; else a connection that broke looks the same. */
  readonly delimited: boolean;
}

async function ask(client: RegistryClient, span: Span, from: number | undefined): Promise<Piece> {
  const { url, target, end, signal } = span;
  const response = await client.send({
    method: "GET",
    url,
    headers: from === undefined ? {} : { range: `bytes=${from}-${end - 1}` },
    ...(signal === undefined ? {} : { signal }),
  });
  const { body } = response;
  const delimited = ["content-length", "transfer-encoding"].some(
    (name) => response.header(name) !== undefined,
  );
  if (response.status === 200) return { body, skip: from ?? 0, delimited };
  if (response.status === 206 && from !== undefined) {
    await checkRange(response, from, target);
    return { body, skip: 0, delimited };
  }
  throw await responseError(response, "GET", `fetch blob ${target.digest}`);
}

async function checkRange(response: HttpResponse, from: number, target: Descriptor): Promise<void> {
  const range = response.header("content-range") ?? "";
  const [, start, , total] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(range.trim()) ?? [];
  const sized = total === undefined || total === "*" || Number(total) === target.size;
  if (start !== undefined && Number(start) === from && sized) return;
  await response.discard();
  throw new DevregError(
    "REGISTRY_RESPONSE",
    `Cannot fetch blob ${target.digest}: ${response.url.host} gave range "${range}" for byte ${from}`,
  );
}

/** Gives the bytes of a span, asking for the rest each time the transfer breaks off. */
async function* resumed(client: RegistryClient, span: Span, first: Piece): ByteStream {
  const attempts = client.backoff.begin(span.url.host);
  const position = { at: span.start, progress: 0 };
  let piece = first;
  for (;;) {
    const failure = yield* drain(piece, position);
    if (failure === undefined) {
      if (position.at >= span.end) return;
      if (piece.delimited) throw tooShort(span, position);
    }
    piece = await goOn(client, span, position, attempts, failure ?? endedEarly(span));
  }
}

interface Position {
  at: number;
  /** Bytes since the last break. */
  progress: number;
}

/** Passes bytes on; gives the failure that ended it when going on may help. */
async function* drain(
  piece: Piece,
  position: Position,
): AsyncGenerator<Uint8Array, DevregError | undefined> {
  let { skip } = piece;
  try {
    for await (const chunk of piece.body) {
      const wanted = chunk.subarray(Math.min(skip, chunk.byteLength));
      skip -= chunk.byteLength - wanted.byteLength;
      position.at += wanted.byteLength;
      position.progress += wanted.byteLength;
      if (wanted.byteLength > 0) yield wanted;
    }
    return undefined;
  } catch (error) {
    if (isTransient(error)) return error;
    throw error;
  }
}

async function goOn(
  client: RegistryClient,
  span: Span,
  position: Position,
  attempts: Attempts,
  failure: DevregError,
): Promise<Piece> {
  if (position.progress >= RESUME_PROGRESS_BYTES) attempts.progressed();
  position.progress = 0;
  if (!attempts.again(failure)) throw failure;
  await attempts.ready(span.signal);
  // Everything came and yet it failed: nothing is left to ask for.
  if (position.at >= span.end) throw failure;
  client.log.debug("blob download goes on", { digest: span.target.digest, from: position.at });
  return ask(client, span, position.at);
}

function tooShort({ target, url }: Span, { at }: Position): DevregError {
  return new DevregError(
    "SIZE_MISMATCH",
    `Cannot accept ${target.digest}: ${url.host} has ${at} bytes of ${target.size}`,
  );
}

function endedEarly({ target, url }: Span): DevregError {
  return new DevregError(
    "NETWORK",
    `Cannot fetch blob ${target.digest}: the answer of ${url.host} ended early`,
  );
}

/** Ends a stream after so many bytes, whatever else is sent. */
async function* cut(stream: ByteStream, bytes: number): ByteStream {
  let left = bytes;
  for await (const chunk of stream) {
    yield chunk.subarray(0, left);
    left -= chunk.byteLength;
    if (left <= 0) return;
  }
}
