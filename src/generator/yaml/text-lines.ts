/** Positions count from 1; columns are UTF-16 units. */
export interface LinePosition {
  readonly line: number;
  readonly column: number;
}

/** Finds lines and columns of offsets in a text; looks for its lines when first asked. */
export class TextLines {
  readonly #text: string;
  #starts: readonly number[] | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** Tells whether it has something in it, or escapes that may stand for that. */
  mayMean(text: string): boolean {
    return this.#text.includes(text) || this.#text.includes("\\");
  }

  positionOf(offset: number): LinePosition {
    this.#starts ??= startsOf(this.#text);
    let [low, high] = [0, this.#starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 };
  }
}

function startsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}
