import { textOf, utf8 } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";

/** A JSON object as it was read: what devreg does not know in it is kept. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Parses bytes that must hold one JSON object. @throws {DevregError} INPUT_INVALID naming `what` */
export function parseJsonObject(bytes: Uint8Array, what: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(textOf(bytes));
  } catch (cause) {
    throw new DevregError("INPUT_INVALID", `Cannot read ${what}: it is not JSON`, { cause });
  }
  if (isJsonObject(value)) return value;
  throw new DevregError("INPUT_INVALID", `Cannot read ${what}: it is no JSON object`);
}

/** Tells whether a value is a JSON object. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Gives an object as it is and an empty one for anything else, as for a field that is null. */
export function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** Gives the objects of a list; empty for anything else. */
export function objectsOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** Gives the texts of a list; empty for anything else. */
export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

/** Sorts the keys of an object, not those of the objects in it. */
export function sortKeys(record: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Writes an object as JSON without white space. */
export function formatJson(record: JsonObject): Uint8Array {
  return utf8(JSON.stringify(record));
}
