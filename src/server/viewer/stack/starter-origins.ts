import type { Build, FlattenedStarters, IndexEntry } from "../../../generator/index.ts";
import { chooseVersion, findEntry, versionsOf } from "./find-entry.ts";

/** A stack version of this registry that a starter project comes from. */
export interface StarterOrigin {
  readonly name: string;
  readonly version: string;
  /** Undefined where the index does not have it. */
  readonly entry: IndexEntry | undefined;
}

/** The folder of a version in a build: "stacks/go/2.0.0", or "stacks/go" of a stack without versions. */
const FOLDER = /^stacks\/([^/]+)(?:\/([^/]+))?$/;

/** Gives by name where starter projects come from that a devfile does not define itself. */
export function starterOrigins(
  build: Build,
  ownFolder: string,
  { folders }: FlattenedStarters,
): ReadonlyMap<string, StarterOrigin> {
  const origins = new Map<string, StarterOrigin>();
  for (const [starter, places] of folders) {
    // Those before the one that defines it only change it.
    const folder = places.at(-1);
    const [, name, version] = FOLDER.exec(folder ?? "") ?? [];
    if (name === undefined || folder === ownFolder) continue;
    origins.set(starter, originOf(build, name, version));
  }
  return origins;
}

function originOf(build: Build, name: string, version = ""): StarterOrigin {
  const entry = findEntry(build, name);
  const shown = entry && chooseVersion(versionsOf(entry), version);
  const isKnown = entry?.name === name && shown !== undefined;
  return { name, version: shown?.name ?? version, entry: isKnown ? entry : undefined };
}
