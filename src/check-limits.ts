/** Bounds of what checking a registry repository does beyond reading it. */

/** How many errors, and how many warnings, of one step GitHub shows as annotations. */
export const GITHUB_ANNOTATIONS = 10;
/** The most of one value that is shown where builds are compared; JSON has all of it. */
export const DIFF_VALUE_CHARS = 200;
/** The most that a text of a devfile comes to when its variables are filled in. */
export const FILLED_IN_CHARS = 64 * 1024;
/** The longest quantity of memory, processors or storage that is compared with another. */
export const QUANTITY_CHARS = 256;
/** How many names of a devfile are looked at for one that is like an unknown one. */
export const SUGGESTED_NAMES = 50;
/** How many steps the walk through composite commands that name others in capitals takes. */
export const COMPOSITE_STEPS = 100_000;
/** The most that one JSON Schema of a repository's own says of one devfile. */
export const SCHEMA_ISSUES = 20;
/** So many objections of a schema are kept; far more than are shown, as one mistake makes several. */
export const SCHEMA_ERRORS = 20_000;
/** Of a devfile with more faults nobody looks which other versions of the schema know its keys. */
export const COMPARED_FAULTS = 1000;
/** The largest devreg.rules.yaml read. */
export const RULES_BYTES = 256 * 1024;
/** How many registries and repositories are asked side by side whether they have something. */
export const ONLINE_QUESTIONS = 8;
/** The most of one message, or of one hint, that is shown; what they quote may be a whole file. */
export const FINDING_CHARS = 1000;
