import { SEARCH_WORD_CHARS } from "../../api-limits.ts";

/** What words are made of: "C++", "C#" and "F#" are names of languages. */
const WORD = /[\p{L}\p{N}]+[+#]*/gu;
const BLANKS = /\s+/;
const PLAIN = /^[\x20-\x7e]*$/;

/** Gives the words of a text that is looked for: "Node.js" are "node" and "js". */
export function wordsOf(text: string): string[] {
  return (plain(text).match(WORD) ?? []).map((word) => word.slice(0, SEARCH_WORD_CHARS));
}

/**
 * Gives the words of a text that is searched: also each run of them without a blank as one, so that
 * "Node.js" is found as "nodejs" too.
 */
export function indexedWordsOf(text: string): string[] {
  return text.split(BLANKS).flatMap((run) => {
    const words = wordsOf(run);
    return words.length < 2 ? words : [...words, words.join("").slice(0, SEARCH_WORD_CHARS)];
  });
}

/** Lower case, without accents; most texts have none. */
function plain(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase();
  return text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase();
}
