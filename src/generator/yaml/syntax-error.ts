import type { YAMLParseError } from "yaml";
import { FILE_FINDINGS } from "../../limits.ts";
import { type BrokenLine, brokenLine, isInLine, type Mistake } from "./broken-line.ts";
import type { Complaint } from "./complaint.ts";
import {
  indentation,
  indentedBelowValue,
  itemBesideKey,
  missingColon,
  missingDash,
  missingSpace,
  tab,
} from "./line-mistakes.ts";
import { TextLines } from "./text-lines.ts";
import {
  badEscape,
  blockHeader,
  reservedStart,
  secondColon,
  strayBracket,
  textAfterQuote,
  unclearKey,
  unclosedBracket,
  unclosedQuote,
  variable,
} from "./text-mistakes.ts";

/** The mistakes that authors make most; the first that fits an error is the one to tell of. */
const MISTAKES: readonly ((line: BrokenLine, error: YAMLParseError) => Mistake | undefined)[] = [
  conflictMarker,
  tab,
  variable,
  reservedStart,
  unclosedQuote,
  textAfterQuote,
  unclosedBracket,
  strayBracket,
  secondColon,
  itemBesideKey,
  indentedBelowValue,
  missingSpace,
  missingDash,
  indentation,
  missingColon,
  unclearKey,
  badEscape,
  blockHeader,
  nearComment,
];
const NEAR_COMMENT = "Comments must be separated";
/** What to do about errors that need no more words. */
const HINTS: Readonly<Record<string, string>> = {
  BAD_ALIAS: "Put the text in quotes",
  MULTIPLE_ANCHORS: "Remove one of the anchors",
  MULTIPLE_TAGS: "Remove one of the tags",
};

/**
 * Says of each line that has syntax errors what the first of them is about and what to do; the
 * others of a line follow from it. One more than are shown says that there are more.
 */
export function explainSyntaxErrors(
  errors: readonly YAMLParseError[],
  text: string,
): readonly Complaint[] {
  const lines = new TextLines(text);
  const seen = new Set<number>();
  const complaints: Complaint[] = [];
  for (const error of errors.toSorted((a, b) => Number(isFatal(b)) - Number(isFatal(a)))) {
    if (complaints.length > FILE_FINDINGS) break;
    const { line } = lines.positionOf(error.pos[0]);
    if (seen.has(line)) continue;
    const { complaint, isColumn } = explain(error, text);
    seen.add(line).add(lines.positionOf(complaint.offset).line);
    if (complaints.length > 0 && follows(error, complaint.offset, isColumn, text)) continue;
    complaints.push(complaint);
  }
  return complaints;
}

/** Tells whether an error is none that the Go generator lets pass: a comment without a space. */
export function isFatal({ message }: YAMLParseError): boolean {
  return !message.startsWith(NEAR_COMMENT);
}

/**
 * Tells whether an error follows from one before: the document has ended there, or the line is well
 * in line with those of the list or map that was broken off.
 */
function follows(
  { message }: YAMLParseError,
  offset: number,
  isColumn: boolean,
  text: string,
): boolean {
  return message.includes("token in YAML stream") || (isColumn && isInLine(text, offset));
}

function explain(
  error: YAMLParseError,
  text: string,
): { readonly complaint: Complaint & { readonly offset: number }; readonly isColumn: boolean } {
  const [offset] = error.pos;
  const line = brokenLine(text, offset);
  let found: Mistake | undefined;
  for (const recognise of MISTAKES) found ??= recognise(line, error);
  const { message, hint } = found ?? { message: plainMessage(error), hint: HINTS[error.code] };
  const complaint: ReturnType<typeof explain>["complaint"] = {
    severity: isFatal(error) ? "error" : "warning",
    rule: "yaml-syntax",
    message,
    ...(hint === undefined ? {} : { hint }),
    offset: found?.offset ?? offset,
  };
  return { complaint, isColumn: found?.isColumn === true };
}

function conflictMarker({ line, start }: BrokenLine): Mistake | undefined {
  if (!/^(?:<{7}|={7}|>{7})(?: |$)/.test(line)) return undefined;
  const message = "a mark of a conflict of git is left";
  return { offset: start, message, hint: "Decide for one side and remove the marks" };
}

/** Recognises a comment right behind something else. */
function nearComment(_: BrokenLine, error: YAMLParseError): Mistake | undefined {
  if (isFatal(error)) return undefined;
  return { message: "a comment follows without a space", hint: "Write a space before the #" };
}

function plainMessage(error: YAMLParseError): string {
  const [first = ""] = error.message.split("\n");
  return `${first.charAt(0).toLowerCase()}${first.slice(1)}`;
}
