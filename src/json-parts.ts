import { textOf } from "./bytes.ts";
import { DevregError } from "./errors.ts";

const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);

/**
 * Refuses JSON of strangers, before it is parsed, that has more lists and maps than any document of
 * its kind: an empty one takes some sixty times as much memory as its two characters. Brackets
 * within texts count too.
 *
 * @throws {DevregError} LIMIT_EXCEEDED
 */
export function checkJsonParts(bytes: Uint8Array, limitParts: number, what: string): void {
  let parts = 0;
  for (const byte of bytes) if (OPENING.has(byte)) parts += 1;
  if (parts <= limitParts) return;
  throw new DevregError("LIMIT_EXCEEDED", `Cannot read ${what}: over ${limitParts} lists and maps`);
}

/**
 * Parses JSON within the bound of {@link checkJsonParts}.
 *
 * @throws {DevregError} LIMIT_EXCEEDED
 * @throws {SyntaxError} for what is no JSON
 */
export function parseJsonParts(bytes: Uint8Array, limitParts: number): unknown {
  checkJsonParts(bytes, limitParts, "the JSON document");
  return JSON.parse(textOf(bytes));
}
