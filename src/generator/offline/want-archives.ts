import { DevregError } from "../../errors.ts";
import type { ProjectSource } from "../fetch/index.ts";
import { findStarterSources, type StarterSource, starterZipName } from "../rewrite/index.ts";
import type { WantedProject } from "./bring-projects.ts";
import type { FindingPlace, OfflinePlace, PlaceProblems } from "./place.ts";

/** An archive that a place is to get. */
export interface WantedArchive {
  readonly place: OfflinePlace;
  /** The starter project that it is of; undefined for the project of a sample. */
  readonly starter: string | undefined;
  /** The name of the file beside the devfile. */
  readonly name: string;
  readonly at: FindingPlace;
  readonly project: WantedProject;
}

/** What a place needs beside its devfile. */
export interface ArchiveNeeds {
  readonly wanted: readonly WantedArchive[];
  /** The starter projects whose archive the author, or an earlier offline build, put there. */
  readonly held: readonly string[];
}

/** Tells what archives a place needs, by the text of its devfile. */
export function wantArchives(
  place: OfflinePlace,
  devfile: string | undefined,
  problems: PlaceProblems,
): ArchiveNeeds {
  const wanted: WantedArchive[] = [];
  const held: string[] = [];
  for (const starter of startersOf(place, devfile, problems)) {
    const at = positionOf(place, starter);
    problems.attempt(place, "starter-unreachable", at, () => {
      const name = starterZipName(starter.name);
      if (isHeld(place, name, starter)) {
        held.push(starter.name);
        return;
      }
      const project = { source: sourceOf(place, starter), folder: starter.name };
      wanted.push({ place, starter: starter.name, name, at, project });
    });
  }
  if (place.project !== undefined) wanted.push(projectArchive(place, place.project));
  return { wanted: withoutClashes(wanted, problems), held };
}

function startersOf(
  place: OfflinePlace,
  devfile: string | undefined,
  problems: PlaceProblems,
): readonly StarterSource[] {
  if (devfile === undefined || place.devfile === undefined) return [];
  const { file } = place.devfile;
  const read = () => findStarterSources(devfile, file);
  return problems.attempt(place, "devfile-rewrite", { file }, read) ?? [];
}

function positionOf(
  place: OfflinePlace,
  { line, column, path }: Pick<StarterSource, "line" | "column" | "path">,
): FindingPlace {
  return {
    file: place.devfile?.file ?? place.at.file,
    path,
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
  };
}

function projectArchive(place: OfflinePlace, source: ProjectSource): WantedArchive {
  const project = { source, folder: place.name };
  return { place, starter: undefined, name: starterZipName(place.name), at: place.at, project };
}

/** A zip of that name beside the devfile is what the Go tools left there, or their users. */
function isHeld(place: OfflinePlace, archive: string, { zip, subDir }: StarterSource): boolean {
  if (zip === undefined || subDir !== undefined) return false;
  const isBeside = zip.replace(/^(?:\.\/)+/, "") === archive;
  return isBeside && place.files.some(({ name }) => name === archive);
}

function sourceOf(place: OfflinePlace, { name, git, zip, subDir }: StarterSource): ProjectSource {
  const folder = subDir === undefined ? {} : { subDir };
  if (git !== undefined) return { kind: "git", ...git, ...folder };
  if (zip === undefined) {
    throw new DevregError("INPUT_INVALID", `Cannot fetch "${name}": it has neither git nor zip`);
  }
  if (URL.canParse(zip)) return { kind: "zip", location: zip, ...folder };
  throw new DevregError("NOT_FOUND", `Cannot fetch "${name}": "${zip}" is not in ${place.folder}`, {
    hint: `Put it there as "${starterZipName(name)}", or give its address`,
  });
}

/** Two projects of one name would be one file, and clients would take the first for the second. */
function withoutClashes(
  wanted: readonly WantedArchive[],
  problems: PlaceProblems,
): readonly WantedArchive[] {
  const byName = new Map<string, WantedArchive>();
  for (const archive of wanted) {
    const first = byName.get(archive.name);
    if (first === undefined) byName.set(archive.name, archive);
    else if (JSON.stringify(first.project) !== JSON.stringify(archive.project)) {
      const message = `Cannot store "${archive.name}": another project has this name`;
      const hint = "Rename one of them";
      problems.add(archive.place, "starter-name", archive.at, { message, hint });
    }
  }
  return [...byName.values()];
}
