import { concatBytes, textOf, utf8 } from "../bytes.ts";

/** What a tar is made of: headers, and content padded to a whole number of blocks. */
export const TAR_BLOCK = 512;

/** One header block of a tar. Spec: POSIX.1-2008, pax, ustar Interchange Format. */
export interface TarHeader {
  readonly name: string;
  /** Size in bytes of what follows the header. */
  readonly size: number;
  /** Permission bits. */
  readonly mode: number;
  /** The type flag: "0" file, "5" folder, "x" attributes of the next entry, … */
  readonly type: string;
}

/** Gives the size in bytes that content takes up in a tar. */
export function paddedSize(size: number): number {
  return Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;
}

/** Gives the zero bytes that stand behind content of that size. */
export function paddingOf(size: number): Uint8Array {
  return new Uint8Array(paddedSize(size) - size);
}

/** Gives the permission bits that a file has in a tar of ours: 0755 for a program, 0644 else. */
export function plainMode(mode: number): number {
  return (mode & EXECUTABLE_BITS) === 0 ? 0o644 : 0o755;
}

/** Tells whether a block is one of those that end a tar. */
export function isZeroBlock(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}

/** Tells whether a block begins a tar, even if it is damaged: by its mark or its checksum. */
export function isTarBlock(block: Uint8Array): boolean {
  return textOf(field(block, MAGIC)).startsWith("ustar") || parseTarHeader(block) !== undefined;
}

/** Parses a header block; undefined when it is none or its checksum is wrong. */
export function parseTarHeader(block: Uint8Array): TarHeader | undefined {
  if (block.byteLength < TAR_BLOCK || isZeroBlock(block)) return undefined;
  const sum = parseNumber(field(block, CHECKSUM));
  if (sum === undefined || sum !== checksum(block)) return undefined;
  const size = parseNumber(field(block, SIZE));
  const mode = parseNumber(field(block, MODE));
  if (size === undefined || mode === undefined) return undefined;
  // GNU's variant keeps other things where ustar has the folders above a name.
  const posix = textOf(field(block, MAGIC)) === "ustar\0" ? parseText(field(block, PREFIX)) : "";
  const name = parseText(field(block, NAME));
  return {
    name: posix === "" ? name : `${posix}/${name}`,
    size,
    mode: mode & MODE_BITS,
    type: String.fromCharCode(block[TYPE] ?? 0),
  };
}

/**
 * Writes the header of an entry: one block, before it the attributes that do not fit into it. No
 * date, no owner; equal arguments give equal bytes.
 */
export function formatTarHeader({ name, size, mode, type }: TarHeader): Uint8Array {
  const bytes = utf8(name);
  if (bytes.byteLength <= NAME[1] && isAscii(bytes)) return formatBlock(bytes, size, mode, type);
  const record = paxRecord("path", name);
  // What stands in the name field instead is only seen by programs that know no attributes.
  const short = utf8(`long/${name.replace(/[^\x21-\x7e]/g, "_").slice(-80)}`);
  return concatBytes([
    formatBlock(utf8("long/attributes"), record.byteLength, 0o644, "x"),
    record,
    paddingOf(record.byteLength),
    formatBlock(short, size, mode, type),
  ]);
}

/**
 * Parses the records of an extended header, the last of each name; undefined when they are damaged.
 * Spec: POSIX.1-2008, pax, pax Extended Header.
 */
export function parsePax(bytes: Uint8Array): ReadonlyMap<string, string> | undefined {
  const records = new Map<string, string>();
  let offset = 0;
  while (offset < bytes.byteLength) {
    const digits = /^([1-9][0-9]{0,8}) /.exec(textOf(bytes.subarray(offset, offset + 10)))?.[1];
    const end = offset + Number(digits ?? 0);
    if (digits === undefined || end > bytes.byteLength) return undefined;
    const record = textOf(bytes.subarray(offset + digits.length + 1, end));
    const equals = record.indexOf("=");
    if (equals < 1 || !record.endsWith("\n")) return undefined;
    records.set(record.slice(0, equals), record.slice(equals + 1, -1));
    offset = end;
  }
  return records;
}

type Field = readonly [offset: number, length: number];

const NAME: Field = [0, 100];
const MODE: Field = [100, 8];
const OWNER: Field = [108, 8];
const GROUP: Field = [116, 8];
const SIZE: Field = [124, 12];
const DATE: Field = [136, 12];
const CHECKSUM: Field = [148, 8];
const TYPE = 156;
const MAGIC: Field = [257, 6];
const VERSION: Field = [263, 2];
const DEVICE_MAJOR: Field = [329, 8];
const DEVICE_MINOR: Field = [337, 8];
const PREFIX: Field = [345, 155];
const MODE_BITS = 0o777;
const EXECUTABLE_BITS = 0o111;
/** The first bit of a number says that the rest of its field is binary. */
const BINARY = 0x80;

function field(block: Uint8Array, [offset, length]: Field): Uint8Array {
  return block.subarray(offset, offset + length);
}

function parseText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return textOf(end < 0 ? bytes : bytes.subarray(0, end));
}

/** Parses octal digits, or a binary number as GNU tar writes what octal digits cannot hold. */
function parseNumber(bytes: Uint8Array): number | undefined {
  const [first = 0, ...rest] = bytes;
  if ((first & BINARY) === 0) {
    const digits = parseText(bytes).trim();
    return /^[0-7]*$/.test(digits) ? Number.parseInt(digits || "0", 8) : undefined;
  }
  const number = rest.reduce((sum, byte) => sum * 256 + byte, first & ~BINARY);
  return Number.isSafeInteger(number) ? number : undefined;
}

function checksum(block: Uint8Array): number {
  // The field itself counts as blanks.
  return sumOf(block) - sumOf(field(block, CHECKSUM)) + CHECKSUM[1] * 0x20;
}

function sumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return sum;
}

function formatBlock(name: Uint8Array, size: number, mode: number, type: string): Uint8Array {
  const block = new Uint8Array(TAR_BLOCK);
  const put = ([offset]: Field, text: string) => block.set(utf8(text), offset);
  block.set(name, NAME[0]);
  put(MODE, octal(mode, MODE));
  for (const zero of [OWNER, GROUP, DATE, DEVICE_MAJOR, DEVICE_MINOR]) put(zero, octal(0, zero));
  block.set(formatSize(size), SIZE[0]);
  put([TYPE, 1], type);
  put(MAGIC, "ustar");
  put(VERSION, "00");
  put(CHECKSUM, `${checksum(block).toString(8).padStart(6, "0")}\0 `);
  return block;
}

function octal(value: number, [, length]: Field): string {
  return value.toString(8).padStart(length - 1, "0");
}

function formatSize(size: number): Uint8Array {
  const text = octal(size, SIZE);
  if (text.length < SIZE[1]) return utf8(text);
  const bytes = Buffer.alloc(SIZE[1]);
  bytes.writeBigUInt64BE(BigInt(size), SIZE[1] - 8);
  bytes[0] = BINARY;
  return new Uint8Array(bytes);
}

function paxRecord(key: string, value: string): Uint8Array {
  const rest = ` ${key}=${value}\n`;
  const length = utf8(rest).byteLength;
  // The length counts its own digits.
  let total = length + String(length).length;
  if (String(total).length > String(length).length) total = length + String(total).length;
  return utf8(`${total}${rest}`);
}

function isAscii(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte < 0x80);
}
