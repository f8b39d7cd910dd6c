import { DevregError } from "./errors.ts";

/** A body that is read once, piece by piece; breaking off the loop releases what is behind it. */
export type ByteStream = AsyncIterable<Uint8Array>;

/** A stream whose chunks are the reader's alone, memory and all: nobody else looks at them again. */
export interface OwnedStream extends ByteStream {
  readonly owned: true;
}

/** Says of a stream that its chunks are the reader's alone. */
export function owned(stream: ByteStream): OwnedStream {
  return Object.assign(stream, { owned: true as const });
}

/** Tells whether the chunks of a stream are the reader's alone. */
export function isOwned(stream: ByteStream): stream is OwnedStream {
  return "owned" in stream;
}

/**
 * Gives the memory of a chunk back at once instead of when garbage is collected; the chunk is empty
 * then. A view of a part of its buffer is left alone: others may look at the rest.
 */
export function release(chunk: Uint8Array): void {
  const { buffer, byteLength } = chunk;
  const whole = byteLength > 0 && byteLength === buffer.byteLength;
  if (whole && buffer instanceof ArrayBuffer) buffer.transfer(0);
}

/** Content that can be opened as often as a retry needs: bytes in memory, or a way to open them. */
export type Content = Uint8Array | (() => ByteStream);

/** Opens content from its start. */
export function openContent(content: Content): ByteStream {
  return content instanceof Uint8Array ? streamOf(content) : content();
}

/** Makes a stream of bytes in memory. */
export async function* streamOf(...chunks: readonly Uint8Array[]): ByteStream {
  yield* chunks;
}

/**
 * Reads a whole stream into memory.
 *
 * @throws {DevregError} LIMIT_EXCEEDED when it holds more than `limitBytes`; reading stops there.
 */
export async function readAll(
  stream: ByteStream,
  limitBytes: number,
  what: string,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > limitBytes) {
      throw new DevregError("LIMIT_EXCEEDED", `Cannot read ${what}: over ${limitBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return concatBytes(chunks, size);
}

/** Joins chunks; `size` saves counting them again. */
export function concatBytes(chunks: readonly Uint8Array[], size?: number): Uint8Array {
  const [only] = chunks;
  if (chunks.length === 1 && only !== undefined) return only;
  const joined = new Uint8Array(size ?? chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
  let offset = 0;
  for (const chunk of chunks) {
    joined.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return joined;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Encodes text as UTF-8. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Decodes UTF-8, keeping a byte order mark and replacing invalid sequences. */
export function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** Renders a size for people: 1536 → "1.5 KiB". */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // What would be rounded up to 1024.0 is shown in the next unit.
  while (value >= (unit === 0 ? 1024 : 1023.95) && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}
