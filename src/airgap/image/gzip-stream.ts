import { pipeline, Readable } from "node:stream";
import { crc32, createGunzip } from "node:zlib";
import { invariant } from "../../assert.ts";
import { type ByteStream, concatBytes } from "../../bytes.ts";

/**
 * Wraps a stream as a gzip file of stored blocks, whose bytes no compressor decides. Spec: RFC 1951,
 * 3.2.4 and RFC 1952, 2.3.
 */
export async function* gzipStoredStream(stream: ByteStream): ByteStream {
  yield GZIP_HEADER;
  let [sum, size] = [0, 0];
  let held = new Uint8Array();
  for await (const chunk of stream) {
    sum = crc32(chunk, sum);
    size += chunk.byteLength;
    let rest = concatBytes([held, chunk]);
    // The last block is marked, so one is always held back.
    while (rest.byteLength > STORED_BLOCK_BYTES) {
      yield storedBlock(rest.subarray(0, STORED_BLOCK_BYTES), false);
      rest = rest.subarray(STORED_BLOCK_BYTES);
    }
    held = new Uint8Array(rest);
  }
  yield storedBlock(held, true);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(sum, 0);
  trailer.writeUInt32LE(size % 2 ** 32, 4);
  yield trailer;
}

/** Unpacks a gzip file while it is read. @throws what the stream throws, and for what is no gzip */
export async function* gunzipStream(stream: ByteStream): ByteStream {
  const unpacked = createGunzip();
  // A failure of either reaches the reader through the stream that it reads.
  pipeline(Readable.from(stream, { objectMode: false }), unpacked, () => undefined);
  for await (const chunk of unpacked) {
    invariant(chunk instanceof Uint8Array, "a gzip stream gives bytes");
    yield chunk;
  }
}

const STORED_BLOCK_BYTES = 0xffff;
/** Deflate, no flags, no date, no extra flags, written on an unknown system. */
const GZIP_HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);

function storedBlock(bytes: Uint8Array, last: boolean): Uint8Array {
  const block = Buffer.alloc(5 + bytes.byteLength);
  block.writeUInt8(last ? 1 : 0, 0);
  block.writeUInt16LE(bytes.byteLength, 1);
  block.writeUInt16LE(~bytes.byteLength & 0xffff, 3);
  block.set(bytes, 5);
  return block;
}
