import { CATALOG_PAGE_ENTRIES } from "../../../viewer-limits.ts";
import type { Catalog, CatalogItem } from "./catalog.ts";
import { numberOf } from "./facet-values.ts";
import { compareTexts } from "./order.ts";
import type { CatalogQuery, Sort } from "./query.ts";

/** What a query finds. */
export interface Selection {
  /** Those of the page asked for, or of the last one. */
  readonly shown: readonly CatalogItem[];
  readonly found: number;
  readonly page: number;
  readonly pages: number;
  /** How many more or fewer each value of each facet would find, with the other facets as they are. */
  readonly counts: readonly (readonly number[])[];
}

type Order = (a: CatalogItem, b: CatalogItem) => number;

const byName: Order = (a, b) => compareTexts(a.title, b.title);

const ORDERS: Readonly<Record<Exclude<Sort, "relevance">, Order>> = {
  name: byName,
  newest: (a, b) => compareDays(b.modified, a.modified) || byName(a, b),
  provider: (a, b) => compareProviders(a, b) || byName(a, b),
};

const sorted = new WeakMap<Catalog, Map<Sort, readonly CatalogItem[]>>();

/** Finds what matches all facets, any chosen value of each, among what the search gave, if any. */
export function select(
  catalog: Catalog,
  query: CatalogQuery,
  search: (text: string) => readonly CatalogItem[],
): Selection {
  const wanted = query.chosen.map((values, at) =>
    values.length === 0
      ? undefined
      : new Set(values.map((value) => numberOf(catalog.facets[at], value) ?? -1)),
  );
  const counts = catalog.facets.map(({ values }) => values.map(() => 0));
  const matching = candidates(catalog, query, search).filter((item) => {
    const misses = missesOf(item, wanted);
    if (misses.length > 1) return false;
    for (const [at, values] of item.values.entries()) {
      if (misses.length === 0 || misses[0] === at) add(counts[at], values);
    }
    return misses.length === 0;
  });
  const pages = Math.max(1, Math.ceil(matching.length / CATALOG_PAGE_ENTRIES));
  const page = Math.min(query.page, pages);
  const from = (page - 1) * CATALOG_PAGE_ENTRIES;
  const shown = matching.slice(from, from + CATALOG_PAGE_ENTRIES);
  return { shown, found: matching.length, page, pages, counts };
}

/** Whole orders of the catalog are kept; what a search found is put in order each time. */
function candidates(
  catalog: Catalog,
  { search: text, sort }: CatalogQuery,
  search: (text: string) => readonly CatalogItem[],
): readonly CatalogItem[] {
  if (text !== "") {
    const found = search(text);
    return sort === "relevance" ? found : [...found].sort(ORDERS[sort]);
  }
  const orders = sorted.get(catalog) ?? new Map<Sort, readonly CatalogItem[]>();
  const items =
    orders.get(sort) ?? [...catalog.items].sort(sort === "relevance" ? byName : ORDERS[sort]);
  sorted.set(catalog, orders.set(sort, items));
  return items;
}

/** Gives the facets that an item does not match; two are enough to know that it counts nowhere. */
function missesOf(item: CatalogItem, wanted: readonly (ReadonlySet<number> | undefined)[]) {
  const misses: number[] = [];
  for (const [at, numbers] of wanted.entries()) {
    if (numbers === undefined || item.values[at]?.some((number) => numbers.has(number))) continue;
    if (misses.push(at) > 1) break;
  }
  return misses;
}

function add(counts: number[] | undefined, values: readonly number[]): void {
  if (counts === undefined) return;
  for (const number of values) counts[number] = (counts[number] ?? 0) + 1;
}

function compareDays(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Those without a provider come last. */
function compareProviders(a: CatalogItem, b: CatalogItem): number {
  const [left = "", right = ""] = [a.entry.provider, b.entry.provider];
  if (left === "" || right === "") return left === right ? 0 : left === "" ? 1 : -1;
  return compareTexts(left, right);
}
