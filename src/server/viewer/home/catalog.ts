import type { IndexEntry, IndexVersion, RegistryIndex } from "../../../generator/index.ts";
import type { OtherRegistry } from "../../other-registries.ts";
import { entryPath } from "../entry-link.ts";
import { type CatalogFacet, FacetValues } from "./facet-values.ts";
import { FACETS, isDeprecated } from "./facets.ts";

/** One stack or sample as the catalog knows it. */
export interface CatalogItem {
  readonly entry: IndexEntry;
  readonly title: string;
  /** Name of the registry that has it. */
  readonly registry: string;
  /** The registry that has it where that is not this one. */
  readonly other: OtherRegistry | undefined;
  /** The default version, where it has versions. */
  readonly version: string | undefined;
  readonly deprecated: boolean;
  /** The day it was last changed, as in "2026-02-01"; "" where that is not known. */
  readonly modified: string;
  /** For each facet, the numbers of its values among {@link CatalogFacet.values}. */
  readonly values: readonly (readonly number[])[];
}

/** Everything that can be found, prepared once for all requests. */
export interface Catalog {
  readonly items: readonly CatalogItem[];
  /** In the order of {@link FACETS}. */
  readonly facets: readonly CatalogFacet[];
  readonly others: readonly OtherRegistry[];
  /** Where each entry is among the items. */
  readonly places: ReadonlyMap<IndexEntry, CatalogItem>;
}

const DAY_CHARS = "2026-02-01".length;
const DAY = /^\d{4}-\d\d-\d\d$/;
/** The zero time of Go, which stands for an unknown one. */
const UNKNOWN_YEAR = "0001-";

/** Prepares the entries of this registry and of others. */
export function makeCatalog(
  own: { readonly name: string; readonly index: RegistryIndex },
  others: readonly OtherRegistry[],
): Catalog {
  const gathered = FACETS.map(({ order = [] }) => new FacetValues(order));
  const read = (entry: IndexEntry, registry: string, other?: OtherRegistry) =>
    draftOf(entry, registry, other, gathered);
  const drafts = [
    ...own.index.map((entry) => read(entry, own.name)),
    ...others.flatMap((other) => other.entries.map((entry) => read(entry, other.name, other))),
  ];
  const closed = gathered.map((values) => values.close());
  const items = drafts.map((draft) => ({
    ...draft,
    values: draft.values.map((numbers, at) =>
      numbers.map((number) => closed[at]?.places[number] ?? 0),
    ),
  }));
  const places = new Map(items.map((item) => [item.entry, item]));
  return { items, facets: closed.map(({ facet }) => facet), others, places };
}

/** Gives the address of the page of an item: below this site, or on the other registry. */
export function addressOf({ entry, registry, other }: CatalogItem): string {
  const path = entryPath(registry, entry);
  return other === undefined ? path : `${other.address}/${path}`;
}

/** Gives the version of an entry that is meant where none is named. */
export function defaultVersionOf({ versions = [] }: IndexEntry): IndexVersion | undefined {
  return versions.find((each) => each.default === true) ?? versions[0];
}

/** Makes an item whose values have the numbers that they have for now. */
function draftOf(
  entry: IndexEntry,
  registry: string,
  other: OtherRegistry | undefined,
  gathered: readonly FacetValues[],
): CatalogItem {
  const version = defaultVersionOf(entry);
  const subject = { entry, version, registry };
  return {
    entry,
    title: entry.displayName || entry.name,
    registry,
    other,
    version: version?.version ?? entry.version,
    deprecated: isDeprecated(subject),
    modified: modifiedOf(entry),
    values: FACETS.map(({ valuesOf }, at) => gathered[at]?.add(valuesOf(subject)) ?? []),
  };
}

function modifiedOf({ lastModified, versions = [] }: IndexEntry): string {
  let newest = lastModified ?? "";
  for (const { lastModified: date = "" } of versions) if (date > newest) newest = date;
  const day = newest.slice(0, DAY_CHARS);
  return DAY.test(day) && !day.startsWith(UNKNOWN_YEAR) ? day : "";
}
