import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import fontFile from "@fontsource-variable/figtree/files/figtree-latin-wght-normal.woff2" with {
  type: "file",
};
import { browserScript } from "../../../scripts/browser-script.ts" with { type: "macro" };
import { utf8 } from "../../bytes.ts";
import { IMMUTABLE, Representation } from "../http/index.ts";
import artifacts from "./style/artifacts.css" with { type: "text" };
import base from "./style/base.css" with { type: "text" };
import components from "./style/components.css" with { type: "text" };
import hero from "./style/hero.css" with { type: "text" };
import home from "./style/home.css" with { type: "text" };
import layout from "./style/layout.css" with { type: "text" };
import print from "./style/print.css" with { type: "text" };
import stack from "./style/stack.css" with { type: "text" };
import status from "./style/status.css" with { type: "text" };
import tokens from "./style/tokens.css" with { type: "text" };
import use from "./style/use.css" with { type: "text" };
import versions from "./style/versions.css" with { type: "text" };

/** A file of the viewer itself, at an address that changes with its content. */
export interface ViewerAsset {
  /** Name below /viewer/. */
  readonly name: string;
  readonly body: Representation;
}

/** The typeface of all pages: Figtree, SIL Open Font License 1.1, Latin letters only. */
export const FONT: ViewerAsset = asset("figtree", "woff2", "font/woff2", readFileSync(fontFile));

const FONT_FACE = `@font-face{font-family:"Figtree";font-style:normal;font-weight:300 900;font-display:swap;src:url("${FONT.name}") format("woff2")}`;

const PARTS = [tokens, base, layout, components, home, hero, stack, versions, use];
const MORE_PARTS = [artifacts, status, print];

/** The style sheet of all pages; its parts in the order in which later ones win. */
export const STYLE: ViewerAsset = asset(
  "style",
  "css",
  "text/css; charset=utf-8",
  utf8(squeeze([FONT_FACE, ...PARTS, ...MORE_PARTS].join("\n"))),
);

/** The script of all pages: what it does depends on the elements it finds. */
export const SCRIPT: ViewerAsset = asset(
  "script",
  "js",
  "text/javascript; charset=utf-8",
  utf8(browserScript()),
);

/** Everything that pages need beside themselves. */
export const VIEWER_ASSETS: readonly ViewerAsset[] = [FONT, STYLE, SCRIPT];

function asset(stem: string, extension: string, type: string, bytes: Uint8Array): ViewerAsset {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  const compressible = extension !== "woff2";
  const body = new Representation({ bytes, type, cacheControl: IMMUTABLE, compressible });
  return { name: `${stem}-${hash}.${extension}`, body };
}

/** Takes out comments and indentation; no text of ours in a style sheet holds either. */
function squeeze(css: string): string {
  return css.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\s*\n\s*/g, "\n");
}
