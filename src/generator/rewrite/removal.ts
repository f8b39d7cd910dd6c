import type { Pair, YAMLMap } from "yaml";
import { commaBefore, endOfPair, lineStart, nextLine, startOf, startOfPair } from "./positions.ts";
import type { Splice } from "./splice.ts";

/**
 * Makes the splice that takes a pair out of its map: its lines, or its part of a line. Comments
 * above it stay, one on its last line goes with it.
 */
export function removalSplice(text: string, map: YAMLMap, pair: Pair): Splice {
  return map.flow === true ? fromFlow(text, map, pair) : fromBlock(text, map, pair);
}

function fromBlock(text: string, map: YAMLMap, pair: Pair): Splice {
  const start = startOfPair(pair);
  const end = endOfPair(pair, text);
  if (map.items.length === 1) return { start, end, text: "{}" };
  const line = lineStart(text, start);
  if (text.slice(line, start).trim() === "")
    return { start: line, end: nextLine(text, end), text: "" };
  // The first key after a dash: the next one takes its place, below its comments if it has any.
  const next = map.items[map.items.indexOf(pair) + 1];
  const nextStart = next === undefined ? end : startOfPair(next);
  const isClear = text.slice(nextLine(text, end), nextStart).trim() === "";
  return { start, end: isClear ? nextStart : end, text: "" };
}

function fromFlow(text: string, map: YAMLMap, pair: Pair): Splice {
  const end = endOfPair(pair, text);
  if (map.items.length === 1)
    return { start: startOf(map), end: map.range?.[1] ?? end, text: "{}" };
  const index = map.items.indexOf(pair);
  const next = map.items[index + 1];
  if (index > 0 || next === undefined) return { start: commaBefore(pair) ?? end, end, text: "" };
  const comma = commaBefore(next) ?? end;
  const blanks = /^[ \t]*/.exec(text.slice(comma + 1))?.[0].length ?? 0;
  return { start: startOfPair(pair), end: comma + 1 + blanks, text: "" };
}
