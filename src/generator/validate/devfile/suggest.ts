import { closest, distance } from "fastest-levenshtein";
import { SUGGESTED_NAMES } from "../../../limits.ts";

/** Names that have this many other characters are still alike. */
const ALIKE = 2;
/** The longest name that the schema allows. */
const NAME_CHARS = 63;
const LISTED = 8;

/** Says what to write instead of an unknown name: the one that is most like it, or all there are. */
export function suggestName(name: string, known: Iterable<string>): string | undefined {
  const names = [...new Set(known)].slice(0, SUGGESTED_NAMES);
  if (names.length === 0) return undefined;
  const near = name.length > NAME_CHARS ? "" : closest(name, names);
  if (near !== "" && distance(name, near) <= ALIKE) return `Did you mean "${near}"?`;
  const listed = names.slice(0, LISTED).join(", ");
  return `There is ${listed}${names.length > LISTED ? " and more" : ""}`;
}
