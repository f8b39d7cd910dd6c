/** Bounds of what checking a registry repository does beyond reading it. */

/** How many errors, and how many warnings, of one step GitHub shows as annotations. */
export const GITHUB_ANNOTATIONS = 10;
/** The most of one value that is shown where builds are compared; JSON has all of it. */
export const DIFF_VALUE_CHARS = 200;
