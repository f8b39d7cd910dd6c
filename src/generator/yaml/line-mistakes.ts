import type { YAMLParseError } from "yaml";
import { type BrokenLine, indentOf, linesBefore, type Mistake, shown } from "./broken-line.ts";

/** Recognises a tab among the spaces before a line. */
export function tab(
  { text, start, line }: BrokenLine,
  { code }: YAMLParseError,
): Mistake | undefined {
  const [spaces = "", found] = /^ *(\t)?/.exec(line) ?? [];
  if (code !== "TAB_AS_INDENT" && found === undefined) return undefined;
  const at = found === undefined ? text.indexOf("\t", start) : start + spaces.length - 1;
  return { offset: at, message: "a tab is used to indent", hint: "Indent with spaces" };
}

/** Recognises an item of a list that is out of line, or in the line of its key. */
export function itemBesideKey(
  { first, line, text }: BrokenLine,
  error: YAMLParseError,
): Mistake | undefined {
  const [, key] = /^ *(?:- )?([^:]+): - /.exec(line) ?? [];
  if (error.message.includes("block-seq-ind on same line") && key !== undefined) {
    return {
      message: "the item of a list begins in the line of the key",
      hint: `Begin the list in the line below "${key}:"`,
    };
  }
  if (!error.message.includes("block sequence may not be used")) return undefined;
  const message = "the item is not in line with those before it";
  return { offset: first, message, hint: indentHint(text, first), isColumn: true };
}

/** Recognises a line that is indented below a key which has a value. */
export function indentedBelowValue(
  { text, offset, line, start }: BrokenLine,
  { code }: YAMLParseError,
): Mistake | undefined {
  if (code !== "BLOCK_AS_IMPLICIT_KEY") return undefined;
  const rest = text.slice(start + line.length);
  const next = /\S/.exec(rest);
  if (next === null) return undefined;
  const key = line
    .slice(0, offset - start)
    .trim()
    .replace(/^(?:- )+| *:$/g, "");
  return {
    offset: start + line.length + next.index,
    message: `the line is indented below ${shown(key)}, which has a value already`,
    hint: `Indent it like ${shown(key)}, or remove that value`,
    isColumn: true,
  };
}

/** Recognises a colon or a dash without the space behind it. */
export function missingSpace(
  { line, first }: BrokenLine,
  { code }: YAMLParseError,
): Mistake | undefined {
  if (code !== "MULTILINE_IMPLICIT_KEY" && code !== "MISSING_CHAR") return undefined;
  const content = line.trim();
  const [, key = "", value] = /^([\w./-]+):([^\s/].*)$/.exec(content) ?? [];
  if (value !== undefined) {
    return {
      offset: first + key.length,
      message: "a space is missing behind the colon",
      hint: `Write ${shown(`${key}: ${value}`)}`,
    };
  }
  return dashWithoutSpace(content, first);
}

function dashWithoutSpace(content: string, first: number): Mistake | undefined {
  if (!/^-[^\s-]/.test(content)) return undefined;
  const hint = `Write ${shown(`- ${content.slice(1)}`)}`;
  return { offset: first, message: "a space is missing behind the dash", hint };
}

/** Recognises a key in the column of the items of a list. */
export function missingDash(
  { text, line, first, start }: BrokenLine,
  error: YAMLParseError,
): Mistake | undefined {
  if (error.code !== "BAD_INDENT") return undefined;
  const content = line.trim();
  const near = dashWithoutSpace(content, first);
  if (near !== undefined) return near;
  const beside = linesBefore(text, start).find((each) => indentOf(each) <= indentOf(line));
  if (beside === undefined || indentOf(beside) !== indentOf(line)) return undefined;
  if (!beside.trimStart().startsWith("- ")) return undefined;
  return {
    offset: first,
    message: "a key stands where the item of a list is needed",
    hint: `Write ${shown(`- ${content}`)}, or indent it by two spaces more`,
  };
}

/** Recognises a line that begins in a column in which none above does. */
export function indentation(
  { text, first }: BrokenLine,
  { code, message }: YAMLParseError,
): Mistake | undefined {
  if (code !== "BAD_INDENT" && !message.startsWith("Sequence item without -")) return undefined;
  if (message.startsWith("Block scalar")) return undefined;
  const state = "the line is not in line with those before it";
  return { offset: first, message: state, hint: indentHint(text, first), isColumn: true };
}

/** Recognises text where a key is needed. */
export function missingColon(
  { line, first }: BrokenLine,
  error: YAMLParseError,
): Mistake | undefined {
  const isKey = error.code === "MULTILINE_IMPLICIT_KEY" || /^Implicit map keys/.test(error.message);
  const content = line.trim();
  if (!isKey || content === "" || content.includes(": ")) return undefined;
  const message = `${shown(content)} is no key: there is no colon behind it`;
  const hint = "Write the colon and a value, or indent it as part of the text above";
  return { offset: first, message, hint };
}

/** Names the columns in which the line at an offset could begin. */
function indentHint(text: string, first: number): string {
  const start = text.lastIndexOf("\n", first - 1) + 1;
  const own = first - start;
  const above = linesBefore(text, start).map(indentOf);
  const wider = above.find((indent) => indent > own);
  const narrower = above.find((indent) => indent < own);
  const columns = [wider, narrower].filter((each) => each !== undefined);
  return columns.length === 0
    ? "Begin it in the column of the keys it belongs to"
    : `Indent it by ${columns.join(" or ")} spaces, not by ${own}`;
}
