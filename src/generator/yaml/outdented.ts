import { CST, Lexer, Parser } from "yaml";
import { OUTDENTED_CHARS } from "../../yaml-limits.ts";

/** A text whose lines inside of quotes and brackets are indented less than YAML wants. */
export interface Outdented {
  /** As long as the text; such lines are joined to those before them. */
  readonly joined: string;
  /** The first such line of each quoted text and each bracket. */
  readonly offsets: readonly number[];
}

/** What ends a document wherever it stands. */
const MARKER = /(?:^|\n)(?:---|\.\.\.)(?=\s|$)/;
/** Lexemes that stand for no characters. */
const MARKS: readonly string[] = [CST.DOCUMENT, CST.FLOW_END, CST.SCALAR];

/**
 * Finds lines inside of quotes and brackets that are not indented enough. Parity: scannerc.go of
 * yaml.v2, to which indentation means nothing there.
 *
 * @returns nothing where there are none, or the text is broken
 */
export function findOutdented(text: string): Outdented | undefined {
  let joined = text;
  let budget = OUTDENTED_CHARS;
  const offsets = new Map<number, number>();
  for (let found = firstBreak(joined); found !== undefined; found = firstBreak(joined)) {
    const { opened, from, to, at } = found;
    budget -= to;
    if (budget < 0 || MARKER.test(text.slice(from, to + "---\n".length))) return undefined;
    if (!offsets.has(opened)) offsets.set(opened, at);
    joined = joined.slice(0, from) + " ".repeat(to - from) + joined.slice(to);
  }
  return offsets.size === 0 ? undefined : { joined, offsets: [...offsets.values()] };
}

/** Parses a text by the lines of the joined one; what scalars say stays as it is written. */
export function* parseOutdented(text: string, joined: string): Generator<CST.Token> {
  const parser = new Parser();
  let offset = 0;
  let isScalar = false;
  for (const lexeme of new Lexer().lex(joined)) {
    if (MARKS.includes(lexeme)) {
      isScalar = lexeme === CST.SCALAR;
      yield* parser.next(lexeme);
      continue;
    }
    const end = offset + lexeme.length;
    yield* parser.next(isScalar || isQuoted(lexeme) ? text.slice(offset, end) : lexeme);
    offset = end;
    isScalar = false;
  }
  yield* parser.end();
}

/** Where quotes or brackets break off for want of indentation. */
interface Break {
  /** Where they are opened. */
  readonly opened: number;
  /** What keeps them from going on. */
  readonly from: number;
  readonly to: number;
  /** The first thing on the line that is not indented. */
  readonly at: number;
}

function firstBreak(text: string): Break | undefined {
  const brackets: number[] = [];
  let offset = 0;
  let gap = 0;
  let isScalar = false;
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme === CST.FLOW_END) {
      return { opened: brackets[0] ?? offset, from: gap, to: offset, at: offset };
    }
    if (MARKS.includes(lexeme)) {
      isScalar = lexeme === CST.SCALAR;
      continue;
    }
    const end = offset + lexeme.length;
    if (!isScalar && isQuoted(lexeme) && isOpen(lexeme)) return breakOfQuote(text, offset, end);
    if (!isScalar && /^[[{]$/.test(lexeme)) brackets.push(offset);
    if (!isScalar && /^[\]}]$/.test(lexeme)) brackets.pop();
    offset = end;
    if (isScalar || !/^[\s#]/.test(lexeme)) gap = offset;
    isScalar = false;
  }
  return undefined;
}

function isQuoted(lexeme: string): boolean {
  return lexeme.startsWith('"') || lexeme.startsWith("'");
}

/** Tells whether a quoted text is not closed. */
function isOpen(lexeme: string): boolean {
  const quote = lexeme[0];
  let end = lexeme.length;
  if (quote === '"') {
    if (end === 1 || lexeme[end - 1] !== quote) return true;
    let start = end - 1;
    while (lexeme[start - 1] === "\\") start -= 1;
    return (end - 1 - start) % 2 === 1;
  }
  const written = end;
  while (end > 1 && lexeme[end - 1] === quote) end -= 1;
  return (written - end) % 2 === 0;
}

/** Quotes that are closed further down go on; those that are not are broken. */
function breakOfQuote(text: string, opened: number, from: number): Break | undefined {
  const close = text[opened] === '"' ? /\\.|"/gs : /''|'/g;
  close.lastIndex = opened + 1;
  for (let found = close.exec(text); found !== null; found = close.exec(text)) {
    if (found[0].length > 1) continue;
    const at = from + text.slice(from).search(/\S/);
    return { opened, from, to: found.index, at };
  }
  return undefined;
}
