import { type Html, type HtmlValue, html } from "../html.ts";

/** Above this a line is not looked at for its parts. */
const HIGHLIGHTED_CHARS = 1_000;
const DASHES = /^\s*(?:-\s+)*(?:-$)?/;
const QUOTED_KEY = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*:(?=\s|$)/;
const BLOCK = /^((?:[&!]\S+\s+)*)([|>][-+\d]{0,2})(\s+#.*)?\s*$/;
const NUMBER = /^(?:[-+]?\d[\d_.]*(?:e[-+]?\d+)?|0x[\da-f]+|true|false|yes|no|on|off|null|~)$/i;
/** The parts of a value, one after the other. */
const PART =
  /"(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?|(?:^|\s)#.*|[[\]{},]|[&*!][^\s,[\]{}]+|[^\s"'[\]{},#&*!][^\s,[\]{}]*|\s+|./gy;

/** What lasts over several lines: a block of text deeper than a column, or an open quote. */
type Open =
  | { readonly kind: "block"; readonly column: number }
  | { readonly kind: "quote"; readonly quote: string };

/**
 * Marks the parts of YAML line by line: keys, texts, numbers, comments. What it takes for something
 * else is only coloured so.
 */
export function highlightYaml(lines: readonly string[]): readonly HtmlValue[] {
  let open: Open | undefined;
  return lines.map((line) => {
    if (open !== undefined) {
      const rest = open;
      const inside = rest.kind === "block" ? isBelow(line, rest.column) : !closes(line, rest.quote);
      if (inside) return text(line);
      open = undefined;
      if (rest.kind === "quote") return text(line);
    }
    if (line.length > HIGHLIGHTED_CHARS) return line;
    const marked = markLine(line);
    open = marked.open;
    return marked.markup;
  });
}

function markLine(line: string): { markup: HtmlValue; open?: Open | undefined } {
  if (/^\s*#/.test(line)) return { markup: comment(line) };
  const lead = DASHES.exec(line)?.[0] ?? "";
  const rest = line.slice(lead.length);
  const key = keyOf(rest);
  const value = rest.slice(key.length);
  const space = /^\s*/.exec(value)?.[0] ?? "";
  const bare = value.slice(space.length);
  const before = html`${lead}${key === "" ? undefined : html`<span class="k">${key}</span>`}${space}`;
  const block = BLOCK.exec(bare);
  if (block !== null) {
    const column = key === "" ? Math.max(lead.trimEnd().length - 1, -1) : lead.length;
    return {
      markup: html`${before}<span class="p">${bare}</span>`,
      open: { kind: "block", column },
    };
  }
  const parts = bare.match(PART) ?? [];
  // An apostrophe inside plain text opens nothing.
  const last = /^["'[{]/.test(bare) ? (parts.at(-1) ?? "") : "";
  return { markup: [before, markValue(bare, parts)], open: openQuote(last) };
}

/** Gives the key that a line begins with, its colon included; "" where it has none. */
function keyOf(rest: string): string {
  const quoted = QUOTED_KEY.exec(rest)?.[0];
  if (quoted !== undefined) return quoted;
  if (/^["'[{&*!|>#%@]/.test(rest)) return "";
  const colon = rest.search(/:(?:\s|$)/);
  return colon < 0 || / #/.test(rest.slice(0, colon)) ? "" : rest.slice(0, colon + 1);
}

function markValue(value: string, parts: readonly string[]): HtmlValue {
  if (NUMBER.test(value.trimEnd())) return html`<span class="n">${value}</span>`;
  return parts.map((part) => {
    if (/^\s*#/.test(part) && part.trim() !== "") return comment(part);
    if (part.startsWith('"') || part.startsWith("'")) return text(part);
    if (/^[&*!]./.test(part)) return html`<span class="p">${part}</span>`;
    return part;
  });
}

function openQuote(part: string): Open | undefined {
  const quote = part[0];
  if (quote !== '"' && quote !== "'") return undefined;
  return part.length > 1 && closes(part.slice(1), quote) ? undefined : { kind: "quote", quote };
}

/** Tells whether a quote ends in a line that it did not begin in. */
function closes(line: string, quote: string): boolean {
  const inside = quote === '"' ? line.replace(/\\./g, "") : line.replaceAll("''", "");
  return inside.includes(quote);
}

function isBelow(line: string, column: number): boolean {
  const indent = line.search(/\S/);
  return indent < 0 || indent > column;
}

function text(part: string): Html {
  return html`<span class="s">${part}</span>`;
}

function comment(part: string): Html {
  return html`<span class="c">${part}</span>`;
}
