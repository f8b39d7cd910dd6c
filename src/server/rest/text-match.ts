/** Prepares text for comparing: lower case, runs of white space as one blank, none at the ends. */
export function normaliseText(text: string): string {
  return text.toLowerCase().trim().replace(/\s+/g, " ");
}

/** Tells whether a field holds a wanted text that was normalised before. */
export function holdsText(field: string | undefined, wanted: string): boolean {
  return normaliseText(field ?? "").includes(wanted);
}
