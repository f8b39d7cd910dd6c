import type { IndexEntry, RegistryIndex } from "../../../generator/index.ts";
import type { OtherRegistry } from "../../other-registries.ts";
import { entryPath } from "../entry-link.ts";
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

/** The values of one facet that occur in a catalog, in the order to show them. */
export interface CatalogFacet {
  readonly values: readonly string[];
  /** How many entries have each value. */
  readonly totals: readonly number[];
  /** The number of a value in any case of letters. */
  readonly numbers: ReadonlyMap<string, number>;
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

/** The zero time of Go, which stands for an unknown one. */
const UNKNOWN_DATE = /^0001-/;

/** Prepares the entries of this registry and of others. */
export function makeCatalog(
  own: { readonly name: string; readonly index: RegistryIndex },
  others: readonly OtherRegistry[],
): Catalog {
  const drafts = [
    ...own.index.map((entry) => draftOf(entry, own.name, undefined)),
    ...others.flatMap((other) => other.entries.map((entry) => draftOf(entry, other.name, other))),
  ];
  const facets = FACETS.map((_, at) => gather(at, drafts));
  const items = drafts.map(({ found, ...draft }) => ({
    ...draft,
    values: found.map((values, at) => [
      ...new Set(values.flatMap((value) => numberOf(facets[at], value) ?? [])),
    ]),
  }));
  return { items, facets, others, places: new Map(items.map((item) => [item.entry, item])) };
}

/** Gives the address of the page of an item: below this site, or on the other registry. */
export function addressOf({ entry, registry, other }: CatalogItem): string {
  const path = entryPath(registry, entry);
  return other === undefined ? path : `${other.address}/${path}`;
}

/** Gives the number of a value of a facet, whatever the case of its letters. */
export function numberOf(facet: CatalogFacet | undefined, value: string): number | undefined {
  return facet?.numbers.get(value.toLowerCase());
}

function draftOf(entry: IndexEntry, registry: string, other: OtherRegistry | undefined) {
  const versions = entry.versions ?? [];
  const version = versions.find((each) => each.default === true) ?? versions[0];
  return {
    entry,
    title: entry.displayName || entry.name,
    registry,
    other,
    version: version?.version ?? entry.version,
    deprecated: isDeprecated({ entry, version }),
    modified: modifiedOf(entry),
    found: FACETS.map(({ valuesOf }) => valuesOf({ entry, version, registry })),
  };
}

function modifiedOf({ lastModified, versions = [] }: IndexEntry): string {
  const days = [lastModified, ...versions.map((version) => version.lastModified)]
    .filter((date) => date !== undefined && !UNKNOWN_DATE.test(date))
    .map((date) => /^\d{4}-\d\d-\d\d/.exec(date ?? "")?.[0] ?? "");
  return days.sort().at(-1) ?? "";
}

/** Spellings that differ in case are one value: the one seen first. */
function gather(at: number, drafts: readonly { readonly found: readonly (readonly string[])[] }[]) {
  const seen = new Map<string, { value: string; total: number }>();
  for (const { found } of drafts) {
    for (const value of new Set(found[at])) {
      const key = value.toLowerCase();
      const counted = seen.get(key) ?? { value, total: 0 };
      counted.total += 1;
      seen.set(key, counted);
    }
  }
  const order = FACETS[at]?.order ?? [];
  const rank = ({ value }: { value: string }) => {
    const place = order.indexOf(value);
    return place < 0 ? order.length : place;
  };
  const sorted = [...seen.values()].sort(
    (a, b) => rank(a) - rank(b) || b.total - a.total || compareTexts(a.value, b.value),
  );
  return {
    values: sorted.map(({ value }) => value),
    totals: sorted.map(({ total }) => total),
    numbers: new Map(sorted.map(({ value }, number) => [value.toLowerCase(), number])),
  };
}

const collator = new Intl.Collator("en", { sensitivity: "accent", numeric: true });

/** Orders texts as people do. Parity: today's viewer. */
export function compareTexts(a: string, b: string): number {
  return collator.compare(a, b);
}
