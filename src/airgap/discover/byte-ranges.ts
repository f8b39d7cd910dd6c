/**
 * Turns ranges that count UTF-16 units of a text into ranges that count its bytes, in the order
 * given; the text is walked once.
 */
export function byteRanges(
  text: string,
  ranges: readonly (readonly [start: number, end: number])[],
): readonly (readonly [start: number, end: number])[] {
  const offsets = [...new Set(ranges.flat())].sort((a, b) => a - b);
  const bytes = new Map<number, number>();
  let at = 0;
  let count = 0;
  for (const offset of offsets) {
    count += Buffer.byteLength(text.slice(at, offset));
    at = offset;
    bytes.set(offset, count);
  }
  return ranges.map(([start, end]) => [bytes.get(start) ?? 0, bytes.get(end) ?? 0]);
}
