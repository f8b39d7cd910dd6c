import { utf8 } from "../bytes.ts";

/**
 * Colours of placeholders: white stands out from each at 4.5 to 1, and each from light and dark
 * pages at 3 to 1, so that one picture does for both.
 */
export const PLACEHOLDER_COLOURS: readonly string[] = [
  "#cf303b",
  "#c1451f",
  "#976211",
  "#68741b",
  "#2a7e3f",
  "#157f5f",
  "#127a81",
  "#1d75af",
  "#3d69d1",
  "#785bc8",
  "#a04ab5",
  "#c23886",
];

/** What one quarter of a mark may be: drawn in a square of 12 by 12, from its upper left corner. */
const SHAPES = [
  "h12a12 12 0 0 1-12 12z",
  "m12 0v12a12 12 0 0 1-12-12z",
  "m12 12h-12a12 12 0 0 1 12-12z",
  "m0 12v-12a12 12 0 0 1 12 12z",
  "a12 12 0 0 1 12 12a12 12 0 0 1-12-12z",
  "m12 0a12 12 0 0 1-12 12a12 12 0 0 1 12-12z",
  "m6 0a6 6 0 0 1 0 12a6 6 0 0 1 0-12z",
  "h12v12h-12z",
] as const;

const QUARTERS = ["M12 12", "M24 12", "M12 24", "M24 24"] as const;
/** A longer name is told from others by its beginning. */
const NAME_CHARS = 200;

/**
 * Draws the picture of a name that has none: the same for the same name everywhere and always, and
 * of few names alike.
 */
export function placeholderShapes(name: string): string {
  const hash = hashOf(name.slice(0, NAME_CHARS));
  const pale = (hash >>> 12) % QUARTERS.length;
  const paths = QUARTERS.map((at, quarter) => {
    const shape = SHAPES[(hash >>> (quarter * 3)) % SHAPES.length];
    return { pale: quarter === pale, path: `${at}${shape}` };
  });
  const strong = paths.filter((each) => !each.pale).map(({ path }) => path);
  const faint = paths.filter((each) => each.pale).map(({ path }) => path);
  const colour = PLACEHOLDER_COLOURS[(hash >>> 14) % PLACEHOLDER_COLOURS.length];
  return `<path fill="${colour}" d="M0 0h48v48H0z"/><path fill="#fff" d="${strong.join("")}"/><path fill="#fff" fill-opacity=".55" d="${faint.join("")}"/>`;
}

/** Gives the SVG file for an icon that the build does not hold; pages draw the same. */
export function placeholderIcon(name: string): Uint8Array {
  return utf8(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><clipPath id="c"><rect width="48" height="48" rx="10"/></clipPath><g clip-path="url(#c)">${placeholderShapes(name)}</g></svg>`,
  );
}

/** Gives that file as the data address that an index carries in place of an icon. */
export function placeholderAddress(name: string): string {
  return `data:image/svg+xml;base64,${Buffer.from(placeholderIcon(name)).toString("base64")}`;
}

/** FNV-1a, and its bits mixed once more: names that differ in their end alone differ in all of it. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of utf8(text.toWellFormed())) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
