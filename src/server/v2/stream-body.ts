import { type ByteStream, concatBytes, isOwned, release } from "../../bytes.ts";
import { BLOB_HEAD_BYTES } from "../../limits.ts";

/**
 * Turns a stream of `length` bytes into the body of an answer. What fits in one chunk, or in
 * memory for a moment, becomes bytes: the answer then has a Content-Length (Bun drops it from
 * streamed answers), and a fault still becomes a status. Longer content is passed on at the pace of
 * the client; a fault half-way is told to `onBroken` and breaks the connection, so that nobody takes
 * a part for the whole. The memory of owned chunks is given back as they are sent: such a body is only for
 * Bun.serve, which asks for more once it has sent or copied what it got.
 *
 * @throws {DevregError} what the stream throws before its first bytes are given out
 */
export async function streamBody(
  stream: ByteStream,
  length: number,
  onBroken: (error: unknown) => void,
): Promise<Uint8Array | ReadableStream<Uint8Array>> {
  const chunks = stream[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let size = 0;
  while (size <= BLOB_HEAD_BYTES) {
    const next = await chunks.next();
    if (next.done) return concatBytes(head, size);
    head.push(next.value);
    size += next.value.byteLength;
    if (size >= length && head.length === 1) {
      // Content in memory comes in one chunk; asking once more lets its source finish.
      await chunks.next();
      return next.value;
    }
  }
  return pullFrom(head, chunks, { onBroken, onSent: isOwned(stream) ? release : () => undefined });
}

interface Watcher {
  readonly onBroken: (error: unknown) => void;
  readonly onSent: (chunk: Uint8Array) => void;
}

function pullFrom(
  head: Uint8Array[],
  chunks: AsyncIterator<Uint8Array>,
  { onBroken, onSent }: Watcher,
): ReadableStream<Uint8Array> {
  let given: Uint8Array | undefined;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (given !== undefined) onSent(given);
        try {
          given = head.shift() ?? (await nextOf(chunks));
          if (given === undefined) controller.close();
          else controller.enqueue(given);
        } catch (error) {
          onBroken(error);
          // Given the error itself, Bun would print it with source lines on standard error.
          controller.error();
        }
      },
      async cancel() {
        await chunks.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

async function nextOf(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array | undefined> {
  const next = await chunks.next();
  return next.done ? undefined : next.value;
}
