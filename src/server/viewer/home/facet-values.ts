import { ENTRY_FACET_VALUES, SEARCH_CHARS } from "../../../viewer-limits.ts";
import { compareTexts } from "./order.ts";

/** The values of one facet that occur in a catalog, in the order to show them. */
export interface CatalogFacet {
  readonly values: readonly string[];
  /** The number of a value in lower case. */
  readonly numbers: ReadonlyMap<string, number>;
  /** Whether any value is one that not all entries have. */
  readonly narrows: boolean;
}

interface Counted {
  readonly value: string;
  total: number;
}

/**
 * Numbers the values of one facet while entries are read. Spellings that differ in case are one
 * value, the one seen first; each spelling is looked at once, since entries share most of them.
 */
export class FacetValues {
  readonly #order: readonly string[];
  readonly #spellings = new Map<string, number>();
  readonly #keys = new Map<string, number>();
  readonly #counted: Counted[] = [];
  #entries = 0;

  /** @param order values that come first, in this order */
  constructor(order: readonly string[]) {
    this.#order = order;
  }

  /** Counts the values of one entry, as many as are taken, and gives their numbers for now. */
  add(values: readonly string[]): readonly number[] {
    this.#entries += 1;
    const numbers: number[] = [];
    for (const value of values.slice(0, ENTRY_FACET_VALUES)) {
      if (value.length > SEARCH_CHARS) continue;
      const number = this.#spellings.get(value) ?? this.#spell(value);
      const counted = this.#counted[number];
      if (counted === undefined || numbers.includes(number)) continue;
      counted.total += 1;
      numbers.push(number);
    }
    return numbers;
  }

  /** Gives the facet, and for each number so far its place in it. */
  close(): { readonly facet: CatalogFacet; readonly places: readonly number[] } {
    const ranks = this.#counted.map(({ value }) => {
      const place = this.#order.indexOf(value);
      return place < 0 ? this.#order.length : place;
    });
    const sorted = this.#counted
      .map(({ value, total }, number) => ({ value, total, number, rank: ranks[number] ?? 0 }))
      .sort((a, b) => a.rank - b.rank || b.total - a.total || compareTexts(a.value, b.value));
    const places: number[] = [];
    for (const [place, { number }] of sorted.entries()) places[number] = place;
    const values = sorted.map(({ value }) => value);
    const numbers = new Map(values.map((value, number) => [value.toLowerCase(), number]));
    const narrows = sorted.some(({ total }) => total < this.#entries);
    return { facet: { values, numbers, narrows }, places };
  }

  #spell(value: string): number {
    const key = value.toLowerCase();
    const number = this.#keys.get(key) ?? this.#counted.push({ value, total: 0 }) - 1;
    this.#keys.set(key, number);
    this.#spellings.set(value, number);
    return number;
  }
}

/** Gives the number of a value of a facet, whatever the case of its letters. */
export function numberOf(facet: CatalogFacet | undefined, value: string): number | undefined {
  return facet?.numbers.get(value.toLowerCase());
}
