import { isScalar, type Pair, type Scalar } from "yaml";
import type { Complaint } from "./complaint.ts";
import { scalarValue } from "./scalar-value.ts";

/** What the package `yaml` takes and the parser of the Go generator does not. */
type Refusal = Complaint & { readonly offset: number };

/** What between double quotes stands for no character in Go: half of one, and a slash. */
const ESCAPE = /\\(?:(\/|u[dD][89a-fA-F][0-9a-fA-F]{2}|U0000[dD][89a-fA-F][0-9a-fA-F]{2})|.)/gs;
/** What ends a line in Go, and in the package `yaml` does not. */
const ODD_BREAK = /[\u0085\u2028\u2029]/;
/** How far the next line is looked for. */
const NEAR_CHARS = 1000;
/** The longest key, as Go counts it. */
const KEY_CHARS = 1024;

/** A stretch of a text in which tabs mean nothing. */
export type Stretch = readonly [start: number, end: number];

/**
 * Tells what is wrong with a scalar. Parity: scannerc.go of yaml.v2, where a quote that is escaped
 * does not close a text, and within brackets a question mark begins a key wherever it is, and a
 * colon before text a value.
 *
 * @param flowIndent within brackets, how far lines are to be indented; undefined outside of them
 */
export function refusedScalar(
  node: Scalar,
  text: string,
  flowIndent: number | undefined,
): Refusal | undefined {
  const [offset = 0, end = 0] = node.range ?? [];
  if (node.type === "QUOTE_DOUBLE" && runBefore(text, end - 1, "\\") % 2 === 1) {
    const message = 'the " that is opened here is not closed: the last one is escaped';
    return refusal(offset, message, 'Write the closing "');
  }
  if (node.type === "QUOTE_DOUBLE") return refusedEscape(text.slice(offset, end), offset);
  const inside = text.slice(offset + 1, end);
  if (node.type === "QUOTE_SINGLE" && runBefore(inside, inside.length, "'") % 2 === 0) {
    const message = "the ' that is opened here is not closed: '' stands for a ' inside";
    return refusal(offset, message, "Write the closing '");
  }
  if (node.type !== "PLAIN") return undefined;
  const refused = refusedBreak(text, offset, end);
  if (refused !== undefined || flowIndent === undefined) return refused;
  return refusedInFlow(text, offset, end) ?? refusedFlowTab(text, offset, end, flowIndent);
}

function refusedEscape(written: string, offset: number): Refusal | undefined {
  if (!written.includes("\\")) return undefined;
  for (const { index, 1: wrong } of written.matchAll(ESCAPE)) {
    if (wrong === undefined) continue;
    const message = `"\\${wrong}" means nothing between double quotes`;
    const hint = wrong === "/" ? "Write / without the backslash" : "Write the character itself";
    return refusal(offset + index, message, hint);
  }
  return undefined;
}

function refusedBreak(text: string, offset: number, end: number): Refusal | undefined {
  const found = ODD_BREAK.exec(text.slice(offset, end));
  if (found === null) return undefined;
  const code = found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  const message = `the character U+${code} ends the line here, though it does not look so`;
  return refusal(offset + found.index, message, "Remove it, or put the text in quotes");
}

/** Parity: yaml_parser_scan_plain_scalar(), which reads on to what follows in the next line. */
function refusedFlowTab(
  text: string,
  offset: number,
  end: number,
  indent: number,
): Refusal | undefined {
  const after = text.slice(end, end + NEAR_CHARS);
  const read = text.slice(offset, end) + after.slice(0, after.search(/[^ \t\r\n]|$/));
  if (!read.includes("\t")) return undefined;
  for (const { index, 0: found } of read.matchAll(/\n *\t/g)) {
    const spaces = found.length - 2;
    if (spaces >= indent) continue;
    return refusal(offset + index + 1 + spaces, "a tab is used to indent", "Indent with spaces");
  }
  return undefined;
}

function refusedInFlow(text: string, offset: number, end: number): Refusal | undefined {
  const mark = /(?!^)\?|^:/.exec(text.slice(offset, end));
  if (mark === null) return undefined;
  const message = `there is a "${mark[0]}" in a text without quotes between brackets`;
  return refusal(offset + mark.index, message, "Put the text in quotes");
}

/**
 * Tells of a key that is null. Parity: convertToJSONableObject() of sigs.k8s.io/yaml; and of one that
 * is too long between brackets, or in more than one line, by yaml_simple_key_is_valid() of yaml.v2.
 */
export function refusedKey({ key, value }: Pair, text: string): Refusal | undefined {
  const [start = 0, end = 0] = (isScalar(key) && key.range) || [];
  if (text.slice(start, end).includes("\n") && !isMarkedKey(text, start)) {
    return refusal(start, "the key goes on in the next line", "Write it in one line");
  }
  if (end - start > KEY_CHARS && value !== null && !isMarkedKey(text, start)) {
    return refusal(start, `the key is over ${KEY_CHARS} characters long`, "Choose a shorter one");
  }
  if (!isScalar(key) || key.type !== "PLAIN" || key.tag !== undefined) return undefined;
  if (scalarValue(key.source ?? "") !== null) return undefined;
  const message = key.source === "" ? "a key is missing" : `the key "${key.source}" is null`;
  return refusal(key.range?.[0] ?? 0, message, "Write a key, in quotes if it reads as null");
}

/** Tells whether a question mark begins a key; such a one may have several lines. */
function isMarkedKey(text: string, start: number): boolean {
  return text
    .slice(Math.max(0, start - NEAR_CHARS), start)
    .trimEnd()
    .endsWith("?");
}

/**
 * Finds a tab where a line or an item begins, even one before nothing or a comment. Parity:
 * yaml_parser_scan_to_next_token() of yaml.v2.
 *
 * @param stretches of scalars and brackets
 */
export function refusedTab(text: string, stretches: readonly Stretch[]): Refusal | undefined {
  for (const { index, 0: found } of text.matchAll(/^ *(?:[-?] +)*\t/gm)) {
    const at = index + found.length - 1;
    if (stretches.some(([start, end]) => start <= at && at < end)) continue;
    return refusal(at, "a tab is used to indent", "Indent with spaces");
  }
  return undefined;
}

/**
 * Finds a directive before the first document that Go does not take. Parity: yaml_parser_process_
 * directives() and yaml_parser_scan_directive() of yaml.v2, which knows YAML 1.1 alone.
 */
export function refusedDirective(text: string): Refusal | undefined {
  if (!text.startsWith("%") && !text.includes("\n%")) return undefined;
  let offset = 0;
  while (offset < text.length) {
    const end = text.indexOf("\n", offset);
    const line = text.slice(offset, end < 0 ? text.length : end);
    if (!/^\s*(?:#|$)/.test(line)) {
      if (!line.startsWith("%")) return undefined;
      if (!/^%(?:YAML[ \t]+1\.1|TAG[ \t].*)\s*(?:#.*)?$/.test(line)) {
        const message = "the line is no directive of YAML 1.1";
        return refusal(offset, message, "Remove it");
      }
    }
    offset = end < 0 ? text.length : end + 1;
  }
  return undefined;
}

/** Counts how often a character stands right before a place. */
function runBefore(text: string, end: number, character: string): number {
  let start = end;
  while (text[start - 1] === character) start -= 1;
  return end - start;
}

function refusal(offset: number, message: string, hint: string): Refusal {
  return { severity: "error", rule: "yaml-syntax", message, hint, offset };
}
