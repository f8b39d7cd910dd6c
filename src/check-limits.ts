/** Bounds of what checking a registry repository does beyond reading it. */

/** How many errors, and how many warnings, of one step GitHub shows as annotations. */
export const GITHUB_ANNOTATIONS = 10;
