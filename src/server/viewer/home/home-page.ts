import { eachBounded } from "../../../concurrent.ts";
import { ICON_CONCURRENCY } from "../../../limits.ts";
import type { AppDeps, ServerApp } from "../../deps.ts";
import type { PreparedGeneration } from "../../served.ts";
import { ownNameOf } from "../entry-link.ts";
import { html } from "../html.ts";
import { iconAddress } from "../logo.ts";
import { addOpenPage, addPage, type PageRequest } from "../page.ts";
import type { ShownItem } from "./card.ts";
import { addressOf, type CatalogItem } from "./catalog.ts";
import { CatalogShelf } from "./catalog-shelf.ts";
import { facetList } from "./facet-list.ts";
import { hero, summary } from "./hero.ts";
import { formatCatalogQuery, parseCatalogQuery } from "./query.ts";
import { results } from "./results.ts";
import { select } from "./select.ts";

/** Adds /viewer: everything that the registry has, to search and to narrow down. */
export function addHomePage(app: ServerApp, deps: AppDeps): void {
  const shelf = new CatalogShelf(deps);
  const read = ({ generation, query }: PageRequest) => {
    const searchable = shelf.of(generation);
    return { ...searchable, query: parseCatalogQuery(query, searchable.catalog) };
  };
  addOpenPage(app, deps, {
    path: "/viewer",
    query: (request) => formatCatalogQuery(read(request).query),
    depends: ({ generation }) => String(shelf.of(generation).number),
    make: async (request) => {
      const { generation, site } = request;
      const { build } = generation;
      const { catalog, search, query } = read(request);
      const registry = ownNameOf(deps);
      const found = await search(query.search);
      const selection = select(catalog, query, () => found);
      const shown = await eachBounded(selection.shown, ICON_CONCURRENCY, (item) =>
        showItem(generation, item),
      );
      const current = { ...query, page: selection.page };
      return {
        title: "",
        description: `${deps.config.name || "A devfile registry"}: ${summary(catalog)}`,
        active: "home",
        canonical: "viewer",
        main: html`${hero({ build, catalog, registry, text: query.search, site })}
<div class="columns">${facetList(catalog, query, selection)}${results(catalog, current, selection, shown)}</div>`,
      };
    },
  });
  addPage(app, deps, {
    path: "/viewer/devfiles/:registry",
    make: ({ root }) => ({ location: `${root}viewer` }),
  });
}

async function showItem(generation: PreparedGeneration, item: CatalogItem): Promise<ShownItem> {
  const picture = await iconAddress(generation, item.entry, item.other?.entries);
  return { item, picture, href: addressOf(item) };
}
