import { eachBounded } from "../../../concurrent.ts";
import { counted } from "../../../counted.ts";
import { ICON_CONCURRENCY } from "../../../limits.ts";
import { SEARCH_CHARS } from "../../../viewer-limits.ts";
import type { AppDeps, ServerApp } from "../../deps.ts";
import type { PreparedGeneration } from "../../served.ts";
import { type Html, html } from "../html.ts";
import { icon } from "../icon.ts";
import { iconAddress } from "../logo.ts";
import { addPage, type PageRequest } from "../page.ts";
import type { ShownItem } from "./card.ts";
import { addressOf, type Catalog, type CatalogItem } from "./catalog.ts";
import { CatalogShelf, type SearchableCatalog } from "./catalog-shelf.ts";
import { facetList } from "./facet-list.ts";
import { type CatalogQuery, formatCatalogQuery, parseCatalogQuery } from "./query.ts";
import { results } from "./results.ts";
import { select } from "./select.ts";

/** Adds /viewer: everything that the registry has, to search and to narrow down. */
export function addHomePage(app: ServerApp, deps: AppDeps): void {
  const shelf = new CatalogShelf(deps);
  const read = ({ generation, query }: PageRequest) => {
    const searchable = shelf.of(generation);
    return { ...searchable, query: parseCatalogQuery(query, searchable.catalog) };
  };
  addPage(app, deps, {
    path: "/viewer",
    query: (request) => formatCatalogQuery(read(request).query),
    depends: ({ generation }) => String(shelf.of(generation).number),
    make: async (request) => {
      const { catalog, search, query } = read(request);
      return {
        title: "",
        description: describe(deps.config.name, catalog),
        active: "home",
        canonical: "viewer",
        main: await mainOf(request.generation, { catalog, search }, query, deps.config.name),
      };
    },
  });
  addPage(app, deps, {
    path: "/viewer/devfiles/:registry",
    make: ({ root }) => ({ location: `${root}viewer` }),
  });
}

async function mainOf(
  generation: PreparedGeneration,
  { catalog, search }: Pick<SearchableCatalog, "catalog" | "search">,
  query: CatalogQuery,
  name: string,
): Promise<Html> {
  const selection = select(catalog, query, search);
  const shown = await eachBounded(selection.shown, ICON_CONCURRENCY, (item) =>
    showItem(generation, item),
  );
  const current = { ...query, page: selection.page };
  return html`<div class="hero">
<h1>${name || "Devfile Registry"}</h1>
<p class="lead">${summary(catalog)}, ready for editors, consoles and command lines.</p>
<form id="catalog" class="search" role="search" action="viewer" method="get">
<label class="visually-hidden" for="search">Search stacks and samples</label>
${icon("search")}
<input type="search" id="search" name="search" value="${query.search}" maxlength="${SEARCH_CHARS}" placeholder="Stacks and samples" autocomplete="off" spellcheck="false" aria-controls="results">
<button class="button primary">Search</button>
</form></div>
<div class="columns">${facetList(catalog, query, selection)}${results(catalog, current, selection, shown)}</div>`;
}

async function showItem(generation: PreparedGeneration, item: CatalogItem): Promise<ShownItem> {
  const picture = await iconAddress(generation, item.entry, item.other?.entries);
  return { item, picture, href: addressOf(item) };
}

function describe(name: string, catalog: Catalog): string {
  return `${name || "A devfile registry"}: ${summary(catalog)}`;
}

function summary({ items, others }: Catalog): string {
  const samples = items.filter(({ entry }) => entry.type === "sample").length;
  const parts = [counted(items.length - samples, "stack")];
  if (samples > 0) parts.push(counted(samples, "sample"));
  return `${parts.join(" and ")}${others.length === 0 ? "" : ` from ${others.length + 1} registries`}`;
}
