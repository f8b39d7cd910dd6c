/** What shells take for text without quotes. */
const PLAIN = /^[\w@%+=:,./-]+$/;
/** Controls and marks of direction: a command with them is not what it looks like. */
const DECEIVING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ud800-\udfff]/u;

/**
 * Joins words to a command line that a shell takes apart into the same words; undefined where a
 * word could deceive who copies it, or be taken for a flag.
 */
export function shellCommand(...words: readonly (string | Word)[]): string | undefined {
  const quoted: string[] = [];
  for (const word of words) {
    if (typeof word === "string") {
      quoted.push(word);
      continue;
    }
    if (word.foreign === "" || word.foreign.startsWith("-") || DECEIVING.test(word.foreign)) {
      return undefined;
    }
    quoted.push(quote(word.foreign));
  }
  return quoted.join(" ");
}

/** A word that strangers wrote. */
export interface Word {
  readonly foreign: string;
}

function quote(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
