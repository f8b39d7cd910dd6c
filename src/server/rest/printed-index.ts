import { invariant } from "../../assert.ts";
import { utf8 } from "../../bytes.ts";
import {
  formatEntriesInTurns,
  formatIndex,
  type IndexEntry,
  type IndexVersion,
  joinEntries,
  type RegistryIndex,
} from "../../generator/index.ts";
import { ChosenParts, IndexChoice, type PrintedPart } from "./index-choice.ts";

const OPEN = utf8("[");
const COMMA = utf8(",");
const CLOSE = utf8("\n]");
/** Line ends are escaped inside of strings, so these stand where the format puts them only. */
const LIST_START = '\n    "versions": [';
const VERSION = /\n {6}\{(?:\}|\n.*?\n {6}\})/gs;
/** Greedy: the last quote of the line is the end of the text. */
const ICON = /\n {4}"icon": (".*"),?\n/;

/** Where the versions of an entry are printed, each from the line end before it. */
interface PrintedVersions extends PrintedPart {
  readonly places: ReadonlyMap<IndexVersion, PrintedPart>;
}

/**
 * An index that was printed once. Whatever is chosen of its entries, and of versions of these, is
 * made of parts of its bytes. Gives what formatIndex() gives, without printing again.
 */
export class PrintedIndex {
  readonly #entries = new Map<IndexEntry, PrintedPart>();
  readonly #owners = new Map<IndexVersion, IndexEntry>();
  /** The versions of entries of which some were left out. */
  readonly #versions = new Map<IndexEntry, PrintedVersions>();
  /** The whole index; entries are kept as parts of it. */
  readonly bytes: Uint8Array;

  private constructor(index: RegistryIndex, pieces: readonly Uint8Array[]) {
    this.bytes = joinEntries(pieces);
    let start = OPEN.byteLength;
    for (const [place, entry] of index.entries()) {
      const end = start + (pieces[place]?.byteLength ?? 0);
      this.#entries.set(entry, { start, end });
      start = end + COMMA.byteLength;
      for (const version of entry.versions ?? []) this.#owners.set(version, entry);
    }
  }

  /** Prints an index, letting others have their turn. */
  static async print(index: RegistryIndex): Promise<PrintedIndex> {
    return new PrintedIndex(index, await formatEntriesInTurns(index));
  }

  /**
   * Chooses entries; each is one of the index, or one of it with fewer versions, and they are in its
   * order.
   */
  choose(entries: RegistryIndex): IndexChoice {
    const size = this.bytes.byteLength;
    if (entries.length === 0) return new IndexChoice(formatIndex([]), [0, formatIndex([]).length]);
    const parts = new ChosenParts();
    parts.add(0, OPEN.byteLength);
    for (const [at, entry] of entries.entries()) {
      const whole = this.#entries.get(entry);
      if (whole === undefined) this.#addCut(parts, entry, at === 0);
      else parts.add(withComma(whole, at === 0), whole.end);
    }
    parts.add(size - CLOSE.byteLength, size);
    return new IndexChoice(this.bytes, parts.places);
  }

  /** Gives where the icon of an entry stands, with its quotes; undefined where it has none. */
  iconOf(entry: IndexEntry): PrintedPart | undefined {
    const whole = this.#entries.get(entry) ?? this.#entries.get(this.#ownerOf(entry));
    if (whole === undefined) return undefined;
    const found = ICON.exec(this.#textOf(whole));
    if (found?.[1] === undefined) return undefined;
    const start = whole.start + found.index + found[0].indexOf(found[1]);
    return { start, end: start + found[1].length };
  }

  /** Adds an entry of which some versions are left out. */
  #addCut(parts: ChosenParts, entry: IndexEntry, isFirst: boolean): void {
    const { versions = [] } = entry;
    const owner = this.#ownerOf(entry);
    const whole = this.#entries.get(owner);
    invariant(whole !== undefined, "what is chosen is of the index");
    const printed = this.#versions.get(owner) ?? findVersions(owner, whole, this.#textOf(whole));
    this.#versions.set(owner, printed);
    parts.add(withComma(whole, isFirst), printed.start);
    for (const [at, version] of versions.entries()) {
      const place = printed.places.get(version);
      if (place !== undefined) parts.add(withComma(place, at === 0), place.end);
    }
    parts.add(printed.end, whole.end);
  }

  #ownerOf({ versions = [] }: IndexEntry): IndexEntry {
    const owner = versions[0] && this.#owners.get(versions[0]);
    invariant(owner !== undefined, "versions that are chosen are of the index");
    return owner;
  }

  /** A character for each byte: all that is looked for are single ones. */
  #textOf({ start, end }: PrintedPart): string {
    const { buffer, byteOffset } = this.bytes;
    return Buffer.from(buffer, byteOffset + start, end - start).toString("latin1");
  }
}

/** Before all but the first of a list stands a comma. */
function withComma({ start }: PrintedPart, isFirst: boolean): number {
  return isFirst ? start : start - COMMA.byteLength;
}

/** Finds the versions of a printed entry. */
function findVersions(
  { versions = [] }: IndexEntry,
  whole: PrintedPart,
  text: string,
): PrintedVersions {
  const list = text.indexOf(LIST_START) + LIST_START.length;
  const start = whole.start + list;
  const found = [...text.slice(list).matchAll(VERSION)].slice(0, versions.length);
  invariant(found.length === versions.length, "all versions of an entry are printed");
  const places = new Map<IndexVersion, PrintedPart>();
  let end = start;
  for (const [at, version] of versions.entries()) {
    const { index = 0, 0: printed = "" } = found[at] ?? {};
    end = start + index + printed.length;
    places.set(version, { start: start + index, end });
  }
  return { start, end, places };
}
