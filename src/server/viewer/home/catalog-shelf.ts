import type { AppDeps } from "../../deps.ts";
import type { OtherRegistry } from "../../other-registries.ts";
import type { PreparedGeneration } from "../../served.ts";
import { type Catalog, type CatalogItem, makeCatalog } from "./catalog.ts";

/** A catalog with its search. */
export interface SearchableCatalog {
  readonly catalog: Catalog;
  /** Gives what a text finds, the best first. */
  readonly search: (text: string) => readonly CatalogItem[];
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
    const { others, config } = this.#deps;
    const shown = others?.list() ?? NO_OTHERS;
    const known = this.#catalogs.get(generation);
    if (known?.catalog.others === shown) return known;
    const own = { name: others?.ownName ?? config.name, index: generation.build.index };
    const catalog = makeCatalog(own, shown);
    this.#made += 1;
    const made = { catalog, search: searchIn(catalog), number: this.#made };
    this.#catalogs.set(generation, made);
    return made;
  }
}

/** All words must occur, those in names before those in descriptions. */
function searchIn(catalog: Catalog): SearchableCatalog["search"] {
  let texts: ReturnType<typeof textsOf> | undefined;
  return (text) => {
    texts ??= textsOf(catalog);
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const found = texts.filter(({ all }) => words.every((word) => all.includes(word)));
    const named = found.filter(({ name }) => words.every((word) => name.includes(word)));
    return [...new Set([...named, ...found])].map(({ item }) => item);
  };
}

function textsOf({ items }: Catalog) {
  return items.map((item) => {
    const { entry, title } = item;
    const name = [title, entry.name, entry.language, ...(entry.tags ?? [])].join(" ").toLowerCase();
    return { item, name, all: `${name} ${entry.description?.toLowerCase() ?? ""}` };
  });
}
