import { CHALLENGE_CHARS, CHALLENGES } from "../../limits.ts";

/** One way of signing in that a server offers. Spec: RFC 9110, 11.3 Challenge and Response. */
export interface Challenge {
  /** Lower case: "basic", "bearer". */
  readonly scheme: string;
  /** Lower-case names; the first of a repeated name counts. */
  readonly parameters: ReadonlyMap<string, string>;
}

const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
const SCHEME = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+(?=[ \t,]|$)/y;
const TOKEN68 = /[A-Za-z0-9\-._~+/]+=*(?=[ \t]*(?:,|$))/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/y;
const BARE = /[^\s,"]+/y;
const SPACE = /[ \t]*/y;
const SEPARATOR = /[ \t,]*/y;
const EQUALS = /[ \t]*=[ \t]*/y;

/**
 * Reads the challenges of one or more WWW-Authenticate headers by grammar: several challenges in a
 * header, values quoted or not, escapes, commas inside quotes. What does not fit the grammar ends
 * the reading of its header; the challenges before it are kept.
 */
export function parseChallenges(headers: readonly string[]): Challenge[] {
  return headers.flatMap(parseHeader).slice(0, CHALLENGES);
}

function parseHeader(header: string): Challenge[] {
  const scan = new Scanner(header.slice(0, CHALLENGE_CHARS));
  const challenges: Challenge[] = [];
  for (;;) {
    scan.take(SEPARATOR);
    const scheme = scan.take(SCHEME);
    if (scheme === undefined) return challenges;
    challenges.push({ scheme: scheme.toLowerCase(), parameters: parameters(scan) });
  }
}

function parameters(scan: Scanner): Map<string, string> {
  const found = new Map<string, string>();
  scan.take(SPACE);
  // A token68 stands alone in place of parameters; no scheme of ours uses it.
  if (scan.take(TOKEN68) !== undefined) return found;
  for (;;) {
    const start = scan.position;
    scan.take(SEPARATOR);
    const name = scan.take(TOKEN);
    const value = name === undefined || scan.take(EQUALS) === undefined ? undefined : scan.value();
    if (name === undefined || value === undefined) {
      // Not a parameter: it is the scheme of the next challenge, or the end.
      scan.position = start;
      return found;
    }
    if (!found.has(name.toLowerCase())) found.set(name.toLowerCase(), value);
  }
}

class Scanner {
  position = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** Takes what a sticky pattern matches here. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const [matched] = pattern.exec(this.#text) ?? [];
    if (matched !== undefined) this.position += matched.length;
    return matched;
  }

  value(): string | undefined {
    const quoted = this.take(QUOTED);
    return quoted === undefined ? this.take(BARE) : quoted.slice(1, -1).replace(/\\(.)/g, "$1");
  }
}
