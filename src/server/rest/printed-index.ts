import { createHash } from "node:crypto";
import { concatBytes, textOf, utf8 } from "../../bytes.ts";
import {
  formatIndex,
  type IndexEntry,
  type IndexVersion,
  type RegistryIndex,
} from "../../generator/index.ts";

/** An entry cut at its versions, so that some of them can be left out. */
interface CutEntry {
  readonly head: Uint8Array;
  readonly versions: ReadonlyMap<IndexVersion, Uint8Array>;
  readonly tail: Uint8Array;
}

const OPEN = utf8("[");
const COMMA = utf8(",");
const CLOSE = utf8("\n]");
/** Line ends are escaped inside of strings, so these stand where the format puts them only. */
const LIST_START = '\n    "versions": [';
const LIST_END = "\n    ]";
const VERSION = /\n {6}\{\n.*?\n {6}\}/gs;

/**
 * An index that was printed once: any choice of its entries, and of versions of these, is put
 * together from the bytes of each. Gives what formatIndex() gives, without printing again.
 */
export class PrintedIndex {
  readonly #entries = new Map<IndexEntry, Uint8Array>();
  readonly #places = new Map<IndexEntry, number>();
  readonly #owners = new Map<IndexVersion, IndexEntry>();
  readonly #cut = new Map<IndexEntry, CutEntry | undefined>();
  /** The whole index; entries are kept as parts of it. */
  readonly bytes: Uint8Array;

  constructor(index: RegistryIndex) {
    const pieces = index.map(printEntry);
    this.bytes = joinEntries(pieces);
    let at = OPEN.byteLength;
    for (const [place, entry] of index.entries()) {
      const length = pieces[place]?.byteLength ?? 0;
      this.#entries.set(entry, this.bytes.subarray(at, at + length));
      this.#places.set(entry, place);
      at += length + COMMA.byteLength;
      for (const version of entry.versions ?? []) this.#owners.set(version, entry);
    }
  }

  /** Puts entries together; each is one of the index, or one of it with fewer versions. */
  print(entries: RegistryIndex): Uint8Array {
    return joinEntries(entries.map((entry) => this.#entries.get(entry) ?? this.#cutDown(entry)));
  }

  /** Names a choice of entries and versions: equal choices print as equal bytes. */
  nameOf(entries: RegistryIndex): string {
    const numbers: number[] = [];
    for (const entry of entries) {
      const place = this.#places.get(entry);
      if (place !== undefined) numbers.push(place);
      else numbers.push(...this.#numbersOf(entry));
    }
    return createHash("sha256").update(Int32Array.from(numbers)).digest("hex");
  }

  /** A negative number says that so many versions of the entry follow, which are not all it has. */
  #numbersOf(entry: IndexEntry): number[] {
    const { versions = [] } = entry;
    const owner = this.#ownerOf(entry);
    const all = owner?.versions ?? [];
    const place = owner === undefined ? -1 : (this.#places.get(owner) ?? -1);
    return [-1 - versions.length, place, ...versions.map((version) => all.indexOf(version))];
  }

  #ownerOf({ versions = [] }: IndexEntry): IndexEntry | undefined {
    return versions[0] && this.#owners.get(versions[0]);
  }

  #cutDown(entry: IndexEntry): Uint8Array {
    const { versions = [] } = entry;
    const owner = this.#ownerOf(entry);
    const cut = owner && this.#cutOf(owner);
    if (cut === undefined) return printEntry(entry);
    const pieces = versions.flatMap((version) => cut.versions.get(version) ?? []);
    return concatBytes([cut.head, ...separate(pieces), cut.tail]);
  }

  /** Undefined for an entry that cannot be cut, which is then printed anew. */
  #cutOf(owner: IndexEntry): CutEntry | undefined {
    if (!this.#cut.has(owner)) this.#cut.set(owner, cutEntry(owner, this.#entries.get(owner)));
    return this.#cut.get(owner);
  }
}

/** Gives the bytes of an entry in a list, from the line end before it. */
function printEntry(entry: IndexEntry): Uint8Array {
  const list = formatIndex([entry]);
  return list.subarray(OPEN.byteLength, list.byteLength - CLOSE.byteLength);
}

function joinEntries(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 0) return formatIndex([]);
  return concatBytes([OPEN, ...separate(pieces), CLOSE]);
}

function separate(pieces: readonly Uint8Array[]): Uint8Array[] {
  return pieces.flatMap((piece, at) => (at === 0 ? [piece] : [COMMA, piece]));
}

function cutEntry(
  { versions = [] }: IndexEntry,
  piece: Uint8Array = new Uint8Array(),
): CutEntry | undefined {
  const text = textOf(piece);
  const start = text.indexOf(LIST_START) + LIST_START.length;
  const end = text.indexOf(LIST_END, start);
  const printed = text.slice(start, end).match(VERSION) ?? [];
  if (start < LIST_START.length || printed.length !== versions.length) return undefined;
  return {
    head: utf8(text.slice(0, start)),
    versions: new Map(versions.map((version, at) => [version, utf8(printed[at] ?? "")])),
    tail: utf8(text.slice(end)),
  };
}
