/** How many brackets may be open at once; parsers of YAML give up on far fewer, but take seconds. */
const OPEN_BRACKETS = 2_000;
/** How many dashes may stand in a row, each a list in a list. */
const DASHES_IN_A_ROW = 1_000;
const [DASH, BLANK] = [0x2d, 0x20];
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/**
 * Tells, without reading it as YAML, that a text is nested far deeper than any devfile. Brackets
 * within quotes and blocks of text count too: no text has thousands that are never closed.
 */
export function isNestedTooDeeply(bytes: Uint8Array): boolean {
  let open = 0;
  let dashes = 0;
  let before = BLANK;
  for (const byte of bytes) {
    if (OPENING.has(byte)) open += 1;
    else if (CLOSING.has(byte)) open -= 1;
    // A row without blanks is a line that somebody drew.
    if (byte === DASH && before === BLANK) dashes += 1;
    else if (byte !== BLANK) dashes = 0;
    before = byte;
    if (open < 0) open = 0;
    if (open > OPEN_BRACKETS || dashes > DASHES_IN_A_ROW) return true;
  }
  return false;
}
