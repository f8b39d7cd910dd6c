import { type ByteStream, type Content, openContent, utf8 } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";

/** One file of an archive, or a folder, whose name ends in "/". */
export interface TarEntry {
  readonly name: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** In seconds since 1970. */
  readonly modified: number;
  /** In bytes. */
  readonly size: number;
  readonly content: Content;
}

/** Headers and content come in pieces of this size. */
export const TAR_BLOCK_BYTES = 512;

/**
 * Packs entries into a tar while it is read; its bytes follow from the entries alone.
 *
 * @throws {DevregError} IO when content is not as long as its entry says
 */
export async function* packTarStream(
  entries: Iterable<TarEntry> | AsyncIterable<TarEntry>,
): ByteStream {
  for await (const entry of entries) {
    yield headerOf(entry);
    let size = 0;
    for await (const chunk of openContent(entry.content)) {
      size += chunk.byteLength;
      if (size > entry.size) break;
      yield chunk;
    }
    if (size !== entry.size) {
      throw new DevregError("IO", `Cannot pack "${entry.name}": it changed while it was read`, {
        hint: "Run it again when nothing writes there",
      });
    }
    if (size % TAR_BLOCK_BYTES > 0) yield new Uint8Array(paddingOf(size));
  }
  yield new Uint8Array(2 * TAR_BLOCK_BYTES);
}

const NAME_BYTES = 100;
const PLAIN_NAME = /^[\x20-\x7e]*$/;
const EXTENDED_NAME = "PaxHeader";

/** A name that the header itself cannot hold gets one of its own before it. */
function headerOf(entry: TarEntry): Uint8Array {
  const type = entry.name.endsWith("/") ? "5" : "0";
  if (PLAIN_NAME.test(entry.name) && entry.name.length <= NAME_BYTES) return block(entry, type);
  const record = extendedRecord("path", entry.name);
  const size = record.byteLength;
  const padded = new Uint8Array(size + paddingOf(size));
  padded.set(record);
  return Buffer.concat([
    block({ ...entry, name: EXTENDED_NAME, mode: 0o644, size }, "x"),
    padded,
    block({ ...entry, name: entry.name.replace(/[^\x20-\x7e]/gu, "_").slice(0, NAME_BYTES) }, type),
  ]);
}

/** "length key=value\n", the length counting itself. Spec: POSIX.1-2001, pax, Extended Header. */
function extendedRecord(key: string, value: string): Uint8Array {
  const rest = ` ${key}=${value}\n`;
  const restBytes = utf8(rest).byteLength;
  let length = restBytes + String(restBytes).length;
  if (String(length).length > String(restBytes).length) length += 1;
  return utf8(`${length}${rest}`);
}

/** Spec: POSIX.1-2001, pax, ustar Interchange Format. */
function block(entry: Omit<TarEntry, "content">, type: string): Uint8Array {
  const header = Buffer.alloc(TAR_BLOCK_BYTES);
  const octal = (value: number, offset: number, digits: number) =>
    header.write(value.toString(8).padStart(digits, "0"), offset, "latin1");
  header.write(entry.name, 0, NAME_BYTES, "latin1");
  octal(entry.mode, 100, 7);
  octal(entry.uid, 108, 7);
  octal(entry.gid, 116, 7);
  octal(entry.size, 124, 11);
  octal(entry.modified, 136, 11);
  header.write(`        ${type}`, 148, "latin1");
  header.write("ustar\u000000", 257, "latin1");
  octal(0, 329, 7);
  octal(0, 337, 7);
  octal(sumOf(header), 148, 6);
  header.writeUInt8(0, 154);
  return header;
}

function sumOf(header: Uint8Array): number {
  return header.reduce((sum, byte) => sum + byte, 0);
}

function paddingOf(size: number): number {
  return (TAR_BLOCK_BYTES - (size % TAR_BLOCK_BYTES)) % TAR_BLOCK_BYTES;
}
