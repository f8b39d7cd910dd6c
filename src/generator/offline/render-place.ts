import { utf8 } from "../../bytes.ts";
import { iconAddress } from "../icon-address.ts";
import { compareBytewise } from "../ordering.ts";
import type { PackagedFile } from "../package-stack.ts";
import {
  type OfflineChange,
  type OfflineDevfile,
  type OfflineRest,
  offlineDevfile,
  type RegistryParent,
} from "../rewrite/index.ts";
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
  /** By address. */
  readonly documents: ReadonlyMap<string, PackagedFile>;
}

/** The files of a place in an offline build. */
export interface RenderedPlace {
  /** Sorted bytewise. */
  readonly files: readonly PackagedFile[];
  readonly changes: readonly OfflineChange[];
  /** What still points outside. */
  readonly left: readonly OfflineRest[];
}

/**
 * Writes the files of a place as an offline build has them.
 *
 * @throws {DevregError} INPUT_INVALID when the devfile cannot be rewritten
 */
export function renderPlace(
  { place, text, parents, added, starters, documents }: BroughtPlace,
  icons: BroughtIcons,
  publicUrl: string | undefined,
): RenderedPlace {
  const files = new Map(place.files.map((file) => [file.name, file]));
  for (const file of added) files.set(file.name, file);
  let rewritten: Pick<OfflineDevfile, "changes" | "left"> = { changes: [], left: [] };
  if (place.devfile !== undefined && text !== undefined) {
    const icon = iconOf(place);
    // Without a public URL an icon that the devfile holds itself is where it would be put.
    const stays = icon === undefined || (publicUrl === undefined && /^data:/i.test(icon));
    const stored = stays ? undefined : icons.fileOf(place, icon);
    const plan = {
      folder: place.folder,
      starters,
      parents,
      documents: new Map([...documents].map(([address, { name }]) => [address, name])),
      ...(publicUrl === undefined ? {} : { publicUrl }),
      ...(stored === undefined ? {} : { icon: iconAddress(publicUrl, stored) }),
    };
    const devfile = offlineDevfile(text, plan, place.devfile.file);
    rewritten = devfile;
    files.set(place.devfile.name, { name: place.devfile.name, bytes: utf8(devfile.text) });
  }
  const sorted = [...files.values()].sort((a, b) => compareBytewise(a.name, b.name));
  return { files: sorted, changes: rewritten.changes, left: rewritten.left };
}
