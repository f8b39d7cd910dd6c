import type { OtherRegistry } from "../../other-registries.ts";
import { emptyState, note } from "../components.ts";
import { type Html, html } from "../html.ts";
import { icon } from "../icon.ts";
import { card, type ShownItem } from "./card.ts";
import type { Catalog } from "./catalog.ts";
import { FACETS } from "./facets.ts";
import {
  type CatalogQuery,
  countChoices,
  defaultSort,
  formatCatalogQuery,
  SORT_WORDS,
  SORTS,
  without,
} from "./query.ts";
import type { Selection } from "./select.ts";

/** How many page numbers are shown on each side of this one. */
const PAGES_AROUND = 2;

/** Makes the part of the page that a query changes, facets apart. */
export function results(
  catalog: Catalog,
  query: CatalogQuery,
  selection: Selection,
  shown: readonly ShownItem[],
): Html {
  return html`<section id="results" aria-labelledby="results-title">
<h2 class="visually-hidden" id="results-title">Results</h2>
<div class="toolbar"><p id="count" role="status">${countText(catalog, selection)}</p>${sortField(query)}</div>
${choices(query)}
${catalog.others.map(troubleOf)}
${shown.length === 0 ? nothing(catalog, query) : html`<ul class="cards">${shown.map(card)}</ul>`}
${pageList(query, selection)}
</section>`;
}

function countText({ items }: Catalog, { found, page, pages }: Selection): string {
  const all = found === items.length;
  const counted = all
    ? `${found} ${found === 1 ? "entry" : "entries"}`
    : `${found} of ${items.length}`;
  return pages === 1 ? counted : `${counted}, page ${page} of ${pages}`;
}

/** What goes without saying is left out of the address. */
function sortField({ sort, search }: CatalogQuery): Html {
  const usual = defaultSort(search);
  const offered = SORTS.filter((each) => each !== "relevance" || search !== "" || sort === each);
  return html`<label class="sort">Sort by <select name="sort" id="sort" form="catalog">${offered.map(
    (each) =>
      html`<option value="${each === usual ? "" : each}"${each === sort ? html` selected` : undefined}>${SORT_WORDS[each]}</option>`,
  )}</select></label>`;
}

function choices(query: CatalogQuery): Html | undefined {
  const count = countChoices(query);
  if (count === 0) return undefined;
  return html`<ul class="chips chosen" aria-label="Chosen filters">${FACETS.map(
    ({ title, words }, at) =>
      query.chosen[at]?.map((value) => {
        const shown = words && Object.hasOwn(words, value) ? words[value] : value;
        return html`<li><a class="chip accent" href="${linkTo(without(query, at, value))}" aria-label="Remove ${title} ${shown}">${title}: ${shown}${icon("close")}</a></li>`;
      }),
  )}${count < 2 ? undefined : html`<li><a class="chip" href="${linkTo(clear(query))}">Clear all</a></li>`}</ul>`;
}

function nothing(catalog: Catalog, query: CatalogQuery): Html {
  if (catalog.items.length === 0) {
    return emptyState(
      "This registry has none.",
      "Stacks and samples appear here once there are some.",
    );
  }
  const { search } = query;
  const sort = query.sort === defaultSort(search) ? defaultSort("") : query.sort;
  const all = linkTo(clear({ ...query, search: "", sort }));
  const everything = html`<a href="${all}">see everything</a>`;
  const title = search === "" ? "Nothing matches" : `Nothing matches “${search}”`;
  return emptyState(
    title,
    countChoices(query) === 0
      ? html`Try other words, or ${everything}.`
      : html`Try fewer filters${search === "" ? "" : " or other words"}, or ${everything}.`,
  );
}

function troubleOf({ name, state, entries }: OtherRegistry): Html | undefined {
  if (state === "up") return undefined;
  if (state === "unknown") return note("info", html`The registry ${name} was not heard of yet.`);
  return note(
    "warn",
    entries.length === 0
      ? html`The registry ${name} does not answer; what it has is not shown.`
      : html`The registry ${name} does not answer; shown is what it had before.`,
  );
}

function pageList(query: CatalogQuery, { page, pages }: Selection): Html | undefined {
  if (pages === 1) return undefined;
  const near = Array.from({ length: pages }, (_, at) => at + 1).filter(
    (each) => each === 1 || each === pages || Math.abs(each - page) <= PAGES_AROUND,
  );
  return html`<nav class="pages" aria-label="Pages"><ul>
${page > 1 ? step(query, page - 1, "prev") : undefined}
${near.map(
  (each, at) =>
    html`${each - (near[at - 1] ?? 0) > 1 ? html`<li aria-hidden="true">…</li>` : undefined}<li><a class="page" href="${linkTo({ ...query, page: each })}"${
      each === page ? html` aria-current="page"` : undefined
    } aria-label="Page ${each}">${each}</a></li>`,
)}
${page < pages ? step(query, page + 1, "next") : undefined}
</ul></nav>`;
}

function step(query: CatalogQuery, page: number, rel: "prev" | "next"): Html {
  const words = rel === "prev" ? "Previous" : "Next";
  return html`<li><a class="page" rel="${rel}" href="${linkTo({ ...query, page })}" aria-label="${words} page">${icon(
    rel === "prev" ? "previous" : "next",
  )}</a></li>`;
}

function clear(query: CatalogQuery): CatalogQuery {
  return { ...query, chosen: FACETS.map(() => []), page: 1 };
}

/** The page is "viewer" below its folder; an empty query must not keep the one there is. */
function linkTo(query: CatalogQuery): string {
  const text = formatCatalogQuery(query);
  return text === "" ? "viewer" : `viewer?${text}`;
}
