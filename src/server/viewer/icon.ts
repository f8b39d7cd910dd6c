import { type Html, trusted } from "./html.ts";

/** What is drawn inside a square of 24 by 24: strokes in the colour of the text around. */
const SHAPES = {
  search: '<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>',
  copy: '<rect x="9" y="9" width="11" height="11" rx="2"/><path d="M5 15V6a2 2 0 0 1 2-2h9"/>',
  check: '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
  close: '<path d="M6 6l12 12M18 6 6 18"/>',
  download: '<path d="M12 4v11m-4.5-4L12 15.5 16.5 11M5 20h14"/>',
  external: '<path d="M14 4h6v6m0-6-9 9M18 14v4a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2h4"/>',
  link: '<path d="M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7L12 6.3M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1.1-1.1"/>',
  sun: '<circle cx="12" cy="12" r="4"/><path d="M12 2.5v2m0 15v2M2.5 12h2m15 0h2M5.3 5.3l1.4 1.4m10.6 10.6 1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4"/>',
  moon: '<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z"/>',
  screen: '<rect x="3" y="4.5" width="18" height="12" rx="2"/><path d="M9 20.5h6m-3-4v4"/>',
  filter: '<path d="M4 6h16M7 12h10m-7 6h4"/>',
  stack: '<path d="m12 3.5 8.5 4.5L12 12.5 3.5 8zM3.5 12l8.5 4.5 8.5-4.5M3.5 16l8.5 4.5 8.5-4.5"/>',
  sample: '<path d="m8.5 8-4.5 4 4.5 4m7-8 4.5 4-4.5 4M13.5 5l-3 14"/>',
  box: '<path d="m12 3 8 4.5v9L12 21l-8-4.5v-9zm0 9 8-4.5M12 12v9m0-9L4 7.5"/>',
  pulse: '<path d="M3 12h4l2.5-7 5 14 2.5-7h4"/>',
  code: '<path d="m8 7-5 5 5 5m8-10 5 5-5 5"/>',
  file: '<path d="M6 3h8l5 5v13H6zM14 3v5h5"/>',
  folder:
    '<path d="M3 6.5A1.5 1.5 0 0 1 4.5 5H9l2.5 2.5h8A1.5 1.5 0 0 1 21 9v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 18z"/>',
  git: '<circle cx="6" cy="5.5" r="2.5"/><circle cx="6" cy="18.5" r="2.5"/><circle cx="18" cy="8.5" r="2.5"/><path d="M6 8v8m12-5c0 4-6 2.5-10.5 5.5"/>',
  tag: '<path d="M3.5 12.5v-8a1 1 0 0 1 1-1h8l8 8a1.4 1.4 0 0 1 0 2l-7 7a1.4 1.4 0 0 1-2 0z"/><circle cx="8.5" cy="8.5" r="1"/>',
  clock: '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>',
  shield: '<path d="M12 3 4.5 6v6c0 4.5 3.2 7.7 7.5 9 4.3-1.3 7.5-4.5 7.5-9V6z"/>',
  terminal: '<rect x="3" y="4.5" width="18" height="15" rx="2"/><path d="m7 9 3 3-3 3m6 0h4"/>',
  chip: '<rect x="6.5" y="6.5" width="11" height="11" rx="2"/><path d="M9.5 3v3.5m5-3.5v3.5m-5 11V21m5-3.5V21M3 9.5h3.5M3 14.5h3.5m11-5H21m-3.5 5H21"/>',
  plug: '<path d="M9 3v5m6-5v5M6.5 8h11v3.5a5.5 5.5 0 0 1-11 0zM12 17v4"/>',
  info: '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5m0-8.5v.1"/>',
  warning: '<path d="M12 4 2.8 19.5h18.4zm0 6v4.5m0 2.4v.1"/>',
  next: '<path d="m9 5 7 7-7 7"/>',
  previous: '<path d="m15 5-7 7 7 7"/>',
  down: '<path d="m5 9 7 7 7-7"/>',
  compare: '<path d="M8 4v16m-4-4 4 4 4-4m4 4V4m4 4-4-4-4 4"/>',
} as const;

/** The names of all small pictures. */
export type IconName = keyof typeof SHAPES;

/** Draws a small picture beside words; readers of the screen pass over it. */
export function icon(name: IconName): Html {
  return trusted(
    `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${SHAPES[name]}</svg>`,
  );
}

/** The mark of the product: three layers, as an icon of the page and in its head. */
export const MARK_SHAPE =
  '<path d="M16 3 29 9.5 16 16 3 9.5z" fill="#5cc3c6"/>' +
  '<path d="m3 16 3.6-1.8L16 18.9l9.4-4.7L29 16l-13 6.5z" fill="#2a98a0"/>' +
  '<path d="m3 22.5 3.6-1.8 9.4 4.7 9.4-4.7 3.6 1.8L16 29z" fill="#0f6b75"/>';

/** Draws the mark of the product. */
export function mark(): Html {
  return trusted(
    `<svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">${MARK_SHAPE}</svg>`,
  );
}
