import type { Scalar } from "yaml";

/** A word inside the value of a scalar. */
export interface ScalarWord {
  readonly value: string;
  readonly from: number;
  readonly to: number;
}

const BLOCK_HEADER = /^[|>][^\r\n]*\r?\n/;

/**
 * Gives where in a text a word of a scalar is. Where escapes or folding hide it, that is the whole
 * scalar.
 *
 * @param shift what was cut off before the text was parsed
 */
export function rangeOfWord(
  text: string,
  scalar: Scalar,
  { value, from, to }: ScalarWord,
  shift = 0,
): readonly [start: number, end: number] {
  const [start = 0, end = 0] = scalar.range ?? [];
  const whole = [start + shift, end + shift] as const;
  const raw = text.slice(...whole);
  const word = value.slice(from, to);
  const header = BLOCK_HEADER.exec(raw)?.[0].length ?? 0;
  const inValue = placesOf(value, word, 0);
  const inRaw = placesOf(raw, word, header);
  // As often in the one as in the other, so one for one.
  const at = inRaw[inValue.indexOf(from)];
  if (at === undefined || inRaw.length !== inValue.length) return whole;
  return [whole[0] + at, whole[0] + at + word.length];
}

function placesOf(text: string, word: string, from: number): number[] {
  const places: number[] = [];
  if (word === "") return places;
  for (let at = text.indexOf(word, from); at >= 0; at = text.indexOf(word, at + 1)) places.push(at);
  return places;
}
