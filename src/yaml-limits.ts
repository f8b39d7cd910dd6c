/** Bounds of the fast reader of plain YAML; what is beyond them is left to the one of all YAML. */

/** The deepest nesting that it follows. */
export const PLAIN_YAML_DEPTH = 100;
/** The longest key that it takes; in all of YAML it is 1024. */
export const PLAIN_KEY_CHARS = 1000;
/** How many characters are gone through in search of lines that are not indented enough. */
export const OUTDENTED_CHARS = 1024 * 1024;
