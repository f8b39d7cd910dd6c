import { PIECE_CACHE_BYTES, PIECE_CACHE_ENTRIES } from "../../viewer-limits.ts";
import { BoundedCache } from "../http/index.ts";
import type { PreparedGeneration } from "../served.ts";
import type { Html } from "./html.ts";

/** What one generation keeps. */
interface Pieces {
  readonly kept: BoundedCache<Html>;
  readonly making: Map<string, Promise<Html>>;
}

const piecesOf = new WeakMap<PreparedGeneration, Pieces>();

/**
 * Gives a part of a page that is costly to make and is the same under every address and name of the
 * page, of which strangers may make up as many as they like. It is made once for all who ask.
 *
 * @param key names everything that the part depends on beside the generation
 */
export async function keptPiece(
  generation: PreparedGeneration,
  key: readonly string[],
  make: () => Html | Promise<Html>,
): Promise<Html> {
  const { kept, making } = openPieces(generation);
  const name = JSON.stringify(key);
  const known = kept.get(name) ?? making.get(name);
  if (known !== undefined) return await known;
  const made = Promise.try(make);
  making.set(name, made);
  try {
    const piece = await made;
    kept.set(name, piece);
    return piece;
  } finally {
    making.delete(name);
  }
}

function openPieces(generation: PreparedGeneration): Pieces {
  const pieces = piecesOf.get(generation) ?? {
    kept: new BoundedCache<Html>(
      { entries: PIECE_CACHE_ENTRIES, bytes: PIECE_CACHE_BYTES },
      ({ markup }) => markup.length * 2,
    ),
    making: new Map<string, Promise<Html>>(),
  };
  piecesOf.set(generation, pieces);
  return pieces;
}
