import { giveUp, type PlainCursor } from "./plain-cursor.ts";
import type { YamlScalar } from "./tree.ts";

const CR = 0x0d;
const SPACE = 0x20;

/**
 * Reads a literal or folded text whose lines are further to the right than a column, and goes to
 * the line behind it. Folded text with lines that are indented further is not read.
 */
export function readBlockScalar(cursor: PlainCursor, parentColumn: number): YamlScalar {
  const { text, at: offset } = cursor;
  const chomps = text[offset + 1] === "-";
  cursor.at += chomps ? 2 : 1;
  const { lines, end } = readLines(cursor, parentColumn);
  const joined = text[offset] === "|" ? lines.join("\n") : folded(lines);
  const value = chomps ? joined : `${joined}\n`;
  return { kind: "scalar", text: value, value, offset, range: [offset, end] };
}

/** Gives the lines up to the last that is not empty, and where the one behind it begins. */
function readLines(
  cursor: PlainCursor,
  parentColumn: number,
): { readonly lines: readonly string[]; readonly end: number } {
  const { text } = cursor;
  const lines: string[] = [];
  let indent = 0;
  let start = cursor.endLine();
  let end = start;
  let filled = 0;
  for (;;) {
    let first = start;
    while (text.charCodeAt(first) === SPACE) first += 1;
    const column = first - start;
    const isBlank = cursor.isLineEnd(first);
    if (isBlank ? column > indent : indent === 0 && lines.length > 0) giveUp();
    if (start >= text.length || (!isBlank && column < indent)) break;
    if (indent === 0 && column <= parentColumn) giveUp();
    if (!isBlank) indent ||= column;
    const lineEnd = text.indexOf("\n", first);
    if (lineEnd < 0) giveUp();
    lines.push(isBlank ? "" : withoutReturn(text, start + indent, lineEnd));
    start = lineEnd + 1;
    if (isBlank) continue;
    end = start;
    filled = lines.length;
  }
  if (indent === 0) giveUp();
  cursor.toLine(start);
  if (cursor.column > parentColumn) giveUp();
  return { lines: lines.slice(0, filled), end };
}

function withoutReturn(text: string, start: number, end: number): string {
  return text.slice(start, text.charCodeAt(end - 1) === CR ? end - 1 : end);
}

/** Joins lines by spaces, and by line breaks where empty lines lie between them. */
function folded(lines: readonly string[]): string {
  let text = "";
  let gap = "";
  for (const line of lines) {
    if (line === "") {
      gap = gap === " " ? "\n" : `${gap}\n`;
      continue;
    }
    if (line.startsWith(" ") || line.startsWith("\t")) giveUp();
    text += gap + line;
    gap = " ";
  }
  return text;
}
