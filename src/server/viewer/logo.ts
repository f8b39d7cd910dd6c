import type { IndexEntry, RegistryIndex } from "../../generator/index.ts";
import { findIconFile } from "../inline-icons.ts";
import { placeholderAddress, placeholderShapes } from "../placeholder-icon.ts";
import type { PreparedGeneration } from "../served.ts";
import { type Html, html, trusted } from "./html.ts";
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
 * none, since pages take nothing from other hosts, or has one only for want of a better.
 *
 * @param others the index that has the entry where it is another registry's
 */
export async function iconAddress(
  { build }: PreparedGeneration,
  entry: IndexEntry,
  others?: RegistryIndex,
): Promise<string | undefined> {
  const { icon = "" } = entry;
  if (icon === "" || icon === placeholderAddress(entry.name)) return undefined;
  const name = shelfOf(others ?? build.index).nameOf(icon);
  if (name !== undefined) return `viewer/icons/${name}`;
  const file = others === undefined ? await findIconFile(build, entry, icon) : undefined;
  return file?.split("/").map(encodeURIComponent).join("/");
}

/** Draws the picture of an entry on a neutral tile, or where it has none a mark made of its name. */
export function logo(name: string, address: string | undefined, size: LogoSize = "small"): Html {
  const large = size === "large" ? " large" : "";
  if (address !== undefined) {
    return html`<span class="logo${large}"><img src="${address}" alt="" width="48" height="48" loading="lazy" decoding="async"></span>`;
  }
  return html`<span class="logo${large}"><svg viewBox="0 0 48 48" aria-hidden="true" focusable="false">${trusted(placeholderShapes(name))}</svg></span>`;
}
