import type { FileHandle } from "node:fs/promises";
import type { ByteStream, Content } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import { TAR_HELD_BLOB_BYTES, TAR_HELD_BYTES } from "../mirror-limits.ts";
import { contentNotFound, type FetchOptions } from "./content.ts";
import type { Descriptor } from "./descriptor.ts";
import type { Digest } from "./digest.ts";
import { type FileRange, rangeOf, readRange } from "./layout-range.ts";
import { FileOutput, type TarOutput } from "./layout-tar-output.ts";
import type { TarSpool } from "./layout-tar-spool.ts";
import { isManifestType } from "./media-types.ts";

/** Content that waits for its turn: in memory, else in the spool. */
interface Held {
  readonly size: number;
  readonly bytes?: Uint8Array;
  /** Stays in memory when it is written, because it cannot be read back. */
  readonly stays?: boolean;
}

/** Content that is in the tar. */
interface Written {
  readonly size: number;
  readonly range: FileRange;
  readonly bytes?: Uint8Array;
}

/** Knows what content a tar that is being written has, and where it is by now. */
export class TarContent {
  readonly #spool: TarSpool;
  readonly #output: TarOutput;
  readonly #held = new Map<Digest, Held>();
  readonly #written = new Map<Digest, Written>();
  #memoryBytes = 0;

  constructor(spool: TarSpool, output: TarOutput) {
    this.#spool = spool;
    this.#output = output;
  }

  /** What waits for its turn, sorted. */
  get held(): readonly Digest[] {
    return [...this.#held.keys()].sort();
  }

  /** How many blobs and manifests are in the tar. */
  get writtenCount(): number {
    return this.#written.size;
  }

  /** Gives the size of what waits or is written; undefined for anything else. */
  sizeOf(digest: Digest): number | undefined {
    return (this.#held.get(digest) ?? this.#written.get(digest))?.size;
  }

  /** Tells whether content waits for its turn. */
  isHeld(digest: Digest | undefined): digest is Digest {
    return digest !== undefined && this.#held.has(digest);
  }

  /** Keeps bytes in memory until their turn comes; false when they are too many for it. */
  keep({ digest, size, mediaType }: Descriptor, bytes: Uint8Array): boolean {
    const stays = isManifestType(mediaType) && !(this.#output instanceof FileOutput);
    const small = size <= TAR_HELD_BLOB_BYTES && this.#memoryBytes + size <= TAR_HELD_BYTES;
    if (!stays && !small) return false;
    if (!stays) this.#memoryBytes += size;
    this.#held.set(digest, { size, bytes, stays });
    return true;
  }

  /** Keeps content in the spool until its turn comes. */
  async store(expected: Descriptor, content: Content): Promise<void> {
    await this.#spool.put(expected, content);
    this.adopt(expected);
  }

  /** Says that content is in the spool already. */
  adopt({ digest, size }: Descriptor): void {
    this.#held.set(digest, { size });
  }

  /** Opens what waits, to be written. */
  open(digest: Digest): Content {
    const { bytes, size = 0 } = this.#held.get(digest) ?? {};
    return bytes ?? (() => this.#spool.read(digest, size));
  }

  /** Says that content is in the tar, and lets go of what was kept of it. */
  async wrote({ digest, size }: Pick<Descriptor, "digest" | "size">, range: FileRange) {
    const held = this.#held.get(digest);
    const { bytes, stays = false } = held ?? {};
    this.#written.set(digest, { size, range, ...(stays && bytes ? { bytes } : {}) });
    this.#held.delete(digest);
    if (held === undefined) return;
    if (bytes === undefined) await this.#spool.remove(digest);
    else if (!stays) this.#memoryBytes -= size;
  }

  /**
   * Reads content back.
   *
   * @throws {DevregError} UNSUPPORTED when it has gone out with a stream
   */
  async *read(digest: Digest, options: FetchOptions): ByteStream {
    const size = this.sizeOf(digest) ?? 0;
    const spooled = await this.#openSpooled(digest);
    if (spooled !== undefined) {
      yield* readAndClose(spooled, digest, rangeOf(size, options), options.signal);
      return;
    }
    const { bytes } = this.#held.get(digest) ?? this.#written.get(digest) ?? {};
    const { start, end } = rangeOf(size, options);
    if (bytes !== undefined) yield bytes.subarray(start, end);
    else yield* this.#readWritten(digest, { start, end }, options.signal);
  }

  #readWritten(digest: Digest, range: FileRange, signal: AbortSignal | undefined): ByteStream {
    const base = this.#written.get(digest)?.range.start;
    if (base === undefined) throw contentNotFound(digest);
    if (!(this.#output instanceof FileOutput)) {
      throw new DevregError(
        "UNSUPPORTED",
        `Cannot read ${digest}: it has gone out with the stream`,
      );
    }
    return this.#output.read({ start: base + range.start, end: base + range.end }, signal);
  }

  /** Opens content in the spool; undefined when it is not there, or has just left. */
  async #openSpooled(digest: Digest): Promise<FileHandle | undefined> {
    const held = this.#held.get(digest);
    if (held === undefined || held.bytes !== undefined) return undefined;
    try {
      return await this.#spool.open(digest);
    } catch (error) {
      if (!this.#held.has(digest)) return undefined;
      throw error;
    }
  }
}

async function* readAndClose(
  file: FileHandle,
  shown: string,
  range: FileRange,
  signal: AbortSignal | undefined,
): ByteStream {
  try {
    yield* readRange(file, shown, range, signal);
  } finally {
    await file.close();
  }
}
