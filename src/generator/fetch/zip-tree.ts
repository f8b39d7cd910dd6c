import { crc32 } from "node:zlib";
import { deflateSync } from "fflate";
import { invariant } from "../../assert.ts";
import { concatBytes, utf8 } from "../../bytes.ts";
import { takeTurn } from "./fetch-scope.ts";
import type { ProjectEntry, ProjectTree } from "./project.ts";

/** How a tree is packed. */
export interface ZipTreeOptions {
  /**
   * A folder to put everything in, with "-1" and so on behind it when the tree has that name
   * itself. Without it the tree's root is the archive's.
   *
   * Parity: odo takes the first name away from every path that has several, so an archive that it
   * is to unpack needs a folder; DevWorkspace Operator takes away a folder that holds everything,
   * and fails when there is one of the same name in it. The registry library takes nothing away.
   */
  readonly folder?: string;
}

const LOCAL = 0x04034b50;
const ENTRY = 0x02014b50;
const END = 0x06054b50;
const STORED = 0;
const DEFLATED = 8;
const VERSION = 20;
const UNIX = 3;
const UTF8_NAMES = 0x0800;
/** 1980-01-01 00:00, the first date that there is. Spec: APPNOTE.TXT 6.3, 4.4.6. */
const DATE = 0x0021;
const MODES = { file: 0o100644, executable: 0o100755, symlink: 0o120777 };
/** More would need the wide form, which old clients do not read. */
const MAX_ENTRIES = 0xffff;
/** The largest file compressed, and how much is packed before others have their turn. */
const ZIPPED_FILE_BYTES = 2 * 1024 * 1024;
const BYTES_IN_A_ROW = 512 * 1024;
const FILES_IN_A_ROW = 64;

/**
 * Packs a tree as a zip archive whose bytes follow from its paths, modes and contents alone: sorted,
 * one fixed date, compressed by a library that is part of the program, since what the system's
 * compressor gives differs between versions and processors. There are no entries for folders;
 * unzip, Go's archive/zip and today's clients make them.
 */
export function zipTree(tree: ProjectTree, options: ZipTreeOptions = {}): Uint8Array {
  const zip = new ZipWriter(tree, options);
  for (const entry of tree.entries) zip.add(entry);
  return zip.finish();
}

/**
 * Packs a tree as {@link zipTree} does, letting others have their turn: compressing a project takes
 * seconds. Large files are stored as they are, so that none of them takes long.
 *
 * @throws {DevregError} ABORTED
 */
export async function zipTreeInTurns(
  tree: ProjectTree,
  signal: AbortSignal | undefined,
  options: ZipTreeOptions = {},
): Promise<Uint8Array> {
  const zip = new ZipWriter(tree, options, ZIPPED_FILE_BYTES);
  let files = 0;
  let bytes = 0;
  for (const entry of tree.entries) {
    zip.add(entry);
    files += 1;
    bytes += entry.mode === "symlink" ? 0 : entry.bytes.byteLength;
    if (files < FILES_IN_A_ROW && bytes < BYTES_IN_A_ROW) continue;
    [files, bytes] = [0, 0];
    await takeTurn(signal);
  }
  return zip.finish();
}

class ZipWriter {
  readonly #folder: string;
  readonly #compressedBytes: number;
  readonly #pieces: Uint8Array[] = [];
  readonly #directory: Uint8Array[] = [];
  #entries = 0;
  #offset = 0;

  /** @param compressedBytes the largest file that is compressed */
  constructor(
    tree: ProjectTree,
    options: ZipTreeOptions,
    compressedBytes = Number.POSITIVE_INFINITY,
  ) {
    invariant(tree.entries.length < MAX_ENTRIES, "a project has fewer files than an archive");
    this.#folder = options.folder === undefined ? "" : `${freeName(tree, options.folder)}/`;
    this.#compressedBytes = compressedBytes;
  }

  add(entry: ProjectEntry): void {
    const packed = packEntry(entry, this.#folder, this.#compressedBytes);
    this.#pieces.push(packed.local, packed.name, packed.content);
    this.#directory.push(directoryEntry(packed, this.#offset), packed.name);
    this.#offset += packed.local.byteLength + packed.name.byteLength + packed.content.byteLength;
    this.#entries += 1;
  }

  finish(): Uint8Array {
    const entries = concatBytes(this.#directory);
    const end = Buffer.alloc(22);
    end.writeUInt32LE(END, 0);
    end.writeUInt16LE(this.#entries, 8);
    end.writeUInt16LE(this.#entries, 10);
    end.writeUInt32LE(entries.byteLength, 12);
    end.writeUInt32LE(this.#offset, 16);
    return concatBytes([...this.#pieces, entries, end]);
  }
}

interface PackedEntry {
  readonly mode: ProjectEntry["mode"];
  readonly local: Buffer;
  readonly name: Uint8Array;
  readonly content: Uint8Array;
}

function packEntry(entry: ProjectEntry, folder: string, compressedBytes: number): PackedEntry {
  const bytes = entry.mode === "symlink" ? utf8(entry.target) : entry.bytes;
  const name = utf8(folder + entry.path);
  const isPacked = entry.mode !== "symlink" && bytes.byteLength <= compressedBytes;
  const deflated = isPacked ? deflateSync(bytes) : bytes;
  const smaller = deflated.byteLength < bytes.byteLength;
  const content = smaller ? deflated : bytes;
  const local = Buffer.alloc(30);
  local.writeUInt32LE(LOCAL, 0);
  local.writeUInt16LE(VERSION, 4);
  local.writeUInt16LE(UTF8_NAMES, 6);
  local.writeUInt16LE(smaller ? DEFLATED : STORED, 8);
  local.writeUInt16LE(DATE, 12);
  local.writeUInt32LE(crc32(bytes), 14);
  local.writeUInt32LE(content.byteLength, 18);
  local.writeUInt32LE(bytes.byteLength, 22);
  local.writeUInt16LE(name.byteLength, 26);
  return { mode: entry.mode, local, name, content };
}

/** What the local header says from its version to the length of its name, and where it is. */
function directoryEntry({ mode, local }: PackedEntry, offset: number): Buffer {
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(ENTRY, 0);
  entry.writeUInt16LE((UNIX << 8) | VERSION, 4);
  local.copy(entry, 6, 4, 28);
  entry.writeUInt32LE(MODES[mode] * 0x10000, 38);
  entry.writeUInt32LE(offset, 42);
  return entry;
}

function freeName({ entries }: ProjectTree, wanted: string): string {
  const taken = new Set(entries.map(({ path }) => (path.split("/")[0] ?? "").toLowerCase()));
  let name = wanted;
  for (let more = 1; taken.has(name.toLowerCase()); more++) name = `${wanted}-${more}`;
  return name;
}
