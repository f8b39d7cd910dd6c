import { closest, distance } from "fastest-levenshtein";
import { SUGGESTED_NAMES } from "../../../check-limits.ts";

/** Names that have this many other characters are still alike. */
const ALIKE = 2;
/** The longest name that the schema allows. */
const NAME_CHARS = 63;
const LISTED = 8;

/** Says what to write instead of an unknown name: the one that is most like it, or all there are. */
export function suggestName(name: string, known: Iterable<string>): string | undefined {
  const names = firstNames(known);
  if (names.length === 0) return undefined;
  const near = name.length > NAME_CHARS ? "" : closest(name, names);
  if (near !== "" && distance(name, near) <= ALIKE) return `Did you mean "${near}"?`;
  const listed = names.slice(0, LISTED).join(", ");
  return `Known here: ${listed}${names.length > LISTED ? " and more" : ""}`;
}

function firstNames(known: Iterable<string>): readonly string[] {
  const names = new Set<string>();
  for (const name of known) {
    if (names.size === SUGGESTED_NAMES) break;
    names.add(name);
  }
  return [...names];
}
