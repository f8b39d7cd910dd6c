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

/** How many bodies are read side by side, and what each may be. */
export interface ReadingBounds extends BodyBounds {
  readonly sideBySide: number;
}

/**
 * Reads bodies, so many side by side. Who comes when there is no room takes the place of who began
 * first: whoever sends without delay is read though others hold their place by sending nothing.
 */
export class BodyReading {
  readonly #bounds: ReadingBounds;
  /** Break off what is being read; first the one that began first. */
  readonly #places = new Set<() => void>();

  constructor(bounds: ReadingBounds) {
    this.#bounds = bounds;
  }

  /** Reads the body of a request as readBody() does. */
  async read(request: Request): Promise<Uint8Array | BodyFault> {
    const [oldest] = this.#places;
    if (oldest !== undefined && this.#places.size >= this.#bounds.sideBySide) oldest();
    const late = Promise.withResolvers<"too-slow">();
    const giveWay = () => {
      this.#places.delete(giveWay);
      late.resolve("too-slow");
    };
    this.#places.add(giveWay);
    try {
      return await readBody(request, this.#bounds, late);
    } finally {
      this.#places.delete(giveWay);
    }
  }
}

/**
 * Reads the body of a request; what is too large by its length is not read at all, what turns out
 * to be is read no further.
 *
 * @param late resolved by who needs the place of this one
 */
export async function readBody(
  request: Request,
  { bytes, timeoutMs }: BodyBounds,
  late: PromiseWithResolvers<"too-slow"> = Promise.withResolvers(),
): Promise<Uint8Array | BodyFault> {
  if (Number(request.headers.get("content-length") ?? 0) > bytes) return "too-large";
  if (request.body === null) return new Uint8Array();
  const reader: BodyReader = request.body.getReader();
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
