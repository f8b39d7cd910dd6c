import { finished } from "node:stream/promises";
import { promisify } from "node:util";
import { createGzip, createZstdCompress } from "node:zlib";
import {
  COMPRESSED_BODY_BYTES,
  COMPRESSIONS,
  COMPRESSIONS_WAITING,
  LONG_HELD_BYTES,
} from "../../api-limits.ts";
import { concatBytes } from "../../bytes.ts";
import { Flights } from "../../flights.ts";
import { ANSWER_CACHE_BYTES, FILTER_CACHE_ENTRIES } from "../../limits.ts";
import { Slots } from "../../slots.ts";
import { ServerBusy } from "../busy.ts";
import { BoundedCache, type ContentEncoding } from "../http/index.ts";
import { HeldBytes } from "./held-bytes.ts";
import { inChunks, type LongBody } from "./long-body.ts";

/** The level of gzip for a body that a request waits for. */
const QUICK = 1;

/** What compressing may take. */
export interface LongBounds {
  /** Turns to compress. */
  readonly slots: Slots;
  /** What is on its way to clients. */
  readonly held: HeldBytes;
}

/** For all generations together. */
const SHARED: LongBounds = {
  slots: new Slots(COMPRESSIONS, COMPRESSIONS_WAITING, () => new ServerBusy("the index")),
  held: new HeldBytes(LONG_HELD_BYTES),
};

/** Compresses long bodies, a few at a time beside what else is done, and keeps what came of it. */
export class LongForms {
  readonly #bounds: LongBounds;
  readonly #kept = new BoundedCache<Uint8Array>(
    { name: "index-compressed", entries: FILTER_CACHE_ENTRIES, bytes: ANSWER_CACHE_BYTES },
    (bytes) => bytes.byteLength,
  );
  readonly #flights = new Flights<Uint8Array>();

  /** @param bounds those of all generations unless given */
  constructor(bounds: LongBounds = SHARED) {
    this.#bounds = bounds;
  }

  /** Gives a compressed form; undefined when too many wait for theirs, and for what is too long. */
  async compress(
    body: LongBody,
    encoding: Exclude<ContentEncoding, "identity">,
    signal: AbortSignal,
  ): Promise<Uint8Array | undefined> {
    if (body.size > COMPRESSED_BODY_BYTES) return undefined;
    const key = `${body.version}-${encoding}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    try {
      return await this.#flights.join(key, signal, (stop) =>
        this.#bounds.slots.run(stop, async () => {
          const bytes = await compress(body, encoding);
          this.#kept.set(key, bytes);
          return bytes;
        }),
      );
    } catch (error) {
      if (error instanceof ServerBusy) return undefined;
      throw error;
    }
  }

  /** Holds bytes while they are sent, as {@link HeldBytes.take} does. */
  hold(bytes: Uint8Array, signal: AbortSignal): (() => void) | undefined {
    return this.#bounds.held.take(bytes, signal);
  }
}

/** Compresses chunk by chunk, so that nothing but the result is ever held whole. */
async function compress(
  body: LongBody,
  encoding: Exclude<ContentEncoding, "identity">,
): Promise<Uint8Array> {
  const stream = encoding === "gzip" ? createGzip({ level: QUICK }) : createZstdCompress();
  const compressed: Uint8Array[] = [];
  stream.on("data", (bytes: Uint8Array) => compressed.push(bytes));
  const ended = finished(stream);
  // Whoever writes hears of it first.
  ended.catch(() => undefined);
  const write = promisify((bytes: Uint8Array, done: (error?: Error | null) => void) =>
    stream.write(bytes, done),
  );
  try {
    for await (const chunk of inChunks(body.open(), body.size, "reused")) await write(chunk);
    stream.end();
  } catch (error) {
    stream.destroy();
    throw error;
  }
  await ended;
  return concatBytes(compressed);
}
