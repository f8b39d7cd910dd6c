import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { DevregError } from "../../errors.ts";
import { GIT_CACHE_BYTES, GIT_CHAIN, GIT_PACK_OBJECTS, GIT_UNPACKED_BYTES } from "../../limits.ts";
import { applyDelta } from "../git-history-pack.ts";
import { takeTurn } from "./fetch-scope.ts";
import { PackFile } from "./pack-file.ts";
import { encodePackIndex, type IndexedObject } from "./pack-index.ts";

const TYPES: readonly (string | undefined)[] = [undefined, "commit", "tree", "blob", "tag"];
const OFFSET_DELTA = 6;
const REFERENCE_DELTA = 7;
const HEADER_BYTES = 12;
const TRAILER_BYTES = 20;
/** How many objects, and how much of them, are unpacked before others get a turn. */
const OBJECTS_IN_A_ROW = 256;
const BYTES_IN_A_ROW = 16 * 1024 * 1024;

/**
 * Writes the index of a pack (`<base>.pack` → `<base>.idx`), naming each object by its content.
 * Time and memory are bounded by what the objects hold, whatever their headers and deltas claim.
 * Spec: gitformat-pack.
 *
 * @throws {DevregError} INPUT_INVALID, LIMIT_EXCEEDED, ABORTED
 */
export async function indexPack(base: string, signal: AbortSignal | undefined): Promise<void> {
  const pack = new PackFile(`${base}.pack`);
  try {
    const objects = await new PackIndexer(pack, signal).run();
    const checksum = Buffer.from(pack.read(pack.sizeBytes - TRAILER_BYTES, TRAILER_BYTES));
    await writeFile(`${base}.idx`, encodePackIndex(objects, checksum));
  } finally {
    pack.close();
  }
}

interface Scanned {
  readonly offset: number;
  readonly crc: number;
  /** Where the base of a delta starts; undefined for one named by object, and for whole objects. */
  readonly base: number | undefined;
  oid: string | undefined;
  /** The type of the object, once known. */
  type: string | undefined;
}

class PackIndexer {
  readonly #pack: PackFile;
  readonly #signal: AbortSignal | undefined;
  readonly #entries = new Map<number, Scanned>();
  /** Deltas by where their base starts, and by its name. */
  readonly #byOffset = new Map<number, Scanned[]>();
  readonly #byName = new Map<string, Scanned[]>();
  /** Content of bases by offset, least recently used first. */
  readonly #cache = new Map<number, Buffer>();
  /** Where the base of each delta that was resolved starts. */
  readonly #bases = new Map<number, number>();
  #cachedBytes = 0;
  #unpackedBytes = 0;
  #objectsInARow = 0;
  #bytesInARow = 0;

  constructor(pack: PackFile, signal: AbortSignal | undefined) {
    this.#pack = pack;
    this.#signal = signal;
  }

  async run(): Promise<readonly IndexedObject[]> {
    await this.#scan();
    for (const entry of this.#entries.values()) {
      if (entry.oid !== undefined && !this.#bases.has(entry.offset)) await this.#resolve(entry);
    }
    const objects: IndexedObject[] = [];
    for (const { oid, offset, crc } of this.#entries.values()) {
      if (oid === undefined) throw this.#pack.damaged("a delta lacks its base");
      objects.push({ oid, offset, crc });
    }
    return objects;
  }

  /** Reads all entries once, in order, and names those that are whole. */
  async #scan(): Promise<void> {
    const header = this.#pack.read(0, HEADER_BYTES);
    if (header.byteLength < HEADER_BYTES || header.toString("latin1", 0, 4) !== "PACK") {
      throw this.#pack.damaged("it is none");
    }
    const count = header.readUInt32BE(8);
    if (count > GIT_PACK_OBJECTS) throw tooMuch(`over ${GIT_PACK_OBJECTS} objects`);
    let offset = HEADER_BYTES;
    for (let at = 0; at < count; at++) {
      await this.#turn();
      offset = this.#scanEntry(offset);
    }
    if (offset !== this.#pack.sizeBytes - TRAILER_BYTES) {
      throw this.#pack.damaged("it does not end after its last object");
    }
  }

  #scanEntry(offset: number): number {
    const { kind, content, end, baseDistance, baseOid } = this.#pack.entry(offset);
    this.#spend(content.byteLength);
    const crc = crc32(this.#pack.read(offset, end - offset));
    const base = kind === OFFSET_DELTA ? offset - baseDistance : undefined;
    const entry: Scanned = { offset, crc, base, oid: undefined, type: TYPES[kind] };
    this.#entries.set(offset, entry);
    if (base !== undefined) addTo(this.#byOffset, base, entry);
    else if (kind === REFERENCE_DELTA) addTo(this.#byName, baseOid, entry);
    else if (entry.type === undefined) throw this.#pack.damaged("an object has no known type");
    else entry.oid = nameOf(entry.type, content);
    return end;
  }

  /** Names what is built upon a whole object, depth first, so that bases are at hand. */
  async #resolve(root: Scanned): Promise<void> {
    const waiting = this.#childrenOf(root);
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      await this.#turn();
      const { entry, base } = next;
      if (entry.oid !== undefined) continue;
      this.#bases.set(entry.offset, base.offset);
      entry.type = base.type;
      entry.oid = nameOf(base.type ?? "", this.#contentOf(entry.offset));
      waiting.push(...this.#childrenOf(entry));
    }
  }

  #childrenOf(base: Scanned): { readonly entry: Scanned; readonly base: Scanned }[] {
    const children = [
      ...(this.#byOffset.get(base.offset) ?? []),
      ...(this.#byName.get(base.oid ?? "") ?? []),
    ];
    return children.map((entry) => ({ entry, base }));
  }

  /** Unpacks an object whose bases are known, from the next of them that is still at hand. */
  #contentOf(start: number): Buffer {
    const deltas: { readonly offset: number; readonly delta: Buffer }[] = [];
    let offset = start;
    let content = this.#cached(offset);
    while (content === undefined) {
      if (deltas.length > GIT_CHAIN) throw this.#pack.damaged("its deltas are chained too deep");
      const entry = this.#pack.entry(offset);
      this.#spend(entry.content.byteLength);
      const base = this.#bases.get(offset);
      if (base === undefined) {
        content = entry.content;
        this.#keep(offset, content);
      } else {
        deltas.push({ offset, delta: entry.content });
        offset = base;
        content = this.#cached(offset);
      }
    }
    for (const { offset: at, delta } of deltas.reverse()) {
      content = applyDelta(content, delta);
      this.#spend(content.byteLength);
      this.#keep(at, content);
    }
    return content;
  }

  #cached(offset: number): Buffer | undefined {
    const content = this.#cache.get(offset);
    if (content === undefined) return undefined;
    this.#cache.delete(offset);
    this.#cache.set(offset, content);
    return content;
  }

  #keep(offset: number, content: Buffer): void {
    this.#cache.set(offset, content);
    this.#cachedBytes += content.byteLength;
    for (const [oldest, { byteLength }] of this.#cache) {
      if (this.#cachedBytes <= GIT_CACHE_BYTES) break;
      this.#cache.delete(oldest);
      this.#cachedBytes -= byteLength;
    }
  }

  #spend(bytes: number): void {
    this.#unpackedBytes += bytes;
    this.#bytesInARow += bytes;
    if (this.#unpackedBytes > GIT_UNPACKED_BYTES) {
      throw tooMuch(`it unpacks to over ${GIT_UNPACKED_BYTES} bytes`);
    }
  }

  async #turn(): Promise<void> {
    const many = ++this.#objectsInARow >= OBJECTS_IN_A_ROW;
    if (!many && this.#bytesInARow < BYTES_IN_A_ROW) return;
    this.#objectsInARow = 0;
    this.#bytesInARow = 0;
    await takeTurn(this.#signal);
  }
}

function nameOf(type: string, content: Buffer): string {
  return createHash("sha1").update(`${type} ${content.byteLength}\0`).update(content).digest("hex");
}

function addTo<Key>(map: Map<Key, Scanned[]>, key: Key, entry: Scanned): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [entry]);
  else known.push(entry);
}

function tooMuch(state: string): DevregError {
  return new DevregError("LIMIT_EXCEEDED", `Cannot fetch the git repository: ${state}`, {
    hint: "Point to a smaller repository",
  });
}
