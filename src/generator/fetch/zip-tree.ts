import { crc32 } from "node:zlib";
import { deflateSync } from "fflate";
import { invariant } from "../../assert.ts";
import { concatBytes, utf8 } from "../../bytes.ts";
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

/**
 * Packs a tree as a zip archive whose bytes follow from its paths, modes and contents alone: sorted,
 * one fixed date, compressed by a library that is part of the program, since what the system's
 * compressor gives differs between versions and processors. There are no entries for folders;
 * unzip, Go's archive/zip and today's clients make them.
 */
export function zipTree(tree: ProjectTree, options: ZipTreeOptions = {}): Uint8Array {
  invariant(tree.entries.length < MAX_ENTRIES, "a project has fewer files than an archive");
  const folder = options.folder === undefined ? "" : `${freeName(tree, options.folder)}/`;
  const pieces: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const entry of tree.entries) {
    const packed = packEntry(entry, folder);
    pieces.push(packed.local, packed.name, packed.content);
    directory.push(directoryEntry(packed, offset), packed.name);
    offset += packed.local.byteLength + packed.name.byteLength + packed.content.byteLength;
  }
  const entries = concatBytes(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(tree.entries.length, 8);
  end.writeUInt16LE(tree.entries.length, 10);
  end.writeUInt32LE(entries.byteLength, 12);
  end.writeUInt32LE(offset, 16);
  return concatBytes([...pieces, entries, end]);
}

interface PackedEntry {
  readonly mode: ProjectEntry["mode"];
  readonly local: Buffer;
  readonly name: Uint8Array;
  readonly content: Uint8Array;
}

function packEntry(entry: ProjectEntry, folder: string): PackedEntry {
  const bytes = entry.mode === "symlink" ? utf8(entry.target) : entry.bytes;
  const name = utf8(folder + entry.path);
  const deflated = deflateSync(bytes);
  const smaller = entry.mode !== "symlink" && deflated.byteLength < bytes.byteLength;
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
