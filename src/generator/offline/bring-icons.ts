import { textOf } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";
import type { StartProgress } from "../../progress.ts";
import { embeddedIcon } from "../embedded-icon.ts";
import { type IconFetcher, type StoredIcons, storeIcons } from "../icons.ts";
import { compareBytewise } from "../ordering.ts";
import type { PackagedFile } from "../package-stack.ts";
import { readDevfileRoot, readOrigin } from "../rewrite/index.ts";
import type { OfflinePlace, PlaceProblems } from "./place.ts";

/** The icons of an offline build. */
export interface BroughtIcons {
  /** Gives the stored file of an icon that a place names; undefined for one that is not stored. */
  fileOf(place: OfflinePlace, icon: string): PackagedFile | undefined;
  /** Gives what these places show, and no more. */
  shownBy(places: Iterable<OfflinePlace>): Pick<StoredIcons, "files" | "icons">;
}

interface WantedIcon {
  readonly place: OfflinePlace;
  readonly icon: string;
  /** Its address, or its path in the build when it lies beside the devfile. */
  readonly key: string;
}

const ICON_PATH = "metadata.icon";

/**
 * Brings the icons of places, those of devfiles and those that the index shows. One that cannot be
 * had is a problem of each place that names it.
 */
export async function bringIcons(
  places: readonly OfflinePlace[],
  fetch: IconFetcher,
  startProgress: StartProgress,
  problems: PlaceProblems,
): Promise<BroughtIcons> {
  const wanted = places.flatMap((place) => wantIcons(place, problems));
  const keys = [...new Set(wanted.map(({ key }) => key))].filter((key) => !/^data:/i.test(key));
  const progress = startProgress("Fetching icons");
  try {
    progress.total(keys.length);
    const options = { onIcon: (key: string) => progress.done(key) };
    const stored = await storeIcons(keys, besideOr(places, fetch), options);
    reportMissing(stored, wanted, problems);
    return broughtIcons(stored, wanted);
  } finally {
    progress.end();
  }
}

function broughtIcons(stored: StoredIcons, wanted: readonly WantedIcon[]): BroughtIcons {
  const files = new Map(stored.files.map((file) => [file.name, file]));
  const fileOf = (place: OfflinePlace, icon: string) => {
    const key = keyOf(place, icon);
    const name = Object.hasOwn(stored.icons, key) ? stored.icons[key] : undefined;
    return name === undefined ? embeddedIcon(icon) : files.get(`icons/${name}`);
  };
  return {
    fileOf,
    shownBy: (places) => {
      const kept = new Set(places);
      const shown = wanted.filter(({ place }) => kept.has(place));
      const own = shown.flatMap(({ place, icon }) => fileOf(place, icon) ?? []);
      const keys = new Set(shown.map(({ key }) => key));
      return {
        files: [...new Map(own.map((file) => [file.name, file])).values()].sort((a, b) =>
          compareBytewise(a.name, b.name),
        ),
        icons: Object.fromEntries(Object.entries(stored.icons).filter(([key]) => keys.has(key))),
      };
    },
  };
}

/** Gives the icon of a devfile as its author wrote it, also when it was rewritten before. */
export function iconOf(place: OfflinePlace): string | undefined {
  if (place.devfile === undefined) return undefined;
  const { file, bytes } = place.devfile;
  const metadata = readDevfileRoot(file, textOf(bytes)).get("metadata");
  const kept = readOrigin(metadata)?.[ICON_PATH];
  return typeof kept === "string" ? kept : metadata.get("icon").text();
}

function wantIcons(place: OfflinePlace, problems: PlaceProblems): readonly WantedIcon[] {
  const file = place.devfile?.file ?? place.at.file;
  const own = problems.attempt(place, "devfile-rewrite", { file }, () => iconOf(place));
  const icons = [...place.icons, ...(own === undefined ? [] : [own])];
  return [...new Set(icons)]
    .filter((icon) => icon !== "")
    .map((icon) => ({ place, icon, key: keyOf(place, icon) }));
}

function keyOf({ folder }: OfflinePlace, icon: string): string {
  return URL.canParse(icon) ? icon : `${folder}/${icon.replace(/^(?:\.\/)+/, "")}`;
}

/** Reads what lies in the build already, and fetches the rest. */
function besideOr(places: readonly OfflinePlace[], fetch: IconFetcher): IconFetcher {
  const beside = new Map<string, Uint8Array>(
    places.flatMap(({ folder, files }) =>
      files.map(({ name, bytes }) => [`${folder}/${name}`, bytes] as const),
    ),
  );
  return async (key) => {
    const bytes = beside.get(key);
    if (bytes !== undefined) return { bytes };
    if (URL.canParse(key)) return await fetch(key);
    throw new DevregError("NOT_FOUND", `there is no file "${key}"`);
  };
}

function reportMissing(
  { missing }: Pick<StoredIcons, "missing">,
  wanted: readonly WantedIcon[],
  problems: PlaceProblems,
): void {
  const reasons = new Map(missing.map(({ url, reason }) => [url, reason]));
  for (const { place, icon, key } of wanted) {
    const reason = reasons.get(key);
    if (reason === undefined) continue;
    const message = `Cannot fetch icon "${icon}": ${reason}`;
    problems.add(place, "icon-unreachable", place.at, { message });
  }
}
