/** Header of a block scalar: style, chomping and indentation in any order, then blanks, a comment. */
const HEADER = /^([|>])([-+0-9]*)([ \t]*(?:#[^\r\n]*)?)(\r?\n)/;

/**
 * Writes text into a block scalar, keeping its style, indentation and the comment of its header.
 * Undefined where a block cannot hold the text or has no line that shows its indentation.
 *
 * @param source the scalar as it stands, from its `|` or `>` on
 */
export function blockScalarText(source: string, value: string): string | undefined {
  const header = HEADER.exec(source);
  if (header === null) return undefined;
  const [whole, style = "|", indicators = "", rest = "", eol = "\n"] = header;
  const body = source.slice(whole.length);
  const indent = /^(?:[ \t]*\r?\n)*( +)/.exec(body)?.[1];
  const content = value.replace(/\n+$/, "");
  if (indent === undefined || !fits(content, style)) return undefined;
  const chomp = chompingOf(value.length - content.length);
  const digits = indicators.replace(/[-+]/g, "");
  const lines = content.split("\n").map((line) => (line === "" ? "" : `${indent}${line}`));
  const kept = "\n".repeat(Math.max(0, value.length - content.length - 1)).replaceAll("\n", eol);
  const end = /\n$/.test(source) ? eol : "";
  return `${style}${digits}${chomp}${rest}${eol}${lines.join(eol)}${end}${kept}`;
}

/** A line that begins with a blank would change the indentation; folding would join lines. */
function fits(content: string, style: string): boolean {
  if (content === "" || /^[ \t\n]/.test(content)) return false;
  if (style === ">" && content.includes("\n")) return false;
  return !/[^\n\t\P{Cc}]|[\p{Zl}\p{Zp}\p{Cs}\ufeff\ufffe\uffff]/u.test(content);
}

function chompingOf(lineEnds: number): string {
  if (lineEnds === 0) return "-";
  return lineEnds === 1 ? "" : "+";
}
