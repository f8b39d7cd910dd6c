import { crc32, deflateRawSync } from "node:zlib";

/** One entry of an archive, right or wrong: what is not given is as it should be. */
export interface BuiltEntry {
  readonly name: string;
  readonly content?: string | Uint8Array;
  /** Type and permissions of Unix; 0o100644 unless told. */
  readonly mode?: number;
  /** The system that wrote it; 3 is Unix, 0 is MS-DOS. */
  readonly system?: number;
  readonly flags?: number;
  /** 8 compresses, everything else stores. */
  readonly method?: number;
  /** In the place of the true values. */
  readonly localName?: string;
  readonly sizeBytes?: number;
  readonly crc?: number;
  /** Uses the local header of the entry at this place. */
  readonly sameAs?: number;
  /** Writes the sizes in the wide form. */
  readonly wide?: boolean;
}

/** What is wrong or unusual about an archive as a whole. */
export interface BuiltZipOptions {
  readonly comment?: string;
  /** Put in front without any offset being changed. */
  readonly prepended?: Uint8Array;
  readonly count?: number;
  readonly disk?: number;
}

/** Builds an archive entry by entry, exactly as told. */
export function buildZip(entries: readonly BuiltEntry[], options: BuiltZipOptions = {}): Buffer {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  const offsets: number[] = [];
  const size = () => pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
  for (const entry of entries) {
    const bytes = Buffer.from(entry.content ?? "");
    const method = entry.method ?? 0;
    const packed = method === 8 ? deflateRawSync(bytes) : bytes;
    const offset = entry.sameAs === undefined ? size() : (offsets[entry.sameAs] ?? 0);
    offsets.push(offset);
    const fields = Buffer.alloc(24);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(entry.flags ?? 0, 2);
    fields.writeUInt16LE(method, 4);
    fields.writeUInt32LE(entry.crc ?? crc32(bytes), 10);
    fields.writeUInt32LE(packed.byteLength, 14);
    fields.writeUInt32LE(entry.sizeBytes ?? bytes.byteLength, 18);
    const localName = Buffer.from(entry.localName ?? entry.name);
    const name = Buffer.from(entry.name);
    fields.writeUInt16LE(localName.byteLength, 22);
    if (entry.sameAs === undefined) {
      pieces.push(u32(0x04034b50), fields, Buffer.alloc(2), localName, packed);
    }
    fields.writeUInt16LE(name.byteLength, 22);
    directory.push(directoryEntry(entry, fields, offset), name, extraOf(entry, fields));
  }
  const start = size();
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(options.disk ?? 0, 0);
  end.writeUInt16LE(options.count ?? entries.length, 4);
  end.writeUInt16LE(options.count ?? entries.length, 6);
  end.writeUInt32LE(listed.byteLength, 8);
  end.writeUInt32LE(start, 12);
  const comment = Buffer.from(options.comment ?? "");
  end.writeUInt16LE(comment.byteLength, 16);
  const prepended = Buffer.from(options.prepended ?? []);
  return Buffer.concat([prepended, ...pieces, listed, u32(0x06054b50), end, comment]);
}

function directoryEntry(entry: BuiltEntry, fields: Buffer, offset: number): Buffer {
  const written = Buffer.alloc(46);
  written.writeUInt32LE(0x02014b50, 0);
  written.writeUInt16LE(((entry.system ?? 3) << 8) | 20, 4);
  fields.copy(written, 6);
  if (entry.wide === true) {
    written.writeUInt32LE(0xffffffff, 20);
    written.writeUInt32LE(0xffffffff, 24);
    written.writeUInt16LE(20, 30);
  }
  written.writeUInt32LE((entry.mode ?? 0o100644) * 0x10000, 38);
  written.writeUInt32LE(offset, 42);
  return written;
}

function extraOf(entry: BuiltEntry, fields: Buffer): Buffer {
  if (entry.wide !== true) return Buffer.alloc(0);
  const extra = Buffer.alloc(20);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(16, 2);
  extra.writeBigUInt64LE(BigInt(fields.readUInt32LE(18)), 4);
  extra.writeBigUInt64LE(BigInt(fields.readUInt32LE(14)), 12);
  return extra;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value, 0);
  return bytes;
}
