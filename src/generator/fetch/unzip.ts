import { crc32, inflateRawSync } from "node:zlib";
import { textOf } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";
import { LINK_HOPS, PROJECT_PATH_BYTES, ZIP_RATIO, ZIP_RATIO_FREE_BYTES } from "../../limits.ts";
import { takeTurn } from "./fetch-scope.ts";
import type { FetchDeps, ProjectEntry } from "./project.ts";
import { foldPath } from "./project-tree.ts";
import { TreeBudget } from "./tree-budget.ts";
import { checkPath } from "./tree-paths.ts";
import { invalidZip, readZipDirectory, type ZipDirectory, type ZipEntry } from "./zip-directory.ts";

const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;
/** Encrypted by one of three ways. */
const ENCRYPTED = 0x0001 | 0x0040 | 0x2000;
const TYPE_MASK = 0o170000;
const FILE = 0o100000;
const FOLDER = 0o040000;
const LINK = 0o120000;
const EXECUTABLE = 0o100;
/** How many files, and how much of them, are unpacked before others get a turn. */
const FILES_IN_A_ROW = 64;
const BYTES_IN_A_ROW = 16 * 1024 * 1024;

/**
 * Unpacks an archive in memory. What it says of itself is checked before anything is unpacked: each
 * piece of it belongs to one entry, each path to one file, whatever the system thinks of case.
 *
 * @throws {DevregError} INPUT_INVALID for a damaged or misleading archive; LIMIT_EXCEEDED when it
 *   unpacks to too much; UNSUPPORTED when it is encrypted or compressed by another way than deflate
 */
export async function unzip(
  zip: Buffer,
  { signal, limitBytes }: Pick<FetchDeps, "signal" | "limitBytes">,
): Promise<readonly ProjectEntry[]> {
  const directory = readZipDirectory(zip);
  checkNames(directory.entries);
  checkSizes(zip, directory.entries, limitBytes);
  const contents = placeContents(zip, directory);
  const entries: ProjectEntry[] = [];
  let unpackedBytes = 0;
  for (const entry of directory.entries) {
    const content = contents.get(entry);
    if (content === undefined || isFolder(entry)) continue;
    entries.push(makeEntry(entry, unpack(entry, content)));
    unpackedBytes += entry.sizeBytes;
    if (entries.length % FILES_IN_A_ROW !== 0 && unpackedBytes < BYTES_IN_A_ROW) continue;
    unpackedBytes = 0;
    await takeTurn(signal);
  }
  return entries;
}

function isFolder({ name, mode }: ZipEntry): boolean {
  return name.endsWith("/") || (mode & TYPE_MASK) === FOLDER;
}

function checkNames(entries: readonly ZipEntry[]): void {
  const seen = new Map<string, string>();
  for (const entry of entries) {
    const path = entry.name.replace(/\/$/, "");
    checkPath(path);
    const folded = foldPath(path);
    const other = seen.get(folded);
    if (other !== undefined) throw invalidZip(`"${other}" and "${path}" are at the same place`);
    seen.set(folded, path);
  }
}

function checkSizes(
  zip: Buffer,
  entries: readonly ZipEntry[],
  limitBytes: number | undefined,
): void {
  const budget = new TreeBudget(limitBytes);
  let total = 0;
  for (const entry of entries) {
    if (isFolder(entry)) budget.addFolder();
    else budget.addFile(entry.name, entry.sizeBytes);
    total += entry.sizeBytes;
  }
  if (total > ZIP_RATIO_FREE_BYTES && total > ZIP_RATIO * zip.byteLength) {
    throw new DevregError(
      "LIMIT_EXCEEDED",
      `Cannot read the zip archive: it unpacks to over ${ZIP_RATIO} times its size`,
    );
  }
}

/** Finds the packed content of each entry by its local header; none may overlap another. */
function placeContents(zip: Buffer, { entries, start }: ZipDirectory): Map<ZipEntry, Buffer> {
  const contents = new Map<ZipEntry, Buffer>();
  let free = 0;
  for (const entry of entries.toSorted((a, b) => a.offset - b.offset)) {
    const { name, offset, compressedBytes } = entry;
    if (offset < free) throw invalidZip(`"${name}" overlaps another entry`);
    if (offset + LOCAL_BYTES > start || zip.readUInt32LE(offset) !== LOCAL) {
      throw invalidZip(`"${name}" is not where the directory says`);
    }
    const nameEnd = offset + LOCAL_BYTES + zip.readUInt16LE(offset + 26);
    const content = nameEnd + zip.readUInt16LE(offset + 28);
    const end = content + compressedBytes;
    const localName = zip.toString("utf8", offset + LOCAL_BYTES, nameEnd);
    if (localName !== name || zip.readUInt16LE(offset + 8) !== entry.method) {
      throw invalidZip(`the directory and the content disagree about "${name}"`);
    }
    if (end > start) throw invalidZip(`"${name}" overlaps the directory`);
    contents.set(entry, zip.subarray(content, end));
    free = end;
  }
  return contents;
}

function unpack({ name, flags, method, sizeBytes, crc }: ZipEntry, content: Buffer): Buffer {
  if ((flags & ENCRYPTED) !== 0) throw unsupported(name, "it is encrypted");
  const bytes = method === DEFLATED ? inflate(name, content, sizeBytes) : content;
  if (method !== DEFLATED && method !== STORED) {
    throw unsupported(name, `it is compressed by method ${method}`);
  }
  if (bytes.byteLength !== sizeBytes) throw invalidZip(`"${name}" has not the size it says`);
  if (crc32(bytes) !== crc) throw invalidZip(`"${name}" is damaged`);
  return bytes;
}

function inflate(name: string, content: Buffer, sizeBytes: number): Buffer {
  try {
    return inflateRawSync(content, { maxOutputLength: Math.max(1, sizeBytes) });
  } catch (cause) {
    throw invalidZip(`"${name}" cannot be unpacked to the size it says`, cause);
  }
}

function makeEntry({ name, mode }: ZipEntry, bytes: Buffer): ProjectEntry {
  const type = mode & TYPE_MASK;
  if (type === LINK) {
    if (bytes.byteLength > LINK_HOPS * PROJECT_PATH_BYTES) throw invalidZip(`"${name}" is no link`);
    return { path: name, mode: "symlink", target: textOf(bytes) };
  }
  if (type !== FILE && type !== 0) throw unsupported(name, "it is neither a file nor a link");
  return { path: name, mode: (mode & EXECUTABLE) === 0 ? "file" : "executable", bytes };
}

function unsupported(name: string, state: string): DevregError {
  return new DevregError("UNSUPPORTED", `Cannot read "${name}" of the zip archive: ${state}`, {
    hint: "Pack it anew with zip -r",
  });
}
