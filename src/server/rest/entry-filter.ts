import type { IndexEntry, IndexVersion } from "../../generator/index.ts";

/**
 * Judges one entry: the versions of it that stay (all of them where the entry itself matches, none
 * for an entry that has none), or undefined when the entry does not match at all.
 */
export type EntryFilter = (entry: IndexEntry) => readonly IndexVersion[] | undefined;
