import { type ByteStream, concatBytes } from "../../bytes.ts";

/** Reads a stream in pieces of chosen sizes. */
export class PieceReader {
  readonly #iterator: AsyncIterator<Uint8Array>;
  #held: Uint8Array = new Uint8Array();

  constructor(stream: ByteStream) {
    this.#iterator = stream[Symbol.asyncIterator]();
  }

  /** Gives exactly so many bytes; undefined when the stream ends before. */
  async take(size: number): Promise<Uint8Array | undefined> {
    const chunks: Uint8Array[] = [];
    let taken = 0;
    for await (const chunk of this.pass(size)) {
      chunks.push(chunk);
      taken += chunk.byteLength;
    }
    return taken === size ? concatBytes(chunks, size) : undefined;
  }

  /** Gives so many bytes as they come, or less when the stream ends before. */
  async *pass(size: number): ByteStream {
    let left = size;
    while (left > 0) {
      const chunk = this.#held.byteLength > 0 ? this.#held : await this.#next();
      if (chunk === undefined) return;
      this.#held = chunk.subarray(left);
      const piece = chunk.subarray(0, left);
      left -= piece.byteLength;
      yield piece;
    }
  }

  /** Reads to the end of the stream. */
  async drain(): Promise<void> {
    this.#held = new Uint8Array();
    let chunk: Uint8Array | undefined;
    do chunk = await this.#next();
    while (chunk !== undefined);
  }

  /** Ends reading and releases what is behind the stream. */
  async close(): Promise<void> {
    await this.#iterator.return?.();
  }

  async #next(): Promise<Uint8Array | undefined> {
    const { done, value } = await this.#iterator.next();
    return done === true ? undefined : value;
  }
}
