import type { ArtifactIcon } from "../../artifact-type.ts";
import { type Html, trusted } from "../html.ts";

/** What is drawn inside a square of 24 by 24: strokes in the colour of the text around. */
const SHAPES: Readonly<Record<ArtifactIcon, string>> = {
  image: '<path d="m12 3 8 4.5v9L12 21l-8-4.5v-9zm0 9 8-4.5M12 12v9m0-9L4 7.5"/>',
  chart:
    '<circle cx="12" cy="12" r="5.5"/><circle cx="12" cy="12" r="1.5"/><path d="M12 2.5v4m0 11v4M2.5 12h4m11 0h4M5.3 5.3l2.8 2.8m7.8 7.8 2.8 2.8m0-13.4-2.8 2.8M8.1 15.9l-2.8 2.8"/>',
  bundle:
    '<rect x="3.5" y="8" width="17" height="12.5" rx="1.5"/><path d="M3.5 12.5h17M12 8v12.5M12 8c-5 0-6-4.5-3.5-4.5C10.5 3.5 12 5.5 12 8c0-2.5 1.5-4.5 3.5-4.5C18 3.5 17 8 12 8"/>',
  template: '<rect x="3.5" y="4" width="17" height="16" rx="2"/><path d="M3.5 9h17M9.5 9v11"/>',
  task: '<rect x="4.5" y="4" width="15" height="17" rx="2"/><path d="M9 2.5h6v3H9zM8.5 12.5l2.5 2.5 4.5-5"/>',
  stack: '<path d="m12 3.5 8.5 4.5L12 12.5 3.5 8zM3.5 12l8.5 4.5 8.5-4.5M3.5 16l8.5 4.5 8.5-4.5"/>',
  index:
    '<path d="M5 4.5A1.5 1.5 0 0 1 6.5 3H19v18H6.5A1.5 1.5 0 0 1 5 19.5zM5 18h14M9 8h6m-6 4h6"/>',
  sbom: '<path d="M6 3h8l5 5v13H6zM14 3v5h5M9 12.5h.1m2.4 0H16M9 16.5h.1m2.4 0H16"/>',
  signature:
    '<path d="M12 3 4.5 6v6c0 4.5 3.2 7.7 7.5 9 4.3-1.3 7.5-4.5 7.5-9V6zM9 12l2.2 2.2L15.2 10"/>',
  module: '<path d="m12 2.8 8 4.6v9.2l-8 4.6-8-4.6V7.4zM9 10.5v3l3 1.7 3-1.7v-3l-3-1.7z"/>',
  unknown:
    '<circle cx="12" cy="12" r="8.5"/><path d="M9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1 1-1.1 1.8m0 3v.1"/>',
};

/** Draws the picture of an artifact type beside its name; readers of the screen pass over it. */
export function artifactIcon(name: ArtifactIcon): Html {
  return trusted(
    `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${SHAPES[name]}</svg>`,
  );
}
