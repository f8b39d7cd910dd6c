import { BLOB_HEAD_MS } from "../../api-limits.ts";
import { type ByteStream, concatBytes, isOwned, release } from "../../bytes.ts";
import { BLOB_HEAD_BYTES } from "../../limits.ts";

/**
 * Turns a stream of `length` bytes into the body of an answer. What fits in one chunk, or in
 * memory for a moment, becomes bytes: the answer then has a Content-Length (Bun drops it from
 * streamed answers), and a fault still becomes a status. Longer content, and what comes too slowly
 * to wait for all of it, is passed on at the pace of the client; a fault half-way is told to
 * `onBroken` and breaks the connection, so that nobody takes a part for the whole. The memory of
 * owned chunks is given back as they are sent: such a body is only for Bun.serve, which asks for
 * more once it has sent or copied what it got.
 *
 * @throws {DevregError} what the stream throws before its first bytes are given out
 */
export async function streamBody(
  stream: ByteStream,
  length: number,
  onBroken: (error: unknown) => void,
  headMs = BLOB_HEAD_MS,
): Promise<Uint8Array | ReadableStream<Uint8Array>> {
  const chunks = stream[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done) return new Uint8Array();
  if (first.value.byteLength >= length) {
    // Content in memory comes in one chunk; asking once more lets its source finish.
    await chunks.next();
    return first.value;
  }
  const head = await readHead(first.value, chunks, headMs);
  if (head.isWhole) return concatBytes(head.chunks);
  const onSent = isOwned(stream) ? release : () => undefined;
  return pullFrom(head, chunks, { onBroken, onSent });
}

/** What came before an answer begins. */
interface Head {
  readonly chunks: Uint8Array[];
  readonly isWhole: boolean;
  /** What was asked for and has not come yet. */
  readonly coming?: Promise<IteratorResult<Uint8Array>>;
}

async function readHead(
  first: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
  timeoutMs: number,
): Promise<Head> {
  const chunks = [first];
  let size = first.byteLength;
  const late = Promise.withResolvers<"late">();
  const timer = setTimeout(() => late.resolve("late"), timeoutMs);
  try {
    while (size <= BLOB_HEAD_BYTES) {
      const coming = rest.next();
      const next = await Promise.race([coming, late.promise]);
      if (next === "late") return { chunks, isWhole: false, coming };
      if (next.done) return { chunks, isWhole: true };
      chunks.push(next.value);
      size += next.value.byteLength;
    }
    return { chunks, isWhole: false };
  } finally {
    clearTimeout(timer);
  }
}

interface Watcher {
  readonly onBroken: (error: unknown) => void;
  readonly onSent: (chunk: Uint8Array) => void;
}

function pullFrom(
  { chunks: head, coming }: Head,
  chunks: AsyncIterator<Uint8Array>,
  { onBroken, onSent }: Watcher,
): ReadableStream<Uint8Array> {
  let given: Uint8Array | undefined;
  let asked = coming;
  const next = async () => {
    const result = await (asked ?? chunks.next());
    asked = undefined;
    return result.done ? undefined : result.value;
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (given !== undefined) onSent(given);
        try {
          given = head.shift() ?? (await next());
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
