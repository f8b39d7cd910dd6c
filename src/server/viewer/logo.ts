import type { IndexEntry } from "../../generator/index.ts";
import { findIconFile } from "../inline-icons.ts";
import type { PreparedGeneration } from "../served.ts";
import { type Html, html } from "./html.ts";
import { IconShelf } from "./icon-shelf.ts";

const shelves = new WeakMap<PreparedGeneration, IconShelf>();

/** How large a logo is drawn. */
export type LogoSize = "small" | "large";

/** Gives the icons that the index of a generation holds as data addresses. */
export function shelfOf(generation: PreparedGeneration): IconShelf {
  const shelf = shelves.get(generation) ?? new IconShelf(generation.build.index);
  shelves.set(generation, shelf);
  return shelf;
}

/**
 * Finds where this server has the icon of an entry, relative to the site; undefined where it has
 * none, since pages take nothing from other hosts.
 */
export async function iconAddress(
  generation: PreparedGeneration,
  entry: IndexEntry,
): Promise<string | undefined> {
  const { icon = "" } = entry;
  if (icon === "") return undefined;
  const name = shelfOf(generation).nameOf(icon);
  if (name !== undefined) return `viewer/icons/${name}`;
  const file = await findIconFile(generation.build, entry, icon);
  return file?.split("/").map(encodeURIComponent).join("/");
}

/** Draws a picture on a neutral tile, or the first letters of a name where there is none. */
export function logo(title: string, address: string | undefined, size: LogoSize = "small"): Html {
  const large = size === "large" ? " large" : "";
  if (address === undefined) {
    return html`<span class="logo${large}" aria-hidden="true">${initials(title)}</span>`;
  }
  return html`<span class="logo${large}"><img src="${address}" alt="" width="48" height="48" loading="lazy" decoding="async"></span>`;
}

function initials(title: string): string {
  const [first = "", second] = title.match(/[\p{L}\p{N}]+/gu) ?? [];
  const letters = second === undefined ? [...first].slice(0, 2) : [[...first][0], [...second][0]];
  return letters.join("").toUpperCase();
}
