/** Offsets of the text that something is written as; of the parsed text, if that was cut. */
type Written = readonly [start: number, end: number, ...rest: number[]] | null | undefined;

/** A word inside the value of a scalar. */
export interface ScalarWord {
  readonly value: string;
  readonly from: number;
  readonly to: number;
}

const BLOCK_HEADER = /^[|>][^\r\n]*\r?\n/;

/** Where a word is in the value of a scalar, and where in what is written for it. */
interface WordPlaces {
  readonly inValue: readonly number[];
  readonly inText: readonly number[];
}

/** Finds words of scalars in the text that they were parsed from. */
export class WordRanges {
  readonly #text: string;
  readonly #shift: number;
  readonly #places = new Map<number, Map<string, WordPlaces>>();

  /** @param shift how much of the text was cut off before it was parsed */
  constructor(text: string, shift: number) {
    this.#text = text;
    this.#shift = shift;
  }

  /** Gives where a word is. Where escapes or folding hide it, that is the whole scalar. */
  rangeOf(scalar: Written, word: ScalarWord): readonly [start: number, end: number] {
    const { inValue, inText } = this.#placesOf(scalar, word);
    // As often in the one as in the other, so one for one.
    const at = inText[inValue.indexOf(word.from)];
    if (at === undefined || inText.length !== inValue.length) return this.#rangeOf(scalar);
    return [at, at + word.to - word.from];
  }

  #placesOf(scalar: Written, { value, from, to }: ScalarWord): WordPlaces {
    const word = value.slice(from, to);
    const [start, end] = this.#rangeOf(scalar);
    const words = this.#places.get(start) ?? new Map<string, WordPlaces>();
    const known = words.get(word);
    if (known !== undefined) return known;
    const written = this.#text.slice(start, end);
    const header = BLOCK_HEADER.exec(written)?.[0].length ?? 0;
    const inText = placesOf(written, word, header).map((at) => start + at);
    const places = { inValue: placesOf(value, word, 0), inText };
    this.#places.set(start, words.set(word, places));
    return places;
  }

  #rangeOf(range: Written): readonly [start: number, end: number] {
    const [start = 0, end = 0] = range ?? [];
    return [start + this.#shift, end + this.#shift];
  }
}

/** Gives a value without the blanks around it; an empty word for one of blanks alone. */
export function trimmedWord(value: string): ScalarWord {
  const to = value.trimEnd().length;
  return { value, from: Math.min(to, value.length - value.trimStart().length), to };
}

function placesOf(text: string, word: string, from: number): number[] {
  const places: number[] = [];
  if (word === "") return places;
  for (let at = text.indexOf(word, from); at >= 0; at = text.indexOf(word, at + 1)) places.push(at);
  return places;
}
