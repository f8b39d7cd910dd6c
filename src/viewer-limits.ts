/** Bounds of the viewer by name and unit. */

const KIB = 1024;
const MIB = 1024 * KIB;

/** How many pages one generation keeps ready. */
export const PAGE_CACHE_ENTRIES = 512;
/** The most bytes of pages, compressed forms included, that one generation keeps ready. */
export const PAGE_CACHE_BYTES = 32 * MIB;
/** How many parts of pages that are costly to make one generation keeps ready. */
export const PIECE_CACHE_ENTRIES = 512;
/** The most that they hold. */
export const PIECE_CACHE_BYTES = 16 * MIB;
/** The most that what devfiles say, read for their pages, holds. */
export const MODEL_CACHE_BYTES = 32 * MIB;
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
export const OTHER_INDEX_BYTES = 16 * MIB;
/** The most lists and maps in the index of another registry. */
export const OTHER_INDEX_PARTS = 400_000;
/** How many other registries are asked side by side. */
export const OTHER_INDEXES_AT_ONCE = 4;
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
/** The most values of one devfile that its page knows, aliases written out. */
export const SHOWN_YAML_NODES = 20_000;
/** How deep the values of a devfile are looked at for its page. */
export const SHOWN_YAML_DEPTH = 32;
/** The most characters of a devfile that its page shows; the download has all. */
export const SHOWN_YAML_CHARS = 256 * KIB;
/** The most lines of a devfile that its page shows. */
export const SHOWN_YAML_LINES = 5_000;
/** The most rows of one table about a devfile. */
export const SHOWN_ROWS = 200;
/** How much of one text of a devfile a table shows. */
export const SHOWN_TEXT_CHARS = 2_000;
/** How many versions are shown before the rest folds away. */
export const VERSIONS_SHOWN = 12;
/** How many parents of parents are followed. */
export const PARENTS_SHOWN = 10;
/** The largest README that is rendered. */
export const README_BYTES = 64 * KIB;
/** The most that an archive of a stack may hold, packed or not, to have its files listed. */
export const LISTED_ARCHIVE_BYTES = 8 * MIB;
/** How many archives of stacks are remembered by what is in them. */
export const ARCHIVES_KNOWN = 1_024;
/** The most that remembering what is in archives takes. */
export const ARCHIVES_KNOWN_BYTES = 8 * MIB;
/** The most files of an archive that are compared between two versions. */
export const COMPARED_FILES = 2_000;
/** The largest file beside a devfile that is compared by its bytes; larger ones by their size. */
export const COMPARED_FILE_BYTES = 256 * KIB;
/** The most files of an archive that are listed. */
export const LISTED_FILES = 500;
/** How many lines may differ between two devfiles before a page tells it in words alone. */
export const DIFF_EDITS = 4_000;
/** How long the lines of two devfiles are compared. */
export const DIFF_TIMEOUT_MS = 100;
/** How many equal lines are shown around those that differ. */
export const DIFF_CONTEXT_LINES = 3;
/** How many changes the words about two versions name. */
export const DIFF_CHANGES = 200;
/** How many names a page for what is missing suggests. */
export const SUGGESTED_NAMES = 3;
/** How long a badge may be kept without asking again, in seconds. */
export const BADGE_AGE_S = 300;
/** How much of a name a badge shows. */
export const BADGE_CHARS = 60;
