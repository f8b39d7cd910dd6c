import { BADGE_CHARS } from "../../../viewer-limits.ts";
import { type Html, html, trusted } from "../html.ts";
import { MARK_SHAPE } from "../icon.ts";

import { textWidth } from "./text-width.ts";

const HEIGHT = 20;
const MARK_WIDTH = 16;
const PADDING = 6;
const LEFT = "#22333a";
const RIGHT = "#0c6670";

/** Draws a badge: the mark, a name, and a version where there is one. */
export function badge(name: string, version: string): string {
  const [label, value] = [short(name), short(version)];
  const labelWidth = Math.ceil(textWidth(label));
  const valueWidth = Math.ceil(textWidth(value));
  const left = PADDING + MARK_WIDTH + 4 + labelWidth + PADDING;
  const right = value === "" ? 0 : PADDING + valueWidth + PADDING;
  const width = left + right;
  const title = value === "" ? label : `${label} ${value}`;
  const labelAt = PADDING + MARK_WIDTH + 4;
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT}" viewBox="0 0 ${width} ${HEIGHT}" role="img" aria-label="devfile: ${title}">
<title>devfile: ${title}</title>
<clipPath id="r"><rect width="${width}" height="${HEIGHT}" rx="4"/></clipPath>
<g clip-path="url(#r)"><rect width="${left}" height="${HEIGHT}" fill="${LEFT}"/><rect x="${left}" width="${right}" height="${HEIGHT}" fill="${RIGHT}"/></g>
<svg x="${PADDING - 2}" y="2" width="${MARK_WIDTH}" height="${MARK_WIDTH}" viewBox="0 0 32 32">${trusted(MARK_SHAPE)}</svg>
<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">${words(label, labelAt, labelWidth)}${words(value, left + PADDING, valueWidth)}</g>
</svg>
`.markup;
}

/** Whatever the typeface there is, the text takes the room that was made for it. */
function words(text: string, x: number, width: number): Html | undefined {
  if (text === "") return undefined;
  return html`<text x="${x}" y="14" textLength="${width}" lengthAdjust="spacingAndGlyphs">${text}</text>`;
}

/** Characters that XML cannot hold have no place in a picture either. */
function short(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  const plain = text.toWellFormed().replace(/[\u0000-\u001f\u007f-\u009f\ufffe\uffff]/g, "");
  const letters = [...plain];
  return letters.length <= BADGE_CHARS ? plain : `${letters.slice(0, BADGE_CHARS).join("")}…`;
}
