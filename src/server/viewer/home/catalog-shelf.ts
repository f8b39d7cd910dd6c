import type { RegistryIndex } from "../../../generator/index.ts";
import type { AppDeps } from "../../deps.ts";
import type { OtherRegistry } from "../../other-registries.ts";
import { createSearch } from "../../search/index.ts";
import type { PreparedGeneration } from "../../served.ts";
import { ownNameOf } from "../entry-link.ts";
import { type Catalog, type CatalogItem, makeCatalog } from "./catalog.ts";

/** A catalog with its search. */
export interface SearchableCatalog {
  readonly catalog: Catalog;
  /** Gives what a text finds, the best first. */
  readonly search: (text: string) => Promise<readonly CatalogItem[]>;
  /** Another one for each catalog made. */
  readonly number: number;
}

const NO_OTHERS: readonly OtherRegistry[] = [];

/** Keeps the catalog of each generation, made again when another registry changes. */
export class CatalogShelf {
  readonly #deps: AppDeps;
  readonly #catalogs = new WeakMap<PreparedGeneration, SearchableCatalog>();
  #made = 0;

  constructor(deps: AppDeps) {
    this.#deps = deps;
  }

  /** Gives the catalog of a generation. */
  of(generation: PreparedGeneration): SearchableCatalog {
    const { others } = this.#deps;
    const shown = others?.list() ?? NO_OTHERS;
    const known = this.#catalogs.get(generation);
    if (known?.catalog.others === shown) return known;
    const own = { name: ownNameOf(this.#deps), index: generation.build.index };
    const catalog = makeCatalog(own, shown);
    this.#made += 1;
    const made = { catalog, search: searchIn(catalog, own.index), number: this.#made };
    this.#catalogs.set(generation, made);
    return made;
  }
}

function searchIn(
  { items, places, others }: Catalog,
  own: RegistryIndex,
): SearchableCatalog["search"] {
  // What is searched by /search too has its words gathered once.
  const search = createSearch(others.length === 0 ? own : items.map(({ entry }) => entry));
  return async (text) => (await search(text)).flatMap(({ entry }) => places.get(entry) ?? []);
}
