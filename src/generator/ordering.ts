/**
 * Orders texts by their UTF-8 bytes, as Go and git do. Differs from the order of JavaScript (UTF-16
 * units) for characters beyond U+FFFF only.
 */
export function compareBytewise(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at++) {
    const unitA = a.charCodeAt(at);
    const unitB = b.charCodeAt(at);
    if (unitA !== unitB) return rankOf(unitA) < rankOf(unitB) ? -1 : 1;
  }
  return Math.sign(a.length - b.length);
}

/** Surrogates stand for characters behind all that one unit can be. */
function rankOf(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}
