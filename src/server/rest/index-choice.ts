import { createHash } from "node:crypto";

/** Where a part of a printed index begins and ends. */
export interface PrintedPart {
  readonly start: number;
  readonly end: number;
}

/**
 * A choice of what was printed of an index: parts of its bytes, in their order. However much it comes
 * to, it holds no bytes of its own, so that any number of long answers may be under way.
 */
export class IndexChoice {
  readonly #printed: Uint8Array;
  readonly #places: Int32Array;
  /** Bytes of all parts. */
  readonly size: number;
  /** Of one printed index, equal choices have equal names, and different ones different names. */
  readonly name: string;

  /** @param places start and end of each part, which neither meet nor overlap */
  constructor(printed: Uint8Array, places: readonly number[]) {
    this.#printed = printed;
    this.#places = Int32Array.from(places);
    let size = 0;
    for (const { start, end } of this.parts()) size += end - start;
    this.size = size;
    this.name = createHash("sha256").update(this.#places).digest("hex");
  }

  /** What the choice itself takes in memory. */
  get heldBytes(): number {
    return this.#places.byteLength;
  }

  /** Gives where the parts are. */
  *parts(): Iterable<PrintedPart> {
    for (let at = 0; at < this.#places.length; at += 2) {
      yield { start: this.#places[at] ?? 0, end: this.#places[at + 1] ?? 0 };
    }
  }

  /** Gives the bytes of a part, which are those of the index. */
  bytesOf({ start, end }: PrintedPart): Uint8Array {
    return this.#printed.subarray(start, end);
  }

  /** Gives the bytes piece by piece. */
  *pieces(): Iterable<Uint8Array> {
    for (const part of this.parts()) yield this.bytesOf(part);
  }
}

/** Gathers the parts of a choice; those that meet become one. */
export class ChosenParts {
  readonly places: number[] = [];

  /** Adds what comes next. */
  add(start: number, end: number): void {
    const last = this.places.length - 1;
    if (this.places[last] === start) this.places[last] = end;
    else this.places.push(start, end);
  }
}
