import type { YAMLParseError } from "yaml";
import { type BrokenLine, lineNumber, type Mistake, shown } from "./broken-line.ts";

/** Recognises a variable at the start of a text, which reads as a map in a map. */
export function variable({ line, start }: BrokenLine): Mistake | undefined {
  const [all = "", before = "", value = ""] = /^(.*?(?:: |- )\s*)(\{\{.*?)\s*$/.exec(line) ?? [];
  if (all === "") return undefined;
  const message = "a text without quotes begins with {{";
  const hint = `Put it in quotes: ${JSON.stringify(value)}`;
  return { offset: start + before.length, message, hint };
}

/** Recognises a text that begins with a character which YAML keeps for itself. */
export function reservedStart(
  { text, offset, line, start }: BrokenLine,
  { code }: YAMLParseError,
): Mistake | undefined {
  if (code !== "BAD_SCALAR_START") return undefined;
  const value = line.slice(offset - start).trimEnd();
  const message = `a text without quotes begins with "${text[offset]}", which YAML keeps for itself`;
  return { message, hint: `Put it in quotes: ${JSON.stringify(value)}` };
}

/** Recognises a quote that is open at the end of the file. */
export function unclosedQuote(
  { text, offset }: BrokenLine,
  error: YAMLParseError,
): Mistake | undefined {
  const [, quote] = /^Missing closing (["'])/.exec(error.message) ?? [];
  if (quote === undefined) return undefined;
  const message = `the ${quote} that is opened here is not closed`;
  return { offset: openingQuote(text, offset, quote), message, hint: `Write the closing ${quote}` };
}

/** Recognises a quote inside a quoted text, and one that is closed by the next opening one. */
export function textAfterQuote(
  { text, offset }: BrokenLine,
  error: YAMLParseError,
): Mistake | undefined {
  const before = text.slice(0, offset).trimEnd();
  const quote = before.at(-1);
  if (!error.message.startsWith("Unexpected scalar at node end")) return undefined;
  if (quote !== '"' && quote !== "'") return undefined;
  const opened = openingQuote(text, before.length - 1, quote);
  if (before.slice(opened).includes("\n")) {
    const message = `the ${quote} that is opened here ends in line ${lineNumber(text, offset)}`;
    return { offset: opened, message, hint: `Write the closing ${quote} where the text ends` };
  }
  const hint = quote === "'" ? "Write '' for a ' inside" : 'Write \\" for a " inside';
  return { message: `there is text behind the closing ${quote}`, hint };
}

/** Recognises a bracket that is not closed. */
export function unclosedBracket(
  { text, offset }: BrokenLine,
  error: YAMLParseError,
): Mistake | undefined {
  const [, close] = /end with a ([\]}])/.exec(error.message) ?? [];
  if (close === undefined) return undefined;
  const open = close === "]" ? "[" : "{";
  let depth = 1;
  let at = offset;
  while (depth > 0 && at >= 0) {
    at -= 1;
    if (text[at] === close) depth += 1;
    else if (text[at] === open) depth -= 1;
  }
  const message = `the ${open} that is opened here is not closed`;
  const hint = `Write the closing ${close}, or indent the lines up to it`;
  return { ...(at < 0 ? {} : { offset: at }), message, hint };
}

/** Recognises a closing bracket without an opening one. */
export function strayBracket(_: BrokenLine, error: YAMLParseError): Mistake | undefined {
  const [, close] = /^Unexpected flow-(?:seq|map)-end token.*"(.)"/.exec(error.message) ?? [];
  if (close === undefined) return undefined;
  const hint = "Remove it, or put the text in quotes";
  return { message: `the ${close} closes nothing`, hint };
}

/** Recognises a value that itself looks like a key and a value. */
export function secondColon(
  { offset, line, start }: BrokenLine,
  { code }: YAMLParseError,
): Mistake | undefined {
  const value = line.slice(offset - start).trimEnd();
  if (code !== "BLOCK_AS_IMPLICIT_KEY" || !/:(?: |$)/.test(value)) return undefined;
  if (!line.slice(0, offset - start).includes(": ")) return undefined;
  const message = "there is a second colon in the value";
  return { message, hint: `Put the value in quotes: ${JSON.stringify(value)}` };
}

/** Recognises a list or map in the place of a key. */
export function unclearKey(_: BrokenLine, { code }: YAMLParseError): Mistake | undefined {
  if (code !== "NON_STRING_KEY") return undefined;
  return { message: "a list or map is used as a key", hint: "Put the text in quotes" };
}

/** Recognises a backslash that stands for nothing. */
export function badEscape(
  { text, offset }: BrokenLine,
  { code }: YAMLParseError,
): Mistake | undefined {
  if (code !== "BAD_DQ_ESCAPE") return undefined;
  const message = `${shown(text.slice(offset, offset + 2))} means nothing between double quotes`;
  return { message, hint: "Write \\\\ for a backslash, or use single quotes" };
}

/** Recognises a text of several lines that does not begin below its key. */
export function blockHeader(
  { line, first }: BrokenLine,
  { message }: YAMLParseError,
): Mistake | undefined {
  if (message.startsWith("Not a YAML token") && /[:-] +[|>]/.test(line)) {
    const state = "there is text behind the sign of a text of several lines";
    return { message: state, hint: "Begin the text in the next line" };
  }
  if (!message.startsWith("Block scalar values")) return undefined;
  return { offset: first, message: "the text is not indented", hint: "Indent it below its key" };
}

/** Finds the quote that is open at an offset, going back over those that are escaped. */
function openingQuote(text: string, before: number, quote: string): number {
  let at = text.lastIndexOf(quote, before - 1);
  while (at > 0) {
    let run = at;
    while (quote === "'" && text[run - 1] === quote) run -= 1;
    if (quote === "'" ? (at - run) % 2 === 0 : text[at - 1] !== "\\") return run;
    at = text.lastIndexOf(quote, run - 1);
  }
  return Math.max(at, 0);
}
