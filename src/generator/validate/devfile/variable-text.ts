import { FILLED_IN_CHARS } from "../../../check-limits.ts";
import type { YamlNode } from "../../yaml/index.ts";
import { entriesOf, textAt } from "./placed-text.ts";

/** The only schema version without variables. */
const WITHOUT_VARIABLES = "2.0.0";
/** What Go's \s is; that of JavaScript is more. */
const SPACE = /[\t\n\f\r ]/;

/** A place of a text that a variable is to be filled into. */
interface Reference {
  /** As it stands there: "{{ version }}". */
  readonly source: string;
  /** "version" */
  readonly key: string;
}

/** The variables of a devfile and how they are filled in. */
export class Variables {
  readonly #values: ReadonlyMap<string, string>;
  /** False when the devfile's schema version knows no variables. */
  readonly isKnown: boolean;

  constructor(schemaVersion: string, node: YamlNode | undefined) {
    this.isKnown = schemaVersion !== WITHOUT_VARIABLES;
    const entries = this.isKnown ? entriesOf(node) : [];
    this.#values = new Map(entries.map(([key, value]) => [key, textAt(value)?.text ?? ""]));
  }

  /** Names of the variables that are defined. */
  get names(): readonly string[] {
    return [...this.#values.keys()];
  }

  /** Gives the names in a text that stand for no variable, each once. */
  undefinedIn(text: string): readonly string[] {
    if (!this.isKnown || !text.includes("{{")) return [];
    const keys = referencesIn(text).map(({ key }) => key);
    return [...new Set(keys)].filter((key) => !this.#values.has(key));
  }

  /**
   * Gives a text with the values of its variables; what is not defined stays, and so does what would
   * come to more than FILLED_IN_CHARS.
   *
   * Parity: validateAndReplaceDataWithVariable in validation/variables/variables.go of devfile/api.
   */
  fillIn(text: string): string {
    if (!this.isKnown || !text.includes("{{")) return text;
    let filled = text;
    for (const { source, key } of referencesIn(text)) {
      const value = this.#values.get(key);
      if (value === undefined) continue;
      const next = filled.split(source).join(value);
      if (next.length > FILLED_IN_CHARS) return filled;
      filled = next;
    }
    return filled;
  }
}

/**
 * Finds what Go's `\{\{\s*(.*?)\s*\}\}` finds, where the dot stands for all but a line feed, in time
 * linear in the text.
 */
function referencesIn(text: string): readonly Reference[] {
  const references: Reference[] = [];
  const closing = forwardSearch(text, "}}");
  const lineFeed = forwardSearch(text, "\n");
  let from = text.indexOf("{{");
  while (from >= 0) {
    const start = skipSpace(text, from + 2);
    const close = closing(start);
    if (close < 0) break;
    const end = skipSpaceBack(text, close, start);
    const lineEnd = lineFeed(start);
    if (lineEnd >= 0 && lineEnd < end) {
      from = nextAfterLine(text, from, lineEnd);
      continue;
    }
    references.push({ source: text.slice(from, close + 2), key: text.slice(start, end) });
    from = text.indexOf("{{", close + 2);
  }
  return references;
}

/** Searches a text from places that only move on, and looks at each character once. */
function forwardSearch(text: string, wanted: string): (from: number) => number {
  let found = -2;
  return (from) => {
    if (found !== -1 && found < from) found = text.indexOf(wanted, from);
    return found;
  };
}

/** Gives the next place where a reference could begin when none before a line feed can end. */
function nextAfterLine(text: string, from: number, lineEnd: number): number {
  const last = skipSpaceBack(text, lineEnd, from) - 2;
  return last > from && text.startsWith("{{", last) ? last : text.indexOf("{{", lineEnd);
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && SPACE.test(text.charAt(at))) at += 1;
  return at;
}

function skipSpaceBack(text: string, from: number, limit: number): number {
  let at = from;
  while (at > limit && SPACE.test(text.charAt(at - 1))) at -= 1;
  return at;
}
