/** Widths of " " to "~" in Verdana at 11 pixels, in tenths of a pixel. */
const WIDTHS = [
  39, 43, 50, 90, 70, 118, 80, 30, 50, 50, 70, 90, 40, 50, 40, 50, 70, 70, 70, 70, 70, 70, 70, 70,
  70, 70, 50, 50, 90, 90, 90, 60, 110, 75, 75, 77, 85, 70, 63, 85, 83, 46, 50, 76, 61, 93, 82, 87,
  66, 87, 76, 75, 68, 81, 75, 109, 75, 68, 75, 50, 50, 50, 90, 70, 70, 66, 69, 57, 69, 66, 39, 69,
  70, 30, 38, 65, 30, 107, 70, 67, 69, 69, 47, 57, 43, 70, 65, 90, 65, 65, 58, 70, 50, 70, 90,
];
const FIRST = 0x20;
/** Other letters: those of Latin, Greek and Cyrillic are as wide as these, wide scripts wider. */
const OTHER = 78;
const WIDE = 115;
const WIDE_FROM = 0x1100;

/** Tells how wide a text is drawn in Verdana at 11 pixels, in pixels. */
export function textWidth(text: string): number {
  let tenths = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    tenths += WIDTHS[code - FIRST] ?? (code >= WIDE_FROM ? WIDE : OTHER);
  }
  return tenths / 10;
}
