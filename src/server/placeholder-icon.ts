import { utf8 } from "../bytes.ts";

/** The SVG shown for an icon that the build does not hold: a page with two lines of text. */
export const PLACEHOLDER_ICON: Uint8Array = utf8(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" fill="none" stroke="#7a869a" ' +
    'stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round">' +
    '<path d="M12 6h16l9 9v27H12z"/><path d="M28 6v9h9M19 26l-4 4 4 4M30 26l4 4-4 4"/></svg>',
);
