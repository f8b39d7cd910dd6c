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

/** The longest that fetching one starter project for a visitor may take. */
export const STARTER_TIMEOUT_MS = 2 * 60_000;
/** The most that the files of such a project, or the archive that it comes in, may hold. */
export const STARTER_PROJECT_BYTES = 32 * MIB;
/** How long the server that has a starter project may take to begin each answer. */
export const STARTER_ANSWER_MS = 20_000;
/** How many starter projects are fetched side by side, each from another host. */
export const STARTER_FETCHES = 2;
/** How many more may be under way that are taking long. */
export const STARTER_SLOW_FETCHES = 2;
/** From when on fetching one takes long, and others are let past it. */
export const STARTER_SLOW_MS = 10_000;
/** How many more may wait for their turn. */
export const STARTER_WAITING = 64;
/** How many of them may wait for the same host. */
export const STARTER_HOST_WAITING = 32;
/** How long what was fetched is given out before its branch is asked again. */
export const STARTER_FRESH_MS = 10 * 60_000;
/** How long a starter project that could not be had is not asked for again. */
export const STARTER_RETRY_MS = 30_000;
/** The largest record of a starter project that is remembered from one run to the next. */
export const STARTER_RECORD_BYTES = 4 * KIB;
/** How many starter projects are remembered. */
export const STARTERS_REMEMBERED = 4_096;
/** How many archives of starter projects are kept. */
export const STARTERS_KEPT = 1_024;
/** The most that archives of starter projects kept in a folder hold together. */
export const STARTERS_KEPT_BYTES = 512 * MIB;
/** The most that they hold where there is only memory to keep them in. */
export const STARTERS_HELD_BYTES = 32 * MIB;

/** The most that an archive of a stack may unpack to for its files to be served one by one. */
export const SERVED_ARCHIVE_BYTES = 32 * MIB;
/** From how many files, folders and links on an archive of a stack is not looked into. */
export const SERVED_ARCHIVE_ENTRIES = 10_000;
/** How many archives are unpacked side by side. */
export const SERVED_UNPACKINGS = 2;
/** How many more may wait for their turn. */
export const SERVED_UNPACKINGS_WAITING = 256;
/** How many unpacked archives one generation keeps. */
export const SERVED_ARCHIVES = 256;
/** The most that they hold together. */
export const SERVED_ARCHIVES_BYTES = 48 * MIB;

/** How many requests to one group of addresses may have their answers made at once. */
export const REQUESTS_UNDER_WAY = 1_024;

/** How many listings of the registry behind are gathered side by side for visitors. */
export const SERVED_LISTINGS = 4;
/** How many more may wait for their turn. */
export const SERVED_LISTINGS_WAITING = 64;

/** How many answers of /search one generation keeps. */
export const SEARCH_CACHE_ENTRIES = 256;
/** The most that they hold. */
export const SEARCH_CACHE_BYTES = 4 * MIB;

/** From here on a filtered index is sent in pieces of this size. */
export const LONG_CHUNK_BYTES = 256 * KIB;
/** Up to here one is put together once and kept; a longer one is put together each time it is sent. */
export const JOINED_BODY_BYTES = 2 * MIB;
/** The longest filtered index that is compressed. */
export const COMPRESSED_BODY_BYTES = 32 * MIB;
/** How many filtered indexes are compressed side by side. */
export const COMPRESSIONS = 2;
/** How many more may wait for their turn; others get theirs as it is. */
export const COMPRESSIONS_WAITING = 64;
/** The most bytes of such answers that are held for clients who take their time. */
export const LONG_HELD_BYTES = 48 * MIB;
/** How many icons written into an index as data addresses are kept. */
export const INLINE_ICON_CACHE_ENTRIES = 1_024;
/** The most that they hold. */
export const INLINE_ICON_CACHE_BYTES = 8 * MIB;

/** How long the registry behind may take to begin an answer that only it can give. */
export const FRONT_ANSWER_MS = 15_000;
/** How long it may keep a visitor waiting for all that one answer takes; idle connections end later. */
export const FRONT_VISIT_MS = 25_000;
/** How long content that is read whole may take once it began to come; then it is passed on so. */
export const BLOB_HEAD_MS = 5_000;
/** Blobs from here on are hashed in a thread of its own while they are passed on. */
export const HASHED_ELSEWHERE_BYTES = 16 * 1024 * 1024;
/** What that thread is given at once. */
export const HASH_SLOT_BYTES = 512 * 1024;
/** How many of these may wait there, of all blobs together. */
export const HASH_SLOTS = 8;
