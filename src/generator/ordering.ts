/**
 * Orders texts by their UTF-8 bytes, as Go and git do. Differs from the order of JavaScript (UTF-16
 * units) for characters beyond U+FFFF only.
 */
export function compareBytewise(a: string, b: string): number {
  if (a === b) return 0;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
