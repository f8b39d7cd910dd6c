import { closest, distance } from "fastest-levenshtein";

const SUGGEST_DISTANCE = 2;

/** Gives the word that was probably meant, whatever its case; undefined when none is near. */
export function nearWord(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const lower = known.map((each) => each.toLowerCase());
  const near = closest(word.toLowerCase(), lower);
  if (distance(word.toLowerCase(), near) > SUGGEST_DISTANCE) return undefined;
  return known[lower.indexOf(near)];
}
