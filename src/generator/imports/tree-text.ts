import { isMap, isScalar, isSeq, type YAMLMap, type YAMLSeq } from "yaml";

/** Keys that need no quotes, and that YAML 1.1 reads as text. */
const PLAIN_KEY = /^(?!(?:y|n|yes|no|on|off|true|false|null)$)[a-z][a-z0-9_.-]*$/i;
/** What JSON leaves as it is and YAML does not: controls, its own line breaks, byte order marks. */
const UNSAFE = /[\u007f-\u009f\u2028\u2029\ufeff]/g;

/**
 * Writes a tree in the plainest YAML, each scalar on a line of its own. What is no text keeps its
 * source text: `1.10` stays a number of that spelling.
 */
export function treeText(root: YAMLMap): string {
  const lines: string[] = [];
  writeMap(root, "", "", lines);
  return `${lines.join("\n")}\n`;
}

/** @param lead what stands before the first key: its indentation, or the dash of an item */
function writeMap(map: YAMLMap, lead: string, indent: string, lines: string[]): void {
  for (const [at, { key, value }] of map.items.entries()) {
    const name = isScalar(key) ? String(key.value) : String(key);
    const start = `${at === 0 ? lead : indent}${PLAIN_KEY.test(name) ? name : quoted(name)}:`;
    if (isMap(value) && value.items.length > 0) {
      lines.push(start);
      writeMap(value, `${indent}  `, `${indent}  `, lines);
    } else if (isSeq(value) && value.items.length > 0) {
      lines.push(start);
      writeList(value, `${indent}  `, lines);
    } else {
      lines.push(`${start} ${flat(value)}`);
    }
  }
}

function writeList(list: YAMLSeq, indent: string, lines: string[]): void {
  for (const item of list.items) {
    if (isMap(item) && item.items.length > 0) {
      writeMap(item, `${indent}- `, `${indent}  `, lines);
    } else if (isSeq(item) && item.items.length > 0) {
      lines.push(`${indent}-`);
      writeList(item, `${indent}  `, lines);
    } else {
      lines.push(`${indent}- ${flat(item)}`);
    }
  }
}

function flat(node: unknown): string {
  if (isMap(node)) return "{}";
  if (isSeq(node)) return "[]";
  if (!isScalar(node)) return "null";
  const text = String(node.value);
  if (node.type === "QUOTE_DOUBLE") return quoted(text);
  return text === "" ? "null" : text;
}

function quoted(text: string): string {
  const escaped = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(text).replace(UNSAFE, escaped);
}
