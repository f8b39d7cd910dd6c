import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  type Pair,
  Scalar,
  type YAMLMap,
} from "yaml";
import { DevregError } from "../../errors.ts";
import { blockScalarText } from "./block-scalar.ts";
import { type BlockStyle, belowText, blockText, entryText } from "./block-text.ts";
import { formatYamlPath, type YamlEdit, type YamlPath, type YamlValue } from "./edit.ts";
import { flowValueText } from "./flow-text.ts";
import { locate, type Place } from "./locate.ts";
import { keyOf } from "./map-entries.ts";
import {
  afterColon,
  columnOf,
  endOf,
  endOfPair,
  startOf,
  startOfPair,
  stepOf,
} from "./positions.ts";
import { removalSplice } from "./removal.ts";
import { type ScalarStyle, scalarText } from "./scalar-text.ts";
import { noPlace } from "./shape.ts";
import type { Splice } from "./splice.ts";
import type { YamlText } from "./yaml-text.ts";

/** A place, and what is needed to write there. */
interface Site extends Place {
  readonly source: YamlText;
  readonly path: YamlPath;
  readonly inFlow: boolean;
  readonly step: number;
}

/**
 * Makes the splices of one edit; aliases in its way were written out before.
 *
 * @throws {DevregError} INPUT_INVALID when the path leads nowhere or the edit does not suit its place
 */
export function splicesOf(source: YamlText, edit: YamlEdit): Splice[] {
  const place = locate(source, edit.path);
  if (place === undefined || !("above" in place)) throw noPlace(edit.path);
  const inFlow = place.above.some((node) => node.flow === true);
  const step = stepOf(source.text, source.document.contents);
  const site: Site = { ...place, source, path: edit.path, inFlow, step };
  if (edit.kind === "insert") return [insertion(site, edit.value, edit.before)];
  if (edit.kind === "scalar") return [scalarSplice(site, edit.value)];
  if (edit.kind === "node") return [nodeSplice(site, edit.value)];
  const { pair } = site;
  const map = site.above.at(-1);
  if (pair === undefined || !isMap(map)) throw noPlace(edit.path);
  if (edit.kind === "remove") return [removalSplice(source.text, map, pair)];
  return [keySplice(site, pair, edit.key), nodeSplice(site, edit.value)];
}

function keySplice({ source, path, inFlow }: Site, pair: Pair, key: string): Splice {
  if (!isScalar(pair.key)) throw noPlace(path);
  const style = pair.key.type;
  return {
    start: startOf(pair.key),
    end: endOf(pair.key, source.text),
    text: scalarText(key, style, inFlow),
  };
}

function scalarSplice(site: Site, value: string): Splice {
  const { node, source, inFlow } = site;
  if (isAlias(node)) {
    return { start: startOf(node), end: endOf(node, source.text), text: flowValueText(value) };
  }
  if (!isScalar(node)) throw unsuited(site, "it is no scalar");
  const [start = 0, end = 0] = node.range ?? [];
  if (start === end) return emptySplice(source.text, start, scalarText(value, undefined, inFlow));
  const isBlock = node.type === Scalar.BLOCK_FOLDED || node.type === Scalar.BLOCK_LITERAL;
  if (!isBlock) return { start, end, text: scalarText(value, node.type, inFlow) };
  const kept = blockScalarText(source.text.slice(start, end), value);
  if (kept !== undefined) return { start, end, text: kept };
  return { start, end: endOf(node, source.text), text: scalarText(value) };
}

/** Writes where nothing stands: apart from what is before it and what follows. */
function emptySplice(text: string, at: number, written: string): Splice {
  const before = /[\s[{]/.test(text.charAt(at - 1)) ? "" : " ";
  const after = /^[\s,\]}]?$/.test(text.charAt(at)) ? "" : " ";
  return { start: at, end: at, text: `${before}${written}${after}` };
}

function nodeSplice(site: Site, value: YamlValue): Splice {
  const { node, pair, source, inFlow } = site;
  const { text } = source;
  if (typeof value === "string" && (isScalar(node) || isAlias(node)))
    return scalarSplice(site, value);
  if (isMap(node) && node.flow !== true && typeof value !== "string" && node.items.length > 0) {
    const start = startOf(node);
    const style = styleOf(site, columnOf(text, start));
    return { start, end: endOf(node, text), text: blockText(value, style) };
  }
  if (inFlow || (isCollection(node) && node.flow === true)) return flowSplice(site, value);
  const start = pair === undefined ? undefined : afterColon(pair);
  if (pair === undefined || start === undefined)
    throw unsuited(site, "it has no place for a value");
  const style = styleOf(site, columnOf(text, startOfPair(pair)));
  const written = typeof value === "string" ? ` ${scalarText(value)}` : belowText(value, style);
  return { start, end: Math.max(start, endOfPair(pair, text)), text: written };
}

function flowSplice({ node, source, path }: Site, value: YamlValue): Splice {
  if (!isNode(node)) throw noPlace(path);
  const [start, end] = [startOf(node), endOf(node, source.text)];
  const written = flowValueText(value, newStyle(source));
  return start === end ? emptySplice(source.text, start, written) : { start, end, text: written };
}

function insertion(site: Site, value: YamlValue, before: string | undefined): Splice {
  const { source, path, inFlow } = site;
  const map = site.above.at(-1);
  const key = String(path.at(-1));
  if (!isMap(map)) throw noPlace(path);
  if (site.pair !== undefined) throw unsuited(site, "the key is there already");
  const next = before === undefined ? map.items[0] : pairOf(map, before);
  if (next === undefined && before !== undefined) throw unsuited(site, `there is no "${before}"`);
  const style = newStyle(source);
  const entry = `${scalarText(key, style, true)}: ${flowValueText(value, style)}`;
  if (next === undefined) {
    const start = startOf(map) + 1;
    return { start, end: start, text: entry };
  }
  const start = startOfPair(next);
  if (inFlow) return { start, end: start, text: `${entry}, ` };
  const block = styleOf(site, columnOf(source.text, start));
  const indent = `${source.eol}${" ".repeat(block.column)}`;
  return { start, end: start, text: `${entryText(key, value, block)}${indent}` };
}

/** What is written new into JSON is JSON: readers take a file that begins with a brace for that. */
function newStyle({ text }: YamlText): ScalarStyle | undefined {
  return text.trimStart().startsWith("{") && isJson(text) ? Scalar.QUOTE_DOUBLE : undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.findLast((pair) => keyOf(pair) === key);
}

function styleOf({ source, step }: Site, column: number): BlockStyle {
  return { column, step, eol: source.eol };
}

function unsuited({ path }: Site, state: string): DevregError {
  return new DevregError("INPUT_INVALID", `Cannot rewrite "${formatYamlPath(path)}": ${state}`);
}
