import { LONG_CHUNK_BYTES } from "../../api-limits.ts";

/** The pieces of a body, from its start. */
export type Pieces = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** A body too long to be copied for each who asks for it. */
export interface LongBody {
  readonly size: number;
  /** Names the bytes. */
  readonly version: string;
  readonly modified: Date;
  /** The bytes where they are at hand. */
  readonly bytes?: Uint8Array;
  /** Gives the pieces, which are made as they are asked for. */
  open(): Pieces;
}

/** What pulls chunks of a body: at once where its pieces are at hand. */
export type ChunkSource = Iterator<Uint8Array> | AsyncIterator<Uint8Array>;

/** Puts the pieces of a body together so that each write is worth it, and cuts what is long. */
export function inChunks(pieces: Pieces, size: number): ChunkSource {
  return Symbol.iterator in pieces ? chunksOf(pieces, size) : chunksOfAsync(pieces, size);
}

function* chunksOf(pieces: Iterable<Uint8Array>, size: number): Iterator<Uint8Array> {
  const chunks = new Chunks(size);
  for (const piece of pieces) yield* chunks.add(piece);
}

async function* chunksOfAsync(
  pieces: AsyncIterable<Uint8Array>,
  size: number,
): AsyncIterator<Uint8Array> {
  const chunks = new Chunks(size);
  for await (const piece of pieces) yield* chunks.add(piece);
}

class Chunks {
  /** Bytes that are still to come, those of the chunk being filled included. */
  #left: number;
  #chunk: Uint8Array | undefined;
  #used = 0;

  constructor(size: number) {
    this.#left = size;
  }

  /** Takes a piece, and gives the chunks that it completes. */
  *add(piece: Uint8Array): Iterable<Uint8Array> {
    let rest = piece;
    while (rest.byteLength > 0) {
      const wanted = Math.min(this.#left, LONG_CHUNK_BYTES);
      const part = rest.subarray(0, wanted - this.#used);
      rest = rest.subarray(part.byteLength);
      const full = this.#fill(part, wanted);
      if (full === undefined) continue;
      this.#left -= wanted;
      yield full;
    }
  }

  #fill(part: Uint8Array, wanted: number): Uint8Array | undefined {
    // A whole chunk needs no copy.
    if (part.byteLength === wanted) return part;
    this.#chunk ??= new Uint8Array(wanted);
    this.#chunk.set(part, this.#used);
    this.#used += part.byteLength;
    if (this.#used < wanted) return undefined;
    const full = this.#chunk;
    [this.#chunk, this.#used] = [undefined, 0];
    return full;
  }
}
