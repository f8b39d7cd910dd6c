import { isScalar, type Pair, type Scalar } from "yaml";
import type { Complaint } from "./complaint.ts";
import { scalarValue } from "./scalar-value.ts";

/** What the package `yaml` takes and the parser of the Go generator does not. */
type Refusal = Complaint & { readonly offset: number };

/** A stretch of a text in which tabs mean nothing. */
export type Stretch = readonly [start: number, end: number];

/**
 * Tells what is wrong with a scalar. Parity: scannerc.go of yaml.v2, where a quote that is escaped
 * does not close a text, and within brackets a question mark begins a key wherever it is, and a
 * colon before text a value.
 */
export function refusedScalar(node: Scalar, text: string, inFlow: boolean): Refusal | undefined {
  const [offset = 0, end = 0] = node.range ?? [];
  if (node.type === "QUOTE_DOUBLE" && runBefore(text, end - 1, "\\") % 2 === 1) {
    const message = 'the " that is opened here is not closed: the last one is escaped';
    return refusal(offset, message, 'Write the closing "');
  }
  const inside = text.slice(offset + 1, end);
  if (node.type === "QUOTE_SINGLE" && runBefore(inside, inside.length, "'") % 2 === 0) {
    const message = "the ' that is opened here is not closed: '' stands for a ' inside";
    return refusal(offset, message, "Write the closing '");
  }
  if (node.type !== "PLAIN" || !inFlow) return undefined;
  const mark = /(?!^)\?|^:/.exec(text.slice(offset, end));
  if (mark === null) return undefined;
  const message = `there is a "${mark[0]}" in a text without quotes between brackets`;
  return refusal(offset + mark.index, message, "Put the text in quotes");
}

/** Tells of a key that is null. Parity: convertToJSONableObject() of sigs.k8s.io/yaml. */
export function refusedKey({ key }: Pair): Refusal | undefined {
  if (!isScalar(key) || key.type !== "PLAIN" || key.tag !== undefined) return undefined;
  if (scalarValue(key.source ?? "") !== null) return undefined;
  const message = key.source === "" ? "a key is missing" : `the key "${key.source}" is null`;
  return refusal(key.range?.[0] ?? 0, message, "Write a key, in quotes if it reads as null");
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

/** Counts how often a character stands right before a place. */
function runBefore(text: string, end: number, character: string): number {
  let start = end;
  while (text[start - 1] === character) start -= 1;
  return end - start;
}

function refusal(offset: number, message: string, hint: string): Refusal {
  return { severity: "error", rule: "yaml-syntax", message, hint, offset };
}
