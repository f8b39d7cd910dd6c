import { PLAIN_KEY_CHARS } from "../../yaml-limits.ts";
import { giveUp, type PlainCursor } from "./plain-cursor.ts";
import { scalarValue } from "./scalar-value.ts";
import type { YamlScalar } from "./tree.ts";

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const HASH = 0x23;
const COLON = 0x3a;
const DASH = 0x2d;
const QUESTION = 0x3f;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
/** What no unquoted text begins with, and what may mean more than text. */
const INDICATORS = new Set(Array.from("?:,[]{}#&*!|>'\"%@`", (each) => each.charCodeAt(0)));
const FLOW = new Set(Array.from(",[]{}", (each) => each.charCodeAt(0)));
const NULL = /^(?:~|null|Null|NULL)$/;
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|(.))/gs;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  n: "\n",
  r: "\r",
  t: "\t",
};

/**
 * Reads a text, in quotes or not, and the colon behind it if that makes it a key. It may go on in
 * lines that are further to the right than a column; without a column, which is inside brackets, it
 * may not, and the colon behind quotes needs no space.
 */
export function readWord(cursor: PlainCursor, parentColumn?: number): YamlScalar {
  const first = cursor.text.charCodeAt(cursor.at);
  const isQuoted = first === QUOTE || first === APOSTROPHE;
  return isQuoted ? readQuoted(cursor, parentColumn) : readPlain(cursor, parentColumn);
}

function readPlain(cursor: PlainCursor, parentColumn: number | undefined): YamlScalar {
  const { text, at: offset } = cursor;
  const inFlow = parentColumn === undefined;
  refuseIndicator(text, offset, inFlow);
  const stop = endOfPlain(text, offset, inFlow);
  cursor.at = withoutSpaces(text, stop);
  cursor.isBehindKey = text.charCodeAt(stop) === COLON;
  const written = text.slice(offset, cursor.at);
  if (cursor.isBehindKey) {
    if (cursor.at !== stop || !isPlainKey(written) || NULL.test(written)) giveUp();
    cursor.at = stop + 1;
    return { kind: "scalar", text: written, value: written, offset, range: [offset, stop] };
  }
  const isWhole = inFlow || text.charCodeAt(stop) === HASH;
  const whole = isWhole ? written : withFurtherLines(cursor, written, parentColumn);
  const range = [offset, cursor.at] as const;
  return { kind: "scalar", text: whole, value: scalarValue(whole), offset, range };
}

/** Reads on where an unquoted text has more lines. */
function withFurtherLines(cursor: PlainCursor, first: string, parentColumn: number): string {
  const { text } = cursor;
  let whole = first;
  let gap = "";
  for (
    let start = lineAfter(text, cursor.at);
    start < text.length;
    start = lineAfter(text, start)
  ) {
    let at = start;
    while (text.charCodeAt(at) === SPACE) at += 1;
    if (cursor.isLineEnd(at)) {
      gap += "\n";
      continue;
    }
    if (at - start <= parentColumn || text.charCodeAt(at) === HASH) break;
    refuseIndicator(text, at, false);
    const stop = endOfPlain(text, at, false);
    if (text.charCodeAt(stop) === COLON) giveUp();
    cursor.at = withoutSpaces(text, stop);
    whole += (gap || " ") + text.slice(at, cursor.at);
    gap = "";
    if (text.charCodeAt(stop) === HASH) break;
  }
  return whole;
}

function lineAfter(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end + 1;
}

function withoutSpaces(text: string, end: number): number {
  let last = end;
  while (text.charCodeAt(last - 1) === SPACE) last -= 1;
  return last;
}

function refuseIndicator(text: string, at: number, inFlow: boolean): void {
  const first = text.charCodeAt(at);
  const next = text.charCodeAt(at + 1);
  if (INDICATORS.has(first)) giveUp();
  // Behind a dash text must follow.
  if (first === DASH && (!(next > SPACE) || (inFlow && FLOW.has(next)))) giveUp();
}

/** Gives where the colon of a key, a comment, the line or, in brackets, an item ends a text. */
function endOfPlain(text: string, from: number, inFlow: boolean): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === COLON) {
      const next = text.charCodeAt(at + 1);
      if (!(next > SPACE)) return next === TAB ? giveUp() : at;
      if (inFlow && FLOW.has(next)) giveUp();
    } else if (code === HASH) {
      if (text.charCodeAt(at - 1) === SPACE) return at;
    } else if (code === LF || code === CR) return at;
    else if (code === TAB || (inFlow && code === QUESTION)) giveUp();
    else if (inFlow && FLOW.has(code)) return at;
  }
  return text.length;
}

function readQuoted(cursor: PlainCursor, parentColumn: number | undefined): YamlScalar {
  const { text, at: offset } = cursor;
  const isSingle = text.charCodeAt(offset) === APOSTROPHE;
  const end = isSingle ? endOfSingle(text, offset) : endOfDouble(text, offset);
  const written = text.slice(offset + 1, end);
  if (written.includes("\t")) giveUp();
  const isLine = !written.includes("\n");
  const raw = isLine ? written : folded(written, parentColumn ?? giveUp());
  const value = isSingle ? raw.replaceAll("''", "'") : unescaped(raw);
  cursor.isBehindKey = text.charCodeAt(end + 1) === COLON;
  cursor.at = end + 1;
  if (cursor.isBehindKey) {
    const isClear = parentColumn === undefined || cursor.isGap(end + 2);
    if (!isLine || !isClear || !isPlainKey(raw)) giveUp();
    cursor.at = end + 2;
  }
  return { kind: "scalar", text: value, value, offset, range: [offset, end + 1] };
}

/** Tells whether a key is none that merges and is not nearly as long as no key may be. */
function isPlainKey(key: string): boolean {
  return key.length <= PLAIN_KEY_CHARS && key !== "<<";
}

/** Joins the lines of a text in quotes by spaces, and by line breaks where lines are empty. */
function folded(written: string, parentColumn: number): string {
  const [first = "", ...lines] = written.split(/\r?\n/);
  let text = first.slice(0, withoutSpaces(first, first.length));
  let gap = "";
  for (const [at, line] of lines.entries()) {
    const start = line.search(/[^ ]|$/);
    const isLast = at === lines.length - 1;
    if (start === line.length && !isLast) {
      gap += "\n";
      continue;
    }
    if (start <= parentColumn) giveUp();
    text += (gap || " ") + line.slice(start, isLast ? undefined : withoutSpaces(line, line.length));
    gap = "";
  }
  return text;
}

function endOfSingle(text: string, offset: number): number {
  let end = text.indexOf("'", offset + 1);
  while (text.charCodeAt(end + 1) === APOSTROPHE && end >= 0) end = text.indexOf("'", end + 2);
  return end < 0 ? giveUp() : end;
}

function endOfDouble(text: string, offset: number): number {
  for (let at = offset + 1; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') return at;
    if (char === "\\") at += 1;
  }
  return giveUp();
}

function unescaped(raw: string): string {
  if (!raw.includes("\\")) return raw;
  return raw.replace(ESCAPE, (_, code: string | undefined, letter: string) =>
    code === undefined ? (ESCAPES[letter] ?? giveUp()) : characterOf(parseInt(code, 16)),
  );
}

/** Half of a character is none. */
function characterOf(code: number): string {
  return code >= 0xd800 && code <= 0xdfff ? giveUp() : String.fromCodePoint(code);
}
