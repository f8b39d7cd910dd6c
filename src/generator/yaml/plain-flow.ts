import { PLAIN_YAML_DEPTH } from "../../yaml-limits.ts";
import { giveUp, type PlainCursor } from "./plain-cursor.ts";
import { readWord } from "./plain-word.ts";
import type { YamlList, YamlMap, YamlPair, YamlTree } from "./tree.ts";

/** Up to so many keys are compared one by one. */
const FEW_KEYS = 8;

/** Reads a list or map in brackets, all on one line and without a key or value left out. */
export function readFlow(cursor: PlainCursor, depth: number): YamlTree {
  if (depth > PLAIN_YAML_DEPTH) giveUp();
  return cursor.text[cursor.at] === "[" ? readList(cursor, depth) : readMap(cursor, depth);
}

function readList(cursor: PlainCursor, depth: number): YamlList {
  const offset = cursor.at;
  const items: YamlTree[] = [];
  eachUntil("]", cursor, () => items.push(readValue(cursor, depth)));
  return { kind: "list", items, offset };
}

function readMap(cursor: PlainCursor, depth: number): YamlMap {
  const offset = cursor.at;
  const pairs: YamlPair[] = [];
  eachUntil("}", cursor, () => {
    const { text: key, offset: keyOffset } = readWord(cursor);
    if (!cursor.isBehindKey) giveUp();
    cursor.skipSpaces();
    pairs.push({ key, keyOffset, value: readValue(cursor, depth) });
  });
  refuseEqualKeys(pairs);
  return { kind: "map", pairs, offset };
}

/** Reads what commas separate, from the opening bracket to behind the closing one. */
function eachUntil(end: string, cursor: PlainCursor, read: () => void): void {
  const { text } = cursor;
  cursor.at += 1;
  cursor.skipSpaces();
  while (text[cursor.at] !== end) {
    read();
    cursor.skipSpaces();
    if (text[cursor.at] === end) break;
    if (text[cursor.at] !== ",") giveUp();
    cursor.at += 1;
    cursor.skipSpaces();
    if (text[cursor.at] === end) giveUp();
  }
  cursor.at += 1;
}

function readValue(cursor: PlainCursor, depth: number): YamlTree {
  const first = cursor.text[cursor.at];
  if (first === "[" || first === "{") return readFlow(cursor, depth + 1);
  const value = readWord(cursor);
  return cursor.isBehindKey ? giveUp() : value;
}

/**
 * Refuses a map with a key that is there twice, which is told of where it is read.
 *
 * @throws {NotPlain}
 */
export function refuseEqualKeys(pairs: readonly YamlPair[]): void {
  if (pairs.length > FEW_KEYS) {
    if (new Set(pairs.map(({ key }) => key)).size < pairs.length) giveUp();
    return;
  }
  for (let at = 1; at < pairs.length; at += 1) {
    for (let before = 0; before < at; before += 1) {
      if (pairs[before]?.key === pairs[at]?.key) giveUp();
    }
  }
}
