/** Prepares text for comparing: lower case, runs of white space as one blank, none at the ends. */
export function normaliseText(text: string): string {
  return text.toLowerCase().trim().replace(/\s+/g, " ");
}
