import { DevregError } from "../../errors.ts";
import { PROJECT_FILES } from "../../limits.ts";

/** One entry of an archive as its central directory has it. */
export interface ZipEntry {
  /** As written: "project/src/main.go", with a slash at the end for a folder. */
  readonly name: string;
  /** Where its local header starts. */
  readonly offset: number;
  readonly method: number;
  readonly flags: number;
  readonly crc: number;
  readonly compressedBytes: number;
  readonly sizeBytes: number;
  /** Type and permissions of Unix (0o100644); 0 where another system wrote it. */
  readonly mode: number;
}

/** The entries of an archive and where their content must end. */
export interface ZipDirectory {
  readonly entries: readonly ZipEntry[];
  /** Where the central directory starts. */
  readonly start: number;
}

const END = 0x06054b50;
const END_BYTES = 22;
const LOCATOR64 = 0x07064b50;
const LOCATOR64_BYTES = 20;
const END64 = 0x06064b50;
const END64_BYTES = 56;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
const UNIX = 3;
const MAX16 = 0xffff;
const MAX32 = 0xffffffff;

/**
 * Reads the central directory of an archive. Only plain archives are taken: of one part,
 * with all offsets right and nothing behind. Spec: APPNOTE.TXT 6.3, 4.3.12 to 4.3.16.
 *
 * @throws {DevregError} INPUT_INVALID, LIMIT_EXCEEDED
 */
export function readZipDirectory(zip: Buffer): ZipDirectory {
  const end = findEnd(zip);
  const { count, size, start, at } = readEnd(zip, end);
  if (count > 2 * PROJECT_FILES) {
    const message = `Cannot read the zip archive: over ${2 * PROJECT_FILES} entries`;
    throw new DevregError("LIMIT_EXCEEDED", message);
  }
  if (start + size !== at) throw invalidZip("its directory is not where it says");
  const entries: ZipEntry[] = [];
  let offset = start;
  for (let index = 0; index < count; index++) {
    if (offset + ENTRY_BYTES > at || zip.readUInt32LE(offset) !== ENTRY) {
      throw invalidZip("its directory is damaged");
    }
    const next = offset + ENTRY_BYTES + variableBytes(zip, offset);
    if (next > at) throw invalidZip("its directory is damaged");
    entries.push(readEntry(zip, offset));
    offset = next;
  }
  if (offset !== at) throw invalidZip("its directory is longer than its entries");
  return { entries, start };
}

/** Makes an error about an archive. */
export function invalidZip(state: string, cause?: unknown): DevregError {
  return new DevregError("INPUT_INVALID", `Cannot read the zip archive: ${state}`, {
    cause,
    hint: "Check that the address leads to a zip archive, and the archive with unzip -t",
  });
}

function findEnd(zip: Buffer): number {
  const first = Math.max(0, zip.byteLength - END_BYTES - MAX16);
  for (let at = zip.byteLength - END_BYTES; at >= first; at--) {
    if (zip.readUInt32LE(at) !== END) continue;
    // A comment ends the archive; anything else that looks like the end is part of one.
    if (at + END_BYTES + zip.readUInt16LE(at + 20) === zip.byteLength) return at;
  }
  throw invalidZip("it is none, or it breaks off");
}

interface DirectoryEnd {
  readonly count: number;
  readonly size: number;
  readonly start: number;
  /** Where the directory ends. */
  readonly at: number;
}

function readEnd(zip: Buffer, end: number): DirectoryEnd {
  const disks = zip.readUInt16LE(end + 4) + zip.readUInt16LE(end + 6);
  const [here, count] = [zip.readUInt16LE(end + 8), zip.readUInt16LE(end + 10)];
  const [size, start] = [zip.readUInt32LE(end + 12), zip.readUInt32LE(end + 16)];
  const locator = end - LOCATOR64_BYTES;
  if (locator >= 0 && zip.readUInt32LE(locator) === LOCATOR64) return readEnd64(zip, locator);
  if (disks !== 0 || here !== count) throw invalidZip("it is one part of several");
  return { count, size, start, at: end };
}

function readEnd64(zip: Buffer, locator: number): DirectoryEnd {
  const at = locator - END64_BYTES;
  const placed = at >= 0 && read64(zip, locator + 8) === at && zip.readUInt32LE(at) === END64;
  if (!placed || read64(zip, at + 4) !== END64_BYTES - 12) {
    throw invalidZip("its end is damaged");
  }
  const disks = zip.readUInt32LE(at + 16) + zip.readUInt32LE(at + 20);
  const count = read64(zip, at + 32);
  if (disks !== 0 || read64(zip, at + 24) !== count) throw invalidZip("it is one part of several");
  return { count, size: read64(zip, at + 40), start: read64(zip, at + 48), at };
}

function variableBytes(zip: Buffer, at: number): number {
  return zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
}

function readEntry(zip: Buffer, at: number): ZipEntry {
  const nameEnd = at + ENTRY_BYTES + zip.readUInt16LE(at + 28);
  const extra = zip.subarray(nameEnd, nameEnd + zip.readUInt16LE(at + 30));
  const bytes = zip.subarray(at + ENTRY_BYTES, nameEnd);
  const name = bytes.toString("utf8");
  if (!Buffer.from(name, "utf8").equals(bytes)) throw invalidZip(`"${name}" is no UTF-8`);
  const madeBy = zip.readUInt8(at + 5);
  // What does not fit into 32 bits comes in this order, each only where needed.
  const wide = wideValues(extra);
  const value = (offset: number) => {
    const narrow = zip.readUInt32LE(offset);
    return narrow === MAX32 ? (wide.shift() ?? narrow) : narrow;
  };
  const sizeBytes = value(at + 24);
  const compressedBytes = value(at + 20);
  return {
    name,
    flags: zip.readUInt16LE(at + 8),
    method: zip.readUInt16LE(at + 10),
    crc: zip.readUInt32LE(at + 16),
    sizeBytes,
    compressedBytes,
    offset: value(at + 42),
    mode: madeBy === UNIX ? zip.readUInt32LE(at + 38) >>> 16 : 0,
  };
}

/** Finds the values of the Zip64 extra field. Spec: APPNOTE.TXT 6.3, 4.5.3. */
function wideValues(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.byteLength; ) {
    const size = extra.readUInt16LE(at + 2);
    const end = at + 4 + size;
    if (end > extra.byteLength) break;
    if (extra.readUInt16LE(at) === 1) {
      const values: number[] = [];
      for (let value = at + 4; value + 8 <= end; value += 8) values.push(read64(extra, value));
      return values;
    }
    at = end;
  }
  return [];
}

function read64(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at));
}
