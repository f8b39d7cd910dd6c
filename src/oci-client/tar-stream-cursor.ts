import { type ByteStream, concatBytes } from "../bytes.ts";
import type { TarCursor } from "./tar-entries.ts";

/** Goes through a tar that comes as a stream. */
export class StreamCursor implements TarCursor {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();
  position = 0;

  constructor(stream: ByteStream) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  async take(length: number): Promise<Uint8Array> {
    const pieces = await Array.fromAsync(this.pieces(length));
    return concatBytes(pieces);
  }

  async skip(length: number): Promise<number> {
    let skipped = 0;
    for await (const piece of this.pieces(length)) skipped += piece.byteLength;
    return skipped;
  }

  /** Gives the next bytes piece by piece; fewer only where the stream ends. */
  async *pieces(length: number): ByteStream {
    let left = length;
    while (left > 0) {
      if (this.#rest.byteLength === 0) {
        const { done, value } = await this.#chunks.next();
        if (done === true) return;
        this.#rest = value;
      }
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.byteLength);
      this.position += piece.byteLength;
      left -= piece.byteLength;
      if (piece.byteLength > 0) yield piece;
    }
  }

  /** Releases what is behind the stream. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
