import { utf8 } from "../../bytes.ts";
import { iconAddress } from "../icon-address.ts";
import { compareBytewise } from "../ordering.ts";
import type { PackagedFile } from "../package-stack.ts";
import { type OfflineChange, offlineDevfile, type RegistryParent } from "../rewrite/index.ts";
import { type BroughtIcons, iconOf } from "./bring-icons.ts";
import type { OfflinePlace } from "./place.ts";

/** What was brought for a place. */
export interface BroughtPlace {
  readonly place: OfflinePlace;
  /** Text of the devfile, its parents resolved; undefined without one. */
  readonly text: string | undefined;
  readonly parents: readonly RegistryParent[];
  /** What was fetched; a file takes the place of one of its name. */
  readonly added: readonly PackagedFile[];
  /** Starter projects whose archive is beside the devfile. */
  readonly starters: ReadonlySet<string>;
}

/** The files of a place in an offline build. */
export interface RenderedPlace {
  /** Sorted bytewise. */
  readonly files: readonly PackagedFile[];
  readonly changes: readonly OfflineChange[];
}

/**
 * Writes the files of a place as an offline build has them.
 *
 * @throws {DevregError} INPUT_INVALID when the devfile cannot be rewritten
 */
export function renderPlace(
  { place, text, parents, added, starters }: BroughtPlace,
  icons: BroughtIcons,
  publicUrl: string | undefined,
): RenderedPlace {
  const files = new Map(place.files.map((file) => [file.name, file]));
  for (const file of added) files.set(file.name, file);
  let changes: readonly OfflineChange[] = [];
  if (place.devfile !== undefined && text !== undefined) {
    const icon = iconOf(place);
    // Without a public URL an icon that the devfile holds itself is where it would be put.
    const stays = icon === undefined || (publicUrl === undefined && /^data:/i.test(icon));
    const stored = stays ? undefined : icons.fileOf(place, icon);
    const plan = {
      folder: place.folder,
      starters,
      parents,
      ...(publicUrl === undefined ? {} : { publicUrl }),
      ...(stored === undefined ? {} : { icon: iconAddress(publicUrl, stored) }),
    };
    const rewritten = offlineDevfile(text, plan, place.devfile.file);
    changes = rewritten.changes;
    files.set(place.devfile.name, { name: place.devfile.name, bytes: utf8(rewritten.text) });
  }
  const sorted = [...files.values()].sort((a, b) => compareBytewise(a.name, b.name));
  return { files: sorted, changes };
}
