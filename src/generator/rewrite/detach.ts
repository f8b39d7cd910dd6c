import {
  type Alias,
  isAlias,
  isCollection,
  isMap,
  isNode,
  type Node,
  type Pair,
  visit,
} from "yaml";
import { DevregError } from "../../errors.ts";
import { YAML_ALIASES } from "../../limits.ts";
import type { YamlEdit, YamlPath } from "./edit.ts";
import { flowText, pairText } from "./flow-text.ts";
import { locate, mergeThatHas, type Place } from "./locate.ts";
import { entriesOf, isMergePair } from "./map-entries.ts";
import { columnOf, endOfPair, startOfPair } from "./positions.ts";
import { applySplices, type Splice } from "./splice.ts";
import { parseYamlText, type YamlText } from "./yaml-text.ts";

/** What has to be written out before edits can be made. */
interface Wanted {
  readonly aliases: Set<Alias>;
  readonly merges: Set<Pair>;
}

/**
 * Writes out the aliases and merge keys that edits would otherwise change elsewhere too, or that
 * hide what they edit; the document says the same afterwards. All others stay.
 *
 * @throws {DevregError} LIMIT_EXCEEDED when that takes over YAML_ALIASES rounds
 */
export function detachAliases(source: YamlText, edits: readonly YamlEdit[]): YamlText {
  let current = source;
  for (let round = 0; round < YAML_ALIASES; round += 1) {
    const splices = splicesFor(current, wantedBy(current, edits));
    if (splices.length === 0) return current;
    current = parseYamlText(applySplices(current.text, splices));
  }
  throw new DevregError("LIMIT_EXCEEDED", "Cannot rewrite YAML: aliases nested too deep");
}

function wantedBy(source: YamlText, edits: readonly YamlEdit[]): Wanted {
  const wanted: Wanted = { aliases: new Set(), merges: new Set() };
  const touched = new Set<Node>();
  for (const { kind, path } of edits) {
    const place = locate(source, path);
    if (place === undefined) continue;
    if ("alias" in place) wanted.aliases.add(place.alias);
    else if ("merge" in place) wanted.merges.add(place.merge);
    else {
      for (const node of [...place.above, ...nodesOf(place.node), ...nodesOf(place.pair?.key)]) {
        touched.add(node);
      }
      // A key that goes away must not come back from what its map merges.
      const hidden = kind === "remove" || kind === "pair" ? hiddenMerge(source, place, path) : [];
      for (const merge of hidden) wanted.merges.add(merge);
    }
  }
  for (const [alias, target] of source.targets) {
    // What an edit throws away itself needs no writing out.
    if (touched.has(target) && !touched.has(alias)) wanted.aliases.add(alias);
  }
  return wanted;
}

function hiddenMerge(source: YamlText, place: Place, path: YamlPath): readonly Pair[] {
  const map = place.above.at(-1);
  const merge = isMap(map) ? mergeThatHas(source, map, String(path.at(-1))) : undefined;
  return merge === undefined ? [] : [merge];
}

/** Gives a node and all below it. */
function nodesOf(node: unknown): Node[] {
  const nodes: Node[] = [];
  if (isNode(node)) visit(node, { Node: (_, each) => void nodes.push(each) });
  return nodes;
}

function splicesFor(source: YamlText, { aliases, merges }: Wanted): Splice[] {
  if (aliases.size === 0 && merges.size === 0) return [];
  const splices: Splice[] = [];
  visit(source.document.contents, {
    Pair: (_, pair, path) => {
      const map = path.at(-1);
      if (!isMergePair(pair) || !isMap(map)) return undefined;
      const hasWanted = nodesOf(pair.value).some((node) => isAlias(node) && aliases.has(node));
      if (hasWanted || merges.has(pair)) splices.push(mergeSplice(source, pair, map.items, path));
      return visit.SKIP;
    },
    Alias: (_, alias) => {
      const [start = 0, end = 0] = alias.range ?? [];
      if (aliases.has(alias)) splices.push({ start, end, text: flowText(alias, source.targets) });
    },
  });
  return splices;
}

/** Puts what is merged in the place of the merge key, but what the map has itself. */
function mergeSplice(
  { text, targets, eol }: YamlText,
  merge: Pair,
  siblings: readonly Pair[],
  path: readonly unknown[],
): Splice {
  const others = entriesOf(
    siblings.filter((pair) => pair !== merge),
    targets,
  );
  const own = new Set(others.map(([key]) => key));
  const merged = entriesOf([merge], targets).filter(([key]) => !own.has(key));
  const [start, end] = [startOfPair(merge), endOfPair(merge, text)];
  const inFlow = path.some((node) => isCollection(node) && node.flow === true);
  const glue = inFlow ? ", " : `${eol}${" ".repeat(columnOf(text, start))}`;
  const lines = merged.map(([, pair]) => pairText(pair, targets));
  return { start, end, text: lines.length === 0 ? "<<: {}" : lines.join(glue) };
}
