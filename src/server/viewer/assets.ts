import { createHash } from "node:crypto";
import { utf8 } from "../../bytes.ts";
import { IMMUTABLE, Representation } from "../http/index.ts";
import { PLACEHOLDER_ICON } from "../placeholder-icon.ts";
import style from "./style.css" with { type: "text" };

/** A file of the viewer itself, at an address that changes with its content. */
export interface ViewerAsset {
  /** Name below /viewer/. */
  readonly name: string;
  readonly body: Representation;
}

/** The style sheet of all pages. */
export const STYLE: ViewerAsset = asset("style", "css", "text/css; charset=utf-8", utf8(style));
/** Stands for icons that the build does not hold. */
export const PLACEHOLDER: ViewerAsset = asset("icon", "svg", "image/svg+xml", PLACEHOLDER_ICON);

function asset(stem: string, extension: string, type: string, bytes: Uint8Array): ViewerAsset {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  const body = new Representation({ bytes, type, cacheControl: IMMUTABLE });
  return { name: `${stem}-${hash}.${extension}`, body };
}
