import type { YamlNode } from "../../yaml/index.ts";
import { nearWord } from "../near-word.ts";
import type { Fault } from "./fault.ts";
import { joinWords, labelOf, shown } from "./words.ts";

/** How much of two keys must be alike, and how many keys may be like one. */
const [LIKE_CHARS, LIKE_KEYS] = [5, 3];

/** What else could stand where a key is unknown. */
interface KnownKeys {
  readonly known: readonly string[];
  /** The versions of the schema that know the key. */
  readonly knowing: readonly string[];
}

/** Explains that the schema does not know a key of a map. */
export function explainUnknownKey(
  parent: YamlNode,
  path: readonly string[],
  key: string,
  instead: KnownKeys,
): Fault {
  const hint = keyHint(key, instead);
  const message = `${labelOf(path)} cannot have the key "${shown(key)}"`;
  return { rule: "schema-unknown-key", node: parent.get(key), atKey: true, message, hint };
}

function keyHint(key: string, { known, knowing }: KnownKeys): string {
  if (knowing.length > 0) {
    return `Only schemaVersion ${joinWords(knowing, "and")} ${knowing.length > 1 ? "have" : "has"} it`;
  }
  const near = nearWord(shown(key), known);
  if (near !== undefined) return `Did you mean ${near}?`;
  const longer = longerOrShorter(key, known);
  return longer.length > 0
    ? `Did you mean ${joinWords(longer, "or")}?`
    : `Known here: ${known.join(", ")}`;
}

/** Gives the keys that begin like a key, or that it begins like: memoryLimit for memory. */
function longerOrShorter(key: string, known: readonly string[]): readonly string[] {
  const text = key.toLowerCase();
  if (text.length < LIKE_CHARS) return [];
  const like = known.filter((each) => {
    const other = each.toLowerCase();
    return other.startsWith(text) || (text.startsWith(other) && other.length * 2 > text.length);
  });
  return like.length > LIKE_KEYS ? [] : like;
}

/** Explains that a map lacks a key. */
export function explainMissing(node: YamlNode, path: readonly string[], key: string): Fault {
  const message = `${labelOf(path)} lacks ${key}`;
  return { rule: "schema-required", node, message, hint: `Add "${key}:" with its value` };
}

/** Explains that a map has none, or several, of the keys of which it needs exactly one. */
export function explainChoice(
  node: YamlNode,
  path: readonly string[],
  names: readonly string[],
  value: object,
): Fault {
  const [only] = names;
  if (only !== undefined && names.length === 1) return explainMissing(node, path, only);
  const chosen = Object.keys(value).filter((key) => names.includes(key));
  const [, second] = chosen;
  const rule = "schema-one-of";
  if (second !== undefined) {
    const message = `${labelOf(path)} has ${joinWords(chosen, "and")} where only one may be`;
    return { rule, node: node.get(second), atKey: true, message, hint: "Keep one of them" };
  }
  const message = `${labelOf(path)} needs ${joinWords(names, "or")}`;
  const keys = names.map((name) => `"${name}:"`);
  return { rule, node, message, hint: `Add ${joinWords(keys, "or")}` };
}
