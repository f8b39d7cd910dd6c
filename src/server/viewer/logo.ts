import type { IndexEntry, RegistryIndex } from "../../generator/index.ts";
import { findIconFile } from "../inline-icons.ts";
import type { PreparedGeneration } from "../served.ts";
import { type Html, html } from "./html.ts";
import { IconShelf } from "./icon-shelf.ts";

const shelves = new WeakMap<RegistryIndex, IconShelf>();

/** How large a logo is drawn. */
export type LogoSize = "small" | "large";

/** Gives the icons that an index holds as data addresses. */
export function shelfOf(index: RegistryIndex): IconShelf {
  const shelf = shelves.get(index) ?? new IconShelf(index);
  shelves.set(index, shelf);
  return shelf;
}

/**
 * Finds where this server has the icon of an entry, relative to the site; undefined where it has
 * none, since pages take nothing from other hosts.
 *
 * @param others the index that has the entry where it is another registry's
 */
export async function iconAddress(
  { build }: PreparedGeneration,
  entry: IndexEntry,
  others?: RegistryIndex,
): Promise<string | undefined> {
  const { icon = "" } = entry;
  if (icon === "") return undefined;
  const name = shelfOf(others ?? build.index).nameOf(icon);
  if (name !== undefined) return `viewer/icons/${name}`;
  const file = others === undefined ? await findIconFile(build, entry, icon) : undefined;
  return file?.split("/").map(encodeURIComponent).join("/");
}

/** Draws a picture on a neutral tile, or the first letters of a name where there is none. */
export function logo(title: string, address: string | undefined, size: LogoSize = "small"): Html {
  const large = size === "large" ? " large" : "";
  if (address === undefined) {
    return html`<span class="logo letters${large}" aria-hidden="true">${initials(title)}</span>`;
  }
  return html`<span class="logo${large}"><img src="${address}" alt="" width="48" height="48" loading="lazy" decoding="async"></span>`;
}

function initials(title: string): string {
  const [first = "", second] = title.match(/\p{L}[\p{L}\p{N}]*/gu) ?? [];
  const letters = second === undefined ? [...first].slice(0, 2) : [[...first][0], [...second][0]];
  return letters.join("").toUpperCase();
}
