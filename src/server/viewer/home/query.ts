import { FACET_CHOICES, SEARCH_CHARS } from "../../../viewer-limits.ts";
import type { Catalog } from "./catalog.ts";
import { numberOf } from "./facet-values.ts";
import { FACETS } from "./facets.ts";

/** All orders of the catalog. */
export const SORTS = ["relevance", "name", "newest", "provider"] as const;

/** An order of the catalog. */
export type Sort = (typeof SORTS)[number];

/** The words for the orders. */
export const SORT_WORDS: Readonly<Record<Sort, string>> = {
  relevance: "Relevance",
  name: "Name",
  newest: "Last updated",
  provider: "Provider",
};

/** What a visitor asks of the catalog; its address says it all. */
export interface CatalogQuery {
  readonly search: string;
  /** The values chosen of each facet, in the order of the facets. */
  readonly chosen: readonly (readonly string[])[];
  readonly sort: Sort;
  /** Counted from 1. */
  readonly page: number;
}

/** Reads a query; what is no good counts as not given, as an old link should still lead somewhere. */
export function parseCatalogQuery(parameters: URLSearchParams, catalog: Catalog): CatalogQuery {
  const search = (parameters.get("search") ?? "").trim().slice(0, SEARCH_CHARS);
  const page = Number(parameters.get("page") ?? "1");
  return {
    search,
    chosen: FACETS.map(({ name }, at) => choicesOf(parameters.getAll(name), catalog, at)),
    sort: parseSort(parameters.get("sort")) ?? defaultSort(search),
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
  };
}

/** Writes a query in its one form, without what goes without saying; "" for the whole catalog. */
export function formatCatalogQuery({ search, chosen, sort, page }: CatalogQuery): string {
  const parameters = new URLSearchParams();
  if (search !== "") parameters.append("search", search);
  for (const [at, { name }] of FACETS.entries()) {
    for (const value of chosen[at] ?? []) parameters.append(name, value);
  }
  if (sort !== defaultSort(search)) parameters.append("sort", sort);
  if (page !== 1) parameters.append("page", String(page));
  return parameters.toString();
}

/** Gives the query without one of its choices, at its first page. */
export function without(query: CatalogQuery, facet: number, value: string): CatalogQuery {
  const chosen = query.chosen.map((values, at) =>
    at === facet ? values.filter((each) => each !== value) : values,
  );
  return { ...query, chosen, page: 1 };
}

/** Tells how many values are chosen. */
export function countChoices({ chosen }: CatalogQuery): number {
  return chosen.reduce((sum, values) => sum + values.length, 0);
}

/** Gives the order that goes without saying. */
export function defaultSort(search: string): Sort {
  return search === "" ? "name" : "relevance";
}

function parseSort(text: string | null): Sort | undefined {
  return SORTS.find((sort) => sort === text);
}

/** Parity: today's viewer writes several values as one list with commas. */
function choicesOf(given: readonly string[], catalog: Catalog, at: number): readonly string[] {
  const facet = catalog.facets[at];
  const values = given
    .flatMap((text) => (numberOf(facet, text) === undefined ? text.split(",") : [text]))
    .map((text) => text.trim())
    .filter((text) => text !== "" && text.length <= SEARCH_CHARS)
    .map((text) => facet?.values[numberOf(facet, text) ?? -1] ?? text);
  return [...new Set(values)].slice(0, FACET_CHOICES).sort();
}
