/**
 * Turns what a YAML parser makes of an untyped scalar into what JSON can hold: dates and bytes
 * become text.
 *
 * @throws {Error} for infinity and not-a-number
 */
export function plainScalar(value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new Error(`${value} has no place in an index`);
  }
  if (value instanceof Date) return value.toISOString().replace(".000Z", "Z");
  return value instanceof Uint8Array ? Buffer.from(value).toString() : value;
}
