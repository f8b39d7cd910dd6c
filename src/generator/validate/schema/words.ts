import { SHOWN_CHARS } from "../../../limits.ts";

/** Names a value by the end of its path: memoryLimit, commands[0]. */
export function labelOf(path: readonly string[]): string {
  const at = path.findLastIndex((step) => !/^\d+$/.test(step));
  const indexes = path.slice(at + 1).map((step) => `[${step}]`);
  return at < 0 ? "the devfile" : `${shown(path[at] ?? "")}${indexes.join("")}`;
}

/** Joins words as a sentence does: exec, apply and composite. */
export function joinWords(words: readonly string[], by: "and" | "or"): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} ${by} ${last}`;
}

/** The types of JSON in the words of who writes YAML. */
const WANTED: Readonly<Record<string, string>> = {
  string: "text",
  array: "a list",
  object: "a map",
  boolean: "true or false",
  integer: "a whole number",
};

/** Says what a type of the schema asks for. */
export function wantedType(type: string): string {
  return WANTED[type] ?? type;
}

/** Says what a value is, or that there is none. */
export function foundType(value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  if (typeof value === "boolean") return "a boolean";
  return typeof value === "number" ? "a number" : "text";
}

/** Gives text for a message, which is to be read: not all of it if it is long. */
export function shown(text: string): string {
  return text.length <= SHOWN_CHARS ? text : `${text.slice(0, SHOWN_CHARS)}…`;
}
