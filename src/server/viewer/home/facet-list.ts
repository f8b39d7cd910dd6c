import { FACET_VALUES, FACET_VALUES_SHOWN } from "../../../viewer-limits.ts";
import { type Html, html } from "../html.ts";
import { icon } from "../icon.ts";
import type { Catalog } from "./catalog.ts";
import { FACETS, type Facet } from "./facets.ts";
import { type CatalogQuery, countChoices } from "./query.ts";
import type { Selection } from "./select.ts";

/** One value of a facet as it is offered. */
interface Offer {
  readonly id: string;
  readonly value: string;
  readonly words: string;
  readonly count: number;
  readonly chosen: boolean;
}

/** Makes the column of facets; its boxes belong to the form of the search. */
export function facetList(catalog: Catalog, query: CatalogQuery, selection: Selection): Html {
  const choices = countChoices(query);
  return html`<details class="filters" id="filters">
<summary>${icon("filter")}<span>Filters</span>${
    choices === 0 ? undefined : html`<span class="count">${choices}</span>`
  }</summary>
<div class="facets">
<h2 class="visually-hidden">Filters</h2>
${FACETS.map((facet, at) => facetGroup(facet, offersOf(facet, at, catalog, query, selection)))}
<button class="button without-script" form="catalog">Apply</button>
</div></details>`;
}

function offersOf(
  { name, words }: Facet,
  at: number,
  { facets }: Catalog,
  { chosen }: CatalogQuery,
  { counts }: Selection,
): readonly Offer[] {
  const { values = [], narrows } = facets[at] ?? {};
  const picked = chosen[at] ?? [];
  const unknown = picked.filter((value) => !values.includes(value));
  if (narrows !== true && picked.length === 0) return [];
  return [...values, ...unknown]
    .map((value, number) => ({
      id: `${name}-${number}`,
      value,
      words: words && Object.hasOwn(words, value) ? (words[value] ?? value) : value,
      count: counts[at]?.[number] ?? 0,
      chosen: picked.includes(value),
    }))
    .filter(({ count, chosen: kept }) => count > 0 || kept)
    .slice(0, FACET_VALUES);
}

function facetGroup({ name, title, open }: Facet, offers: readonly Offer[]): Html | undefined {
  if (offers.length === 0) return undefined;
  const first = offers.filter(({ chosen }, at) => at < FACET_VALUES_SHOWN || chosen);
  const rest = offers.filter((offer) => !first.includes(offer));
  const unfolded = open === true || offers.some(({ chosen }) => chosen);
  return html`<details class="facet" id="facet-${name}"${unfolded ? html` open` : undefined}>
<summary>${title}${icon("down")}</summary>
<fieldset><legend class="visually-hidden">${title}</legend>
${first.map((offer) => box(name, offer))}
${
  rest.length === 0
    ? undefined
    : html`<details class="more" id="more-${name}"><summary>${rest.length} more</summary>${rest.map(
        (offer) => box(name, offer),
      )}</details>`
}
</fieldset></details>`;
}

function box(name: string, { id, value, words, count, chosen }: Offer): Html {
  return html`<label class="choice" for="${id}"><input type="checkbox" id="${id}" form="catalog" name="${name}" value="${value}"${
    chosen ? html` checked` : undefined
  }><span>${words}</span> <span class="count">${count}</span></label>`;
}
