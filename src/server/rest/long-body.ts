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
export type ChunkSource = Generator<Uint8Array> | AsyncGenerator<Uint8Array>;

/** Whether each chunk has a memory of its own, or may be written over once the next is asked for. */
export type ChunkUse = "kept" | "reused";

/** Puts the pieces of a body together so that each write is worth it, and cuts what is long. */
export function inChunks(pieces: Pieces, size: number, use: ChunkUse = "kept"): ChunkSource {
  const chunks = new Chunks(size, use);
  return Symbol.iterator in pieces ? chunksOf(pieces, chunks) : chunksOfAsync(pieces, chunks);
}

function* chunksOf(pieces: Iterable<Uint8Array>, chunks: Chunks): Generator<Uint8Array> {
  for (const piece of pieces) if (!chunks.append(piece)) yield* chunks.split(piece);
}

async function* chunksOfAsync(
  pieces: AsyncIterable<Uint8Array>,
  chunks: Chunks,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) if (!chunks.append(piece)) yield* chunks.split(piece);
}

class Chunks {
  /** Bytes that are still to come, those of the chunk being filled included. */
  #left: number;
  #chunk: Uint8Array | undefined;
  #used = 0;
  readonly #use: ChunkUse;

  constructor(size: number, use: ChunkUse) {
    this.#left = size;
    this.#use = use;
  }

  /** Takes a piece that does not complete a chunk; false for one that does. */
  append(piece: Uint8Array): boolean {
    const wanted = Math.min(this.#left, LONG_CHUNK_BYTES);
    if (this.#used + piece.byteLength >= wanted) return false;
    this.#chunk ??= new Uint8Array(wanted);
    this.#chunk.set(piece, this.#used);
    this.#used += piece.byteLength;
    return true;
  }

  /** Gives the chunks that a piece completes. */
  *split(piece: Uint8Array): Iterable<Uint8Array> {
    let rest = piece;
    while (rest.byteLength > 0 && !this.append(rest)) {
      const wanted = Math.min(this.#left, LONG_CHUNK_BYTES);
      const part = rest.subarray(0, wanted - this.#used);
      rest = rest.subarray(part.byteLength);
      this.#left -= wanted;
      yield this.#finish(part, wanted);
    }
  }

  #finish(part: Uint8Array, wanted: number): Uint8Array {
    const chunk = this.#chunk;
    // A whole chunk needs no copy.
    if (chunk === undefined || this.#used === 0) return part;
    chunk.set(part, this.#used);
    this.#used = 0;
    if (this.#use === "kept") this.#chunk = undefined;
    return chunk.subarray(0, wanted);
  }
}
