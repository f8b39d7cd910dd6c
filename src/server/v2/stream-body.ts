import { type ByteStream, concatBytes } from "../../bytes.ts";
import { BLOB_HEAD_BYTES } from "../../limits.ts";

/**
 * Turns a stream of `length` bytes into the body of an answer. What fits in one chunk, or in
 * memory for a moment, becomes bytes: the answer then has a Content-Length (Bun drops it from
 * streamed answers), and a fault still becomes a status. Longer content is passed on at the pace of
 * the client; a fault half-way is told to `onBroken` and breaks the connection, so that nobody takes
 * a part for the whole.
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
  return pullFrom(head, chunks, onBroken);
}

function pullFrom(
  head: Uint8Array[],
  chunks: AsyncIterator<Uint8Array>,
  onBroken: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const ready = head.shift();
        if (ready !== undefined) return controller.enqueue(ready);
        try {
          const next = await chunks.next();
          if (next.done) controller.close();
          else controller.enqueue(next.value);
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
