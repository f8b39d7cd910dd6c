import { closeSync, existsSync, readdirSync, readSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { inflateSync } from "node:zlib";
import { DevregError } from "../errors.ts";
import {
  GIT_CACHE_BYTES,
  GIT_CHAIN,
  GIT_FILE_BYTES,
  GIT_INDEX_BYTES,
  GIT_OBJECT_BYTES,
  GIT_UNPACKING_BYTES,
} from "../limits.ts";
import { damaged, openGitFile, readGitFile } from "./git-history-file.ts";
import { applyDelta, PackIndex, readEntryHeader } from "./git-history-pack.ts";

/** A commit or tree, unpacked. */
export interface GitObject {
  /** "commit", "tree", "blob" or "tag". */
  readonly type: string;
  readonly content: Buffer;
}

interface Pack {
  readonly index: PackIndex;
  readonly path: string;
  /** Open while the objects are. */
  readonly file: number;
  /** Unpacked bases of deltas by offset, least recently used first. */
  readonly cache: Map<number, GitObject>;
}

const TYPES: readonly (string | undefined)[] = [undefined, "commit", "tree", "blob", "tag"];
const OFFSET_DELTA = 6;
const REFERENCE_DELTA = 7;

/**
 * Reads objects of a git repository on disk, loose and packed, alternates included. It reads in
 * step with its caller: twenty thousand small objects are a matter of system calls, and a promise
 * for each would cost more than reading it.
 */
export class GitObjects {
  readonly #folders: readonly string[];
  readonly #packs: Pack[] = [];
  #cachedBytes = 0;
  #indexBytes = 0;

  /** Takes the `objects` folder of a repository. Call {@link close} when done. */
  constructor(objectsDir: string) {
    this.#folders = withAlternates(objectsDir);
    for (const folder of this.#folders) {
      const packs = join(folder, "pack");
      if (!existsSync(packs)) continue;
      for (const name of readdirSync(packs)
        .filter((each) => each.endsWith(".idx"))
        .sort()) {
        this.#openPack(join(packs, name.slice(0, -".idx".length)));
      }
    }
  }

  /** Reads an object by its hexadecimal name. @throws {DevregError} NOT_FOUND, INPUT_INVALID */
  read(oid: string): GitObject {
    const found = this.#readPacked(oid) ?? this.#readLoose(oid);
    if (found !== undefined) return found;
    throw new DevregError("NOT_FOUND", `Cannot read git object ${oid}: the repository lacks it`, {
      hint: "Fetch the whole history, or keep a last_modified.json in the repository",
    });
  }

  /** Closes the packs. */
  close(): void {
    for (const pack of this.#packs) closeSync(pack.file);
    this.#packs.length = 0;
  }

  #openPack(base: string): void {
    const path = `${base}.pack`;
    if (!existsSync(path)) return;
    const bytes = readGitFile(`${base}.idx`, GIT_INDEX_BYTES - this.#indexBytes);
    this.#indexBytes += bytes.byteLength;
    const index = new PackIndex(bytes, base);
    this.#packs.push({ index, path, file: openGitFile(path), cache: new Map() });
  }

  #readPacked(oid: string): GitObject | undefined {
    for (const [at, pack] of this.#packs.entries()) {
      const offset = pack.index.offsetOf(oid);
      if (offset === undefined) continue;
      // What is asked for next is most likely in the same pack.
      if (at > 0) this.#packs.unshift(...this.#packs.splice(at, 1));
      return this.#readEntry(pack, offset);
    }
    return undefined;
  }

  /** Follows the chain of deltas down to a whole object, then applies them on the way back. */
  #readEntry(pack: Pack, start: number): GitObject {
    const deltas: { readonly offset: number; readonly delta: Buffer }[] = [];
    let offset = start;
    let object = cached(pack, offset);
    let unpacked = 0;
    const count = (bytes: number) => {
      unpacked += bytes;
      if (unpacked > GIT_UNPACKING_BYTES) throw damaged(pack.path, "its deltas are too large");
    };
    while (object === undefined) {
      if (deltas.length > GIT_CHAIN) throw damaged(pack.path, "its deltas are chained too deep");
      const raw = readAt(pack.file, offset, pack.index.endOf(offset) - offset, pack.path);
      const entry = readEntryHeader(raw);
      const content = inflate(raw.subarray(entry.headerBytes), entry.size, pack.path);
      count(content.byteLength);
      if (entry.kind === OFFSET_DELTA) {
        deltas.push({ offset, delta: content });
        offset -= entry.baseDistance;
        object = cached(pack, offset);
      } else if (entry.kind === REFERENCE_DELTA) {
        deltas.push({ offset, delta: content });
        // Spec: gitformat-pack. A pack on disk holds the bases of all its deltas.
        const base = pack.index.offsetOf(entry.baseOid);
        if (base === undefined) throw damaged(pack.path, `it lacks a base, ${entry.baseOid}`);
        offset = base;
        object = cached(pack, offset);
      } else {
        object = { type: TYPES[entry.kind] ?? "", content };
        this.#keep(pack, offset, object);
      }
    }
    for (const { offset: at, delta } of deltas.reverse()) {
      object = { type: object.type, content: applyDelta(object.content, delta) };
      count(object.content.byteLength);
      this.#keep(pack, at, object);
    }
    return object;
  }

  #keep(pack: Pack, offset: number, object: GitObject): void {
    pack.cache.set(offset, object);
    this.#cachedBytes += object.content.byteLength;
    for (const [oldest, { content }] of pack.cache) {
      if (this.#cachedBytes <= GIT_CACHE_BYTES) break;
      pack.cache.delete(oldest);
      this.#cachedBytes -= content.byteLength;
    }
  }

  #readLoose(oid: string): GitObject | undefined {
    for (const folder of this.#folders) {
      const path = join(folder, oid.slice(0, 2), oid.slice(2));
      if (!existsSync(path)) continue;
      const raw = inflate(readGitFile(path, GIT_OBJECT_BYTES), GIT_OBJECT_BYTES, path, true);
      const end = raw.indexOf(0);
      const [type = "", size = ""] = raw.toString("latin1", 0, Math.max(0, end)).split(" ");
      const content = raw.subarray(end + 1);
      if (end < 0 || Number(size) !== content.byteLength) throw damaged(path, "its size is wrong");
      return { type, content };
    }
    return undefined;
  }
}

function cached(pack: Pack, offset: number): GitObject | undefined {
  const object = pack.cache.get(offset);
  if (object === undefined) return undefined;
  pack.cache.delete(offset);
  pack.cache.set(offset, object);
  return object;
}

/** Reads part of a pack; deflate says itself where an entry ends, so a little too much is fine. */
function readAt(file: number, offset: number, length: number, path: string): Buffer {
  if (length <= 0 || length > 2 * GIT_OBJECT_BYTES) throw damaged(path, `no entry at ${offset}`);
  const buffer = Buffer.allocUnsafe(length);
  return buffer.subarray(0, readSync(file, buffer, 0, length, offset));
}

function inflate(raw: Uint8Array, sizeBytes: number, path: string, upTo = false): Buffer {
  if (sizeBytes > GIT_OBJECT_BYTES)
    throw damaged(path, `an object is over ${GIT_OBJECT_BYTES} bytes`);
  let content: Buffer;
  try {
    content = inflateSync(raw, { maxOutputLength: Math.max(1, sizeBytes) });
  } catch (cause) {
    throw damaged(path, "an object cannot be unpacked", cause);
  }
  if (!upTo && content.byteLength !== sizeBytes) throw damaged(path, "an object has a wrong size");
  return content;
}

/** Gives a folder of objects and those it borrows from. Spec: gitrepository-layout, alternates. */
function withAlternates(objectsDir: string): readonly string[] {
  const folders = [objectsDir];
  for (let at = 0; at < folders.length; at++) {
    if (folders.length > GIT_CHAIN) throw damaged(objectsDir, "it borrows from too many others");
    const folder = folders[at] ?? objectsDir;
    const list = join(folder, "info", "alternates");
    if (!existsSync(list)) continue;
    for (const line of readGitFile(list, GIT_FILE_BYTES).toString("utf8").split("\n")) {
      if (line === "" || line.startsWith("#")) continue;
      const other = isAbsolute(line) ? line : join(folder, line);
      if (!folders.includes(other)) folders.push(other);
    }
  }
  return folders;
}
