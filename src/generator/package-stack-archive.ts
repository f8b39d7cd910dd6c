import { crc32 } from "node:zlib";
import { invariant } from "../assert.ts";
import { type ByteStream, concatBytes, readAll } from "../bytes.ts";
import { STACK_VERSION_BYTES } from "../limits.ts";
import { compareBytewise } from "./ordering.ts";

/** One file of an archive; the folders above it are added by {@link packTar}. */
export interface TarFile {
  /** Path in the archive, as it is written: "./docker/Dockerfile". */
  readonly name: string;
  readonly executable?: boolean;
  readonly bytes: Uint8Array;
}

/** The headers, padding and end of an archive may double what its smallest files hold. */
const TAR_BYTES = 2 * STACK_VERSION_BYTES;

/**
 * Packs files into a tar whose bytes follow from names, modes and contents alone: sorted, dates 0,
 * owner 0, modes 0644 and 0755. Every folder has an entry before its files, since today's clients
 * do not make the folder of a file they unpack.
 */
export async function packTar(files: readonly TarFile[]): Promise<Uint8Array> {
  // Imported on use: a server that starts from a build never packs.
  const { pack } = await import("tar-stream");
  const byName = new Map(files.map((file) => [file.name, file]));
  for (const folder of foldersAbove(byName.keys()))
    byName.set(folder, { name: folder, bytes: EMPTY });
  const names = [...byName.keys()].sort(compareBytewise);
  const tar = pack();
  for (const name of names) {
    const file = byName.get(name);
    const folder = name.endsWith("/");
    const mode = folder || file?.executable === true ? 0o755 : 0o644;
    const owner = { uid: 0, gid: 0, uname: "", gname: "", mtime: new Date(0) };
    const type = folder ? ("directory" as const) : ("file" as const);
    tar.entry({ name, mode, type, ...owner }, Buffer.from(file?.bytes ?? EMPTY));
  }
  tar.finalize();
  return readAll(bytesOf(tar), TAR_BYTES, "archive");
}

/**
 * Wraps bytes as a gzip file of stored blocks. A compressor's output differs between versions and
 * processors; two replicas that package the same stack must name the same digest.
 * Spec: RFC 1951, 3.2.4 and RFC 1952, 2.3.
 */
export function gzipStored(bytes: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [GZIP_HEADER];
  let offset = 0;
  do {
    const block = bytes.subarray(offset, offset + STORED_BLOCK_BYTES);
    offset += block.byteLength;
    const header = Buffer.alloc(5);
    header.writeUInt8(offset === bytes.byteLength ? 1 : 0, 0);
    header.writeUInt16LE(block.byteLength, 1);
    header.writeUInt16LE(~block.byteLength & 0xffff, 3);
    pieces.push(header, block);
  } while (offset < bytes.byteLength);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(bytes), 0);
  trailer.writeUInt32LE(bytes.byteLength % 2 ** 32, 4);
  return concatBytes([...pieces, trailer]);
}

const EMPTY = new Uint8Array();
const STORED_BLOCK_BYTES = 0xffff;
/** Deflate, no flags, no date, no extra flags, written on an unknown system. */
const GZIP_HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);

/** Names the type that tar-stream's stream has but does not declare. */
async function* bytesOf(stream: AsyncIterable<unknown>): ByteStream {
  for await (const chunk of stream) {
    invariant(chunk instanceof Uint8Array, "a tar stream gives bytes");
    yield chunk;
  }
}

function foldersAbove(names: Iterable<string>): Set<string> {
  const folders = new Set<string>();
  for (const name of names) {
    for (let end = name.lastIndexOf("/"); end > 0; end = name.lastIndexOf("/", end - 1)) {
      const folder = name.slice(0, end + 1);
      if (folder !== "./") folders.add(folder);
    }
  }
  return folders;
}
