import type { Finding } from "../../../generator/index.ts";
import { escapeUnsafe } from "../../../log.ts";

const CONTINUED = "    ";
/** Below this width a terminal breaks lines better itself. */
const NARROW = 40;

/**
 * Renders a finding for people: "error: file:line:column: message [rule]", below it the path inside
 * the document and what to do. Lines longer than the terminal are broken between words.
 */
export function findingLines(finding: Finding, columns?: number): string[] {
  const { severity, rule, path, hint, message } = finding;
  return [
    `${severity}: ${placeOf(finding)}: ${message} [${rule}]`,
    ...(path === undefined || path === "" ? [] : [`  at ${path}`]),
    ...(hint === undefined ? [] : [`  hint: ${hint}`]),
  ].flatMap((line) => breakLine(escapeUnsafe(line), columns));
}

/** Gives "file:line:column", with the registry repository where there are several. */
function placeOf({ source, file, line, column }: Finding): string {
  const position = line === undefined ? "" : `:${line}:${column ?? 1}`;
  return `${source === undefined ? "" : `${source}: `}${file}${position}`;
}

/** A word that is longer than a line stays whole, so that it can be copied. */
function breakLine(text: string, columns: number | undefined): string[] {
  if (columns === undefined || columns < NARROW || text.length <= columns) return [text];
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length <= columns || line.trim() === "") line = longer;
    else {
      lines.push(line);
      line = `${CONTINUED}${word}`;
    }
  }
  return [...lines, line];
}
