/** Puts text in the place of `[start, end)`. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Tells whether two splices touch the same characters, or one inserts inside of the other. */
export function overlaps(a: Splice, b: Splice): boolean {
  if (a.start === b.start) return a.end > a.start && b.end > b.start;
  return a.start < b.start ? b.start < a.end : a.start < b.end;
}

/** Applies splices that do not overlap; of those at one place, insertions come first, in order. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const ordered = splices
    .map((splice, order) => ({ splice, order }))
    .sort(
      (a, b) => a.splice.start - b.splice.start || a.splice.end - b.splice.end || a.order - b.order,
    );
  let at = 0;
  const parts: string[] = [];
  for (const { splice } of ordered) {
    parts.push(text.slice(at, splice.start), splice.text);
    at = splice.end;
  }
  return `${parts.join("")}${text.slice(at)}`;
}
