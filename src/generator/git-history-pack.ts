import { DevregError } from "../errors.ts";
import { GIT_OBJECT_BYTES } from "../limits.ts";

const MAGIC = 0xff744f63;
const FANOUT_START = 8;
const NAMES_START = FANOUT_START + 256 * 4;
const OID_BYTES = 20;
const LARGE_OFFSET = 0x80000000;

/** The index of a pack: where each object starts. Spec: gitformat-pack, pack-*.idx version 2. */
export class PackIndex {
  readonly #bytes: Buffer;
  readonly #count: number;
  readonly #starts: Float64Array;

  /** Takes the bytes of an .idx file. @throws {DevregError} UNSUPPORTED, INPUT_INVALID */
  constructor(bytes: Buffer, name: string) {
    if (bytes.byteLength < NAMES_START || bytes.readUInt32BE(0) !== MAGIC) {
      throw unsupported(name, "it is no pack index of version 2");
    }
    if (bytes.readUInt32BE(4) !== 2) throw unsupported(name, "its version is not 2");
    this.#bytes = bytes;
    this.#count = bytes.readUInt32BE(FANOUT_START + 255 * 4);
    if (bytes.byteLength < this.#offsetsStart() + this.#count * 4 + 2 * OID_BYTES) {
      throw unsupported(name, "it is too short for SHA-1 names");
    }
    this.#starts = Float64Array.from({ length: this.#count }, (_, at) => this.#offsetAt(at)).sort();
  }

  /** Gives where an object starts in the pack; undefined when it is in another. */
  offsetOf(oid: string): number | undefined {
    const wanted = Buffer.from(oid, "hex");
    const first = wanted[0] ?? 0;
    let low = first === 0 ? 0 : this.#bytes.readUInt32BE(FANOUT_START + (first - 1) * 4);
    let high = this.#bytes.readUInt32BE(FANOUT_START + first * 4);
    while (low < high) {
      const middle = (low + high) >>> 1;
      const start = NAMES_START + middle * OID_BYTES;
      const order = wanted.compare(this.#bytes, start, start + OID_BYTES);
      if (order === 0) return this.#offsetAt(middle);
      if (order < 0) high = middle;
      else low = middle + 1;
    }
    return undefined;
  }

  /** Gives a position at or after the end of an entry; the last one may reach to the end. */
  endOf(start: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] ?? 0) <= start) low = middle + 1;
      else high = middle;
    }
    return this.#starts[low] ?? start + GIT_OBJECT_BYTES;
  }

  #offsetsStart(): number {
    const checksumBytes = 4;
    return NAMES_START + this.#count * (OID_BYTES + checksumBytes);
  }

  #offsetAt(at: number): number {
    const offset = this.#bytes.readUInt32BE(this.#offsetsStart() + at * 4);
    if (offset < LARGE_OFFSET) return offset;
    const large = this.#offsetsStart() + this.#count * 4 + (offset - LARGE_OFFSET) * 8;
    return Number(this.#bytes.readBigUInt64BE(large));
  }
}

/** What stands before the compressed content of an entry of a pack. */
export interface EntryHeader {
  /** 1 commit, 2 tree, 3 blob, 4 tag, 6 delta to an offset, 7 delta to a name. */
  readonly kind: number;
  /** Size of the content once unpacked, in bytes. */
  readonly size: number;
  readonly headerBytes: number;
  /** How far before this entry the base of a delta starts; 0 for other kinds. */
  readonly baseDistance: number;
  /** Name of the base of a delta; empty for other kinds. */
  readonly baseOid: string;
}

/** Reads the header of an entry. Spec: gitformat-pack, pack entries. */
export function readEntryHeader(raw: Buffer): EntryHeader {
  let at = 0;
  let byte = raw.readUInt8(at++);
  const kind = (byte >> 4) & 7;
  let size = byte & 0x0f;
  for (let scale = 16; byte >= 0x80; scale *= 128) {
    byte = raw.readUInt8(at++);
    size += (byte & 0x7f) * scale;
  }
  let baseDistance = 0;
  let baseOid = "";
  if (kind === 6) {
    byte = raw.readUInt8(at++);
    baseDistance = byte & 0x7f;
    while (byte >= 0x80) {
      byte = raw.readUInt8(at++);
      baseDistance = (baseDistance + 1) * 128 + (byte & 0x7f);
    }
  } else if (kind === 7) {
    baseOid = raw.toString("hex", at, at + OID_BYTES);
    at += OID_BYTES;
  }
  return { kind, size, headerBytes: at, baseDistance, baseOid };
}

/**
 * Rebuilds an object from its base. Spec: gitformat-pack, deltified representation.
 *
 * @throws {DevregError} INPUT_INVALID when the delta does not belong to the base
 */
export function applyDelta(base: Buffer, delta: Buffer): Buffer {
  let at = 0;
  const readSize = () => {
    let size = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = delta.readUInt8(at++);
      size += (byte & 0x7f) * scale;
      if (byte < 0x80) return size;
    }
  };
  const readSparse = (flags: number, bytes: number) => {
    let value = 0;
    for (let bit = 0; bit < bytes; bit++) {
      if (flags & (1 << bit)) value += delta.readUInt8(at++) * 2 ** (8 * bit);
    }
    return value;
  };
  if (readSize() !== base.byteLength) throw wrongDelta();
  const resultBytes = readSize();
  if (resultBytes > GIT_OBJECT_BYTES) throw wrongDelta();
  const result = Buffer.alloc(resultBytes);
  let written = 0;
  while (at < delta.byteLength) {
    const operation = delta.readUInt8(at++);
    if (operation & 0x80) {
      const from = readSparse(operation, 4);
      const length = readSparse(operation >> 4, 3) || 0x10000;
      if (from + length > base.byteLength) throw wrongDelta();
      written += base.copy(result, written, from, from + length);
    } else {
      written += delta.copy(result, written, at, at + operation);
      at += operation;
    }
  }
  if (written !== result.byteLength) throw wrongDelta();
  return result;
}

function wrongDelta(): DevregError {
  return new DevregError("INPUT_INVALID", "Cannot read git objects: a delta is damaged", {
    hint: "Check the repository with git fsck",
  });
}

function unsupported(name: string, state: string): DevregError {
  return new DevregError("UNSUPPORTED", `Cannot read "${name}.idx": ${state}`, {
    hint: "Repack the repository with git repack -a, or keep a last_modified.json in it",
  });
}
