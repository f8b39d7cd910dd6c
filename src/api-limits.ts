/** Bounds of the REST API by name and unit, beside those in limits.ts. */

const KIB = 1024;
const MIB = 1024 * KIB;

/** The longest host that an address is made of; DNS allows no longer ones. */
export const HOST_CHARS = 253;
/** The longest path that a proxy may say it took away. */
export const PREFIX_CHARS = 256;
/** For how many addresses of this server one kind of answer is kept. */
export const SITE_CACHE_ENTRIES = 16;
/** The most that answers for addresses of this server hold. */
export const SITE_CACHE_BYTES = 8 * MIB;

/** The longest text that /search looks for. */
export const SEARCH_TEXT_CHARS = 200;
/** The most words of a search that are looked at. */
export const SEARCH_WORDS = 12;
/** How much of one word is looked at, in a search and in what is searched. */
export const SEARCH_WORD_CHARS = 40;
/** How much of one text of an entry is searched. */
export const SEARCHED_TEXT_CHARS = 2_000;
/** How many tags of one entry are searched. */
export const SEARCHED_TAGS = 100;
/** How many results /search gives unless told. */
export const SEARCH_RESULTS = 20;
/** The most results that /search gives. */
export const SEARCH_RESULTS_MOST = 100;
