import {
  type CST,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Pair,
  Scalar,
  type YAMLMap,
} from "yaml";

/** Where a pair begins: at its key, or what stands before it on its line for it: `? `, `&x`, `!t`. */
export function startOfPair(pair: Pair): number {
  const token = pair.srcToken as CST.CollectionItem | undefined;
  const first = token?.start.find(({ type }) =>
    ["explicit-key-ind", "anchor", "tag"].includes(type),
  );
  return first?.offset ?? startOf(pair.key);
}

/** Where what follows the colon of a pair begins, blanks included; undefined without a colon. */
export function afterColon(pair: Pair): number | undefined {
  const token = pair.srcToken as CST.CollectionItem | undefined;
  const colon = token?.sep?.find(({ type }) => type === "map-value-ind");
  return colon === undefined ? undefined : colon.offset + colon.source.length;
}

/** Where the comma before an item of `{}` is. */
export function commaBefore(pair: Pair): number | undefined {
  const token = pair.srcToken as CST.CollectionItem | undefined;
  return token?.start.find(({ type }) => type === "comma")?.offset;
}

/** Where the text of a pair ends, before blanks, comments and line ends. */
export function endOfPair(pair: Pair, text: string): number {
  if (isNode(pair.value)) return endOf(pair.value, text);
  return afterColon(pair) ?? endOf(pair.key, text);
}

/** Where a node begins, without its anchor and tag. */
export function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

/** Where the text of a node ends, before blanks, comments and line ends. */
export function endOf(node: unknown, text: string): number {
  if (isMap(node) && node.flow !== true) {
    const last = node.items.at(-1);
    if (last !== undefined) return endOfPair(last, text);
  }
  if (isSeq(node) && node.flow !== true && node.items.length > 0) {
    return endOf(node.items.at(-1), text);
  }
  const end = isNode(node) ? (node.range?.[1] ?? 0) : 0;
  if (!isScalar(node) || isAlias(node)) return end;
  const isBlock = node.type === Scalar.BLOCK_FOLDED || node.type === Scalar.BLOCK_LITERAL;
  const isEmpty = end === startOf(node);
  return isBlock || isEmpty ? text.slice(0, end).trimEnd().length : end;
}

/** Where the line of a position begins. */
export function lineStart(text: string, at: number): number {
  return text.lastIndexOf("\n", at - 1) + 1;
}

/** Where the line after a position begins. */
export function nextLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end + 1;
}

/** How many columns stand before a position. */
export function columnOf(text: string, at: number): number {
  return at - lineStart(text, at);
}

/** How far maps of a document are indented below their keys: what its first one shows, else 2. */
export function stepOf(text: string, root: unknown): number {
  const maps: YAMLMap[] = isMap(root) ? [root] : [];
  for (const map of maps) {
    for (const pair of map.items) {
      if (!isMap(pair.value) || pair.value.flow === true) continue;
      const step = columnOf(text, startOf(pair.value)) - columnOf(text, startOfPair(pair));
      if (step > 0) return step;
      maps.push(pair.value);
    }
  }
  return 2;
}
