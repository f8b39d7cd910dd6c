import { parse, Scalar } from "yaml";

/** How a scalar is written. */
export type ScalarStyle = Scalar.Type;

/** Starts that mean nothing but text, whatever follows; what follows may still mean a number. */
const PLAIN_START = /^[\p{L}\p{N}_./]/u;
/** What ends or changes a plain scalar wherever it stands. */
const PLAIN_BREAK = /: |:$| #|[\p{Cc}\p{Zl}\p{Zp}\ufeff\ufffe\uffff]|\s$/u;
const FLOW_BREAK = /[,[\]{}]/;
/** What only double quotes can hold. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\ufeff\ufffe\uffff]/u;

/**
 * Writes text as a scalar on one line: in the style asked for where it allows the text, else with
 * the smallest quoting. Plain text is such that YAML 1.1, which the Go tools read, and YAML 1.2 both
 * read it as text. Inside `{}` and `[]` more has to be quoted.
 */
export function scalarText(value: string, style?: ScalarStyle, inFlow = false): string {
  if (style === Scalar.QUOTE_DOUBLE) return doubleQuoted(value);
  if (style === Scalar.QUOTE_SINGLE) return singleQuoted(value);
  return isPlain(value, inFlow) ? value : singleQuoted(value);
}

function isPlain(value: string, inFlow: boolean): boolean {
  if (!PLAIN_START.test(value) || PLAIN_BREAK.test(value)) return false;
  if (inFlow && FLOW_BREAK.test(value)) return false;
  return ["1.1", "1.2"].every((version) => readsAs(value, version === "1.1" ? "1.1" : "1.2"));
}

function readsAs(value: string, version: "1.1" | "1.2"): boolean {
  // A text that no line break or mark of a document splits is one scalar.
  if (value === "..." || value === "---" || /^(\.\.\.|---) /.test(value)) return false;
  return parse(value, { version, logLevel: "silent" }) === value;
}

function singleQuoted(value: string): string {
  if (UNPRINTABLE.test(value)) return doubleQuoted(value);
  return `'${value.replaceAll("'", "''")}'`;
}

function doubleQuoted(value: string): string {
  // JSON is YAML, but for the characters that YAML wants escaped and JSON does not.
  const toEscape = (character: string) =>
    `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, toEscape);
}
