import { concatBytes, utf8 } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import { compareBytewise } from "./ordering.ts";

/**
 * A value that Go's encoding/json would print. A Map stands for a Go struct and keeps its order; a
 * plain object stands for a Go map and is sorted by key. Undefined prints as null.
 */
export type GoValue = unknown;

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};
/** Besides what JSON must escape: what HTML gives a meaning, and two line ends of JavaScript. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has to escape control characters
const ESCAPED = /["\\\u0000-\u001f<>&\u2028\u2029]/g;
/** What is escaped, and halves of characters; most text has none of these. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has to escape control characters
const UNUSUAL = /["\\\u0000-\u001f<>&\u2028\u2029\ud800-\udfff]/;

/**
 * Prints a value as Go's json.MarshalIndent does (json.Marshal when `indent` is empty), without a
 * final newline. A lone surrogate prints as U+FFFD, as Go prints invalid UTF-8.
 *
 * @throws {DevregError} INPUT_INVALID for a number that JSON cannot hold
 */
export function goJson(value: GoValue, indent = ""): string {
  return print(value, indent, indent === "" ? "" : "\n");
}

/**
 * Prints a list as {@link goJson} does, as bytes. Its items are printed one after the other, so that
 * a long list takes little more room than its bytes.
 *
 * @throws {DevregError} INPUT_INVALID for a number that JSON cannot hold
 */
export function goJsonList(items: Iterable<GoValue>, indent: string): Uint8Array {
  const line = indent === "" ? "" : "\n";
  const inner = `${line}${indent}`;
  const pieces: Uint8Array[] = [];
  for (const item of items) {
    const start = pieces.length === 0 ? "[" : ",";
    pieces.push(utf8(`${start}${inner}${print(item, indent, inner)}`));
  }
  return concatBytes([...pieces, utf8(pieces.length === 0 ? "[]" : `${line}]`)]);
}

/** `line` is what ends a line: nothing, or a line end with the indentation of the line after it. */
function print(value: GoValue, indent: string, line: string): string {
  if (value === undefined || value === null) return "null";
  if (typeof value === "string") return goString(value);
  if (typeof value === "number") return goNumber(value);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return printList(value, indent, line);
  const entries =
    value instanceof Map ? value : Object.entries(value).sort(([a], [b]) => compareBytewise(a, b));
  return printFields(entries, indent, line);
}

function printList(items: readonly unknown[], indent: string, line: string): string {
  const inner = `${line}${indent}`;
  let printed = "";
  for (const item of items) {
    printed += `${printed === "" ? "[" : ","}${inner}${print(item, indent, inner)}`;
  }
  return printed === "" ? "[]" : `${printed}${line}]`;
}

function printFields(
  fields: Iterable<readonly [unknown, unknown]>,
  indent: string,
  line: string,
): string {
  const inner = `${line}${indent}`;
  const colon = indent === "" ? ":" : ": ";
  let printed = "";
  for (const [key, item] of fields) {
    const start = printed === "" ? "{" : ",";
    printed += `${start}${inner}${goString(String(key))}${colon}${print(item, indent, inner)}`;
  }
  return printed === "" ? "{}" : `${printed}${line}}`;
}

function goString(text: string): string {
  if (!UNUSUAL.test(text)) return `"${text}"`;
  const escaped = text
    .toWellFormed()
    .replace(
      ESCAPED,
      (char) => ESCAPES[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
  return `"${escaped}"`;
}

/** Prints a float64 as Go does, which differs from JavaScript for negative zero only. */
function goNumber(value: number): string {
  if (!Number.isFinite(value)) {
    throw new DevregError(
      "INPUT_INVALID",
      `Cannot print ${value} as JSON: there is no such number`,
    );
  }
  return Object.is(value, -0) ? "-0" : String(value);
}
