/** How much of long work is done in a row, before others have their turn: some milliseconds each. */

/** Stacks that are read and judged. */
export const STACKS_IN_A_ROW = 4;
/** Stack versions that are looked at or packed. */
export const VERSIONS_IN_A_ROW = 64;
/** Folders of a build that are listed. */
export const FOLDERS_IN_A_ROW = 128;
/** Entries of an index that are checked. */
export const ENTRIES_IN_A_ROW = 64;
/** Bytes of an index that are printed. */
export const PRINTED_IN_A_ROW = 256 * 1024;
/** Icons that are looked up. */
export const ICONS_IN_A_ROW = 128;
/** Characters that are made ready to be searched. */
export const SEARCHED_IN_A_ROW = 16 * 1024;
