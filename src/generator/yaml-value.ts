import { FOLDER_DEPTH } from "../limits.ts";

/**
 * Turns what a YAML parser makes of untyped values into what JSON can hold: dates and bytes become
 * text, maps become objects.
 *
 * @throws {Error} for infinity, not-a-number and for values nested too deep
 */
export function plainValue(value: unknown, depth = 0): unknown {
  if (depth > FOLDER_DEPTH) throw new Error(`nested over ${FOLDER_DEPTH} levels deep`);
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new Error(`${value} has no place in an index`);
  }
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return value.toISOString().replace(".000Z", "Z");
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  const below = (item: unknown) => plainValue(item, depth + 1);
  if (Array.isArray(value)) return value.map(below);
  if (value instanceof Set) return Object.fromEntries([...value].map((key) => [String(key), null]));
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return Object.fromEntries(entries.map(([key, item]) => [String(key), below(item)]));
}
