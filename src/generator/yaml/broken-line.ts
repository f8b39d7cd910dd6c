/** A mistake in plain words: where it is, what it is and what to do. */
export interface Mistake {
  /** The place of the error when absent. */
  readonly offset?: number;
  readonly message: string;
  readonly hint: string;
}

/** The most of a line that is looked at. */
const LINE_CHARS = 1000;
const SHOWN_CHARS = 60;

/** The line in which a syntax error was seen. */
export interface BrokenLine {
  /** The whole text, and where in it the error is. */
  readonly text: string;
  readonly offset: number;
  /** The line without its break, cut when it is long; where it begins and where the first thing on it does. */
  readonly line: string;
  readonly start: number;
  readonly first: number;
}

/** Finds the line of an offset. */
export function brokenLine(text: string, offset: number): BrokenLine {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const [line = ""] = text.slice(start, start + LINE_CHARS).split(/\r?\n/, 1);
  return { text, offset, line, start, first: start + indentOf(line) };
}

/** Gives by how many spaces a line is indented. */
export function indentOf(line: string): number {
  return line.search(/[^ ]|$/);
}

/** Gives the number of a line, from 1. */
export function lineNumber(text: string, offset: number): number {
  let number = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) {
    number += 1;
  }
  return number;
}

/** Gives a text as a message shows it: quoted, and cut when it is long. */
export function shown(text: string): string {
  return `"${text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text}"`;
}
