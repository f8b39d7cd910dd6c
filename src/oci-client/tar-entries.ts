import { textOf } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import { TAR_ENTRIES, TAR_HEADER_BYTES } from "../mirror-limits.ts";
import {
  isTarBlock,
  isZeroBlock,
  paddedSize,
  parsePax,
  parseTarHeader,
  TAR_BLOCK,
  type TarHeader,
} from "./tar-header.ts";

/** Goes through a tar from its start, by reading or by seeking. */
export interface TarCursor {
  /** In bytes from the start. */
  readonly position: number;
  /** Reads that many bytes; fewer only where the tar ends. */
  take(length: number): Promise<Uint8Array>;
  /** Passes over that many bytes, and gives how many there were. */
  skip(length: number): Promise<number>;
}

/** A file or folder in a tar. */
export interface TarEntry {
  readonly kind: "file" | "folder";
  /** Without "./" before it and "/" behind it; empty for the top folder itself. */
  readonly name: string;
  readonly size: number;
  readonly mode: number;
  /** Where its content begins, in bytes from the start of the tar. */
  readonly offset: number;
}

/**
 * Lists the entries of a tar in their order, with long names and sizes as POSIX and GNU write them.
 * Between two of them whoever lists may read the content of the one that was given last.
 *
 * @throws {DevregError} INPUT_INVALID when it is no tar, or holds links, devices or paths that lead
 *   outside; BUNDLE_INVALID when it is damaged or ends early; LIMIT_EXCEEDED
 */
export async function* tarEntries(cursor: TarCursor, tar: string): AsyncGenerator<TarEntry> {
  for (let count = 0; ; count += 1) {
    if (count >= TAR_ENTRIES) throw tooManyEntries(tar);
    const header = await nextHeader(cursor, tar);
    if (header === undefined) return;
    const entry = toEntry(header, cursor.position, tar);
    yield entry;
    const left = entry.offset + paddedSize(entry.size) - cursor.position;
    if ((await cursor.skip(left)) < left) throw truncated(tar, cursor.position, entry.name);
  }
}

/** What stands in entries of their own before the entry that it is about. */
interface Extension {
  readonly name?: string;
  readonly size?: number;
}

async function nextHeader(cursor: TarCursor, tar: string): Promise<TarHeader | undefined> {
  let extension: Extension = {};
  // At most one of each kind stands before an entry.
  for (let count = 0; count < EXTENSIONS; count += 1) {
    const start = cursor.position;
    const block = await cursor.take(TAR_BLOCK);
    if (start === 0 && !isTarBlock(block)) throw noTar(tar, block);
    if (block.byteLength < TAR_BLOCK) throw truncated(tar, cursor.position);
    if (isZeroBlock(block)) return undefined;
    const header = parseTarHeader(block);
    if (header === undefined) throw damaged(tar, start);
    if (!EXTENSION_TYPES.has(header.type)) return { ...header, ...extension };
    extension = { ...extension, ...(await readExtension(cursor, tar, header)) };
  }
  throw damaged(tar, cursor.position);
}

const EXTENSIONS = 8;
const EXTENSION_TYPES: ReadonlySet<string> = new Set(["x", "g", "L", "K"]);
const FILE_TYPES: ReadonlySet<string> = new Set(["0", "\0", "7"]);
const FOLDER_TYPE = "5";
const KINDS: Readonly<Record<string, string>> = {
  "1": "a hard link",
  "2": "a symbolic link",
  "3": "a device",
  "4": "a device",
  "6": "a pipe",
  S: "a sparse file",
};

async function readExtension(
  cursor: TarCursor,
  tar: string,
  { type, size }: TarHeader,
): Promise<Extension> {
  if (size > TAR_HEADER_BYTES) throw tooLargeHeader(tar, cursor.position);
  const start = cursor.position;
  const bytes = (await cursor.take(paddedSize(size))).subarray(0, size);
  if (cursor.position < start + paddedSize(size)) throw truncated(tar, cursor.position);
  // A global header is a comment to us; the long target of a link is told by the link itself.
  if (type === "g" || type === "K") return {};
  if (type === "L") return { name: textOf(bytes).replace(/\0[\s\S]*$/, "") };
  const records = parsePax(bytes);
  const number = Number(records?.get("size") ?? 0);
  if (records === undefined || !Number.isSafeInteger(number) || number < 0) {
    throw damaged(tar, start);
  }
  const sparse = [...records.keys()].some((key) => key.startsWith("GNU.sparse."));
  if (sparse) throw refused(tar, records.get("GNU.sparse.name") ?? "", "is a sparse file");
  const name = records.get("path");
  return {
    ...(name === undefined ? {} : { name }),
    ...(records.has("size") ? { size: number } : {}),
  };
}

function toEntry(header: TarHeader, offset: number, tar: string): TarEntry {
  const { name, size, mode, type } = header;
  const file = FILE_TYPES.has(type);
  if (!file && type !== FOLDER_TYPE) {
    throw refused(tar, name, `is ${KINDS[type] ?? "of an unknown kind"}`);
  }
  // Old programs mark a folder by the slash behind its name alone.
  const kind = file && !name.endsWith("/") ? "file" : "folder";
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (name.startsWith("/") || parts.includes("..") || name.includes("\0")) {
    throw refused(tar, name, "leads outside");
  }
  if (kind === "file" && parts.length === 0) throw damaged(tar, offset - TAR_BLOCK);
  return { kind, name: parts.join("/"), size: kind === "file" ? size : 0, mode, offset };
}

const COPY_AGAIN = "Copy the file again, and compare its size and checksum at both ends";

/** Makes the error of a tar that ends at that byte, early. */
export function truncated(tar: string, end: number, name?: string): DevregError {
  const where = name === undefined ? "where an entry is to follow" : `in the middle of "${name}"`;
  return new DevregError(
    "BUNDLE_INVALID",
    `Cannot read "${tar}": it ends at byte ${end}, ${where}`,
    {
      hint: COPY_AGAIN,
    },
  );
}

/** Makes the error of a tar whose content is not what its name says. */
export function damagedContent(tar: string, name: string, cause: unknown): DevregError {
  return new DevregError("BUNDLE_INVALID", `Cannot read "${tar}": its entry "${name}" is damaged`, {
    hint: COPY_AGAIN,
    cause,
  });
}

function damaged(tar: string, position: number): DevregError {
  return new DevregError(
    "BUNDLE_INVALID",
    `Cannot read "${tar}": the entry at byte ${position} is damaged`,
    { hint: COPY_AGAIN },
  );
}

function noTar(tar: string, start: Uint8Array): DevregError {
  const [first, second] = start;
  const gzip = first === 0x1f && second === 0x8b;
  const zstd = first === 0x28 && second === 0xb5;
  const hint =
    gzip || zstd
      ? `Unpack it first: ${gzip ? "gunzip" : "unzstd"}`
      : "Name a tar of an OCI image layout, as devreg mirror save writes it";
  return new DevregError(
    "INPUT_INVALID",
    `Cannot read "${tar}": it is ${gzip || zstd ? "compressed" : "no tar"}`,
    { hint },
  );
}

function refused(tar: string, name: string, state: string): DevregError {
  return new DevregError("INPUT_INVALID", `Cannot read "${tar}": its entry "${name}" ${state}`, {
    hint: "An image layout holds files and folders only, all below its top",
  });
}

function tooManyEntries(tar: string): DevregError {
  return new DevregError("LIMIT_EXCEEDED", `Cannot read "${tar}": over ${TAR_ENTRIES} entries`);
}

function tooLargeHeader(tar: string, position: number): DevregError {
  return new DevregError(
    "LIMIT_EXCEEDED",
    `Cannot read "${tar}": the header at byte ${position} is over ${TAR_HEADER_BYTES} bytes`,
  );
}
