/** Bounds of the viewer by name and unit. */

const KIB = 1024;
const MIB = 1024 * KIB;

/** How many pages one generation keeps ready. */
export const PAGE_CACHE_ENTRIES = 512;
/** The most bytes of pages, compressed forms included, that one generation keeps ready. */
export const PAGE_CACHE_BYTES = 32 * MIB;
/** How many stacks and samples one page of the catalog shows. */
export const CATALOG_PAGE_ENTRIES = 24;
/** The longest search looked for. */
export const SEARCH_CHARS = 200;
/** The most values of one facet that a request may choose. */
export const FACET_CHOICES = 50;
/** How many values of a facet are shown before the rest folds away. */
export const FACET_VALUES_SHOWN = 8;
/** The most values of a facet that are listed at all. */
export const FACET_VALUES = 200;
/** The most other registries shown beside this one. */
export const OTHER_REGISTRIES = 32;
/** The largest index read from another registry. */
export const OTHER_INDEX_BYTES = 32 * MIB;
/** The most entries shown of another registry. */
export const OTHER_INDEX_ENTRIES = 10_000;
/** How long another registry may take to give its index. */
export const OTHER_INDEX_TIMEOUT_MS = 15_000;
/** How often another registry is asked for its index. */
export const OTHER_INDEX_INTERVAL_MS = 5 * 60_000;
/** The most addresses of a sitemap. Spec: sitemaps.org, 50,000 for one file. */
export const SITEMAP_ADDRESSES = 50_000;
/** How much of a name is looked at to make the part of an address that stands for it. */
export const SLUG_CHARS = 200;
/** How many values of one facet one entry may have; further ones are not looked at. */
export const ENTRY_FACET_VALUES = 100;
/** How much of a description a card shows; its page has all of it. */
export const CARD_TEXT_CHARS = 300;
/** How much of a name, a label or a version a card shows. */
export const CARD_WORD_CHARS = 100;
