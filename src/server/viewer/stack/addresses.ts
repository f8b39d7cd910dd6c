import type { IndexEntry } from "../../../generator/index.ts";
import { entryPath } from "../entry-link.ts";

/** What an entry is called where it stands in an address below /devfiles/. */
export function devfilePath({ name }: Pick<IndexEntry, "name">, version: string): string {
  const parts = [...name.split("/"), ...(version === "" ? [] : [version])];
  return `devfiles/${parts.map(escapePart).join("/")}`;
}

/** Gives the address of a file of a version, or inside its archive. */
export function filePath(entry: Pick<IndexEntry, "name">, version: string, file: string): string {
  return `${devfilePath(entry, version)}/${file.split("/").map(escapePart).join("/")}`;
}

/** Gives the address of the zip of a starter project. */
export function starterPath(
  entry: Pick<IndexEntry, "name">,
  version: string,
  project: string,
): string {
  return `${devfilePath(entry, version)}/starter-projects/${escapePart(project)}`;
}

/** Gives the address of the page that compares a version with another one. */
export function comparePath(
  registry: string,
  entry: IndexEntry,
  version: string,
  other: string,
): string {
  return `${entryPath(registry, entry, version)}&compare=${escapePart(other)}`;
}

/** Gives the address of the badge of an entry, or of one of its versions. */
export function badgePath({ name }: Pick<IndexEntry, "name">, version?: string): string {
  const parts = [...name.split("/"), ...(version === undefined ? [] : [version])];
  return `badges/${parts.map(escapePart).join("/")}.svg`;
}

/** Names come from strangers: half a character has no escape of its own. */
function escapePart(part: string): string {
  return encodeURIComponent(part.toWellFormed());
}
