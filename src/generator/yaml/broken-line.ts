/** A mistake in plain words: where it is, what it is and what to do. */
export interface Mistake {
  /** The place of the error when absent. */
  readonly offset?: number;
  readonly message: string;
  readonly hint: string;
  /** Whether it is said to begin in the wrong column. */
  readonly isColumn?: true;
}

/** The most of a line that is looked at. */
const LINE_CHARS = 1000;
const SHOWN_CHARS = 60;
/** How far back lines are looked at for the columns in which they begin. */
const NEARBY_CHARS = 16 * 1024;

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

/**
 * Tells whether what is at an offset begins its line in the column in which what is above does, of
 * which it is a part.
 */
export function isInLine(text: string, offset: number): boolean {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const own = offset - start;
  if (text.slice(start, offset).trim() !== "") return false;
  return (
    linesBefore(text, start)
      .map(indentOf)
      .find((indent) => indent <= own) === own
  );
}

/** Gives the lines above one that say something, the nearest first. */
export function linesBefore(text: string, start: number): string[] {
  const lines = text
    .slice(Math.max(0, start - NEARBY_CHARS), start)
    .split("\n")
    .reverse();
  return lines.filter((line) => /^ *[^ #\r]/.test(line));
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
