import { IndexEntrySchema, IndexVersionSchema } from "../index-schema.ts";
import type { YamlNode } from "../yaml/index.ts";
import { nearWord } from "./near-word.ts";
import type { Issue } from "./rule.ts";

/** The keys that an entry of the index can have, in stack.yaml and extraDevfileEntries.yaml. */
export const ENTRY_KEYS = Object.keys(IndexEntrySchema.properties);
/** The keys that a version of an entry can have there. */
export const VERSION_KEYS = Object.keys(IndexVersionSchema.properties);

/** Names the keys of a map that nobody reads: they are ignored, so whoever wrote them should know. */
export function* unknownKeys(node: YamlNode, known: readonly string[]): Iterable<Issue> {
  if (!node.isMap) return;
  for (const [key, value] of node.entries()) {
    if (known.includes(key)) continue;
    const near = nearWord(key, known);
    const hint = near === undefined ? `Known here: ${known.join(", ")}` : `Did you mean ${near}?`;
    const message = `the key "${key}" is ignored: it means nothing here`;
    yield { severity: "warning", at: value.position(), message, hint };
  }
}
