import { invariant } from "../../assert.ts";
import { DevregError } from "../../errors.ts";
import { STACK_VERSION_BYTES } from "../../limits.ts";
import type { StartProgress } from "../../progress.ts";
import type { ProjectInfo } from "../build.ts";
import type { FetchDevfile } from "../fetch-devfile.ts";
import type { IconFetcher } from "../icons.ts";
import type { OpenProject } from "../open-project.ts";
import { OwnDevfiles } from "../own-devfiles.ts";
import type { PackagedFile } from "../package-stack.ts";
import { type BroughtDocuments, bringDocuments } from "./bring-documents.ts";
import { type BroughtIcons, bringIcons } from "./bring-icons.ts";
import { type BroughtParents, bringParents, type ParentMode } from "./bring-parents.ts";
import { bringProjects, type ProjectOutcome } from "./bring-projects.ts";
import { DevfileReader } from "./devfile-reader.ts";
import { type OfflinePlace, PlaceProblems } from "./place.ts";
import { recordProject } from "./record.ts";
import { type RenderedPlace, renderPlace } from "./render-place.ts";
import { settle } from "./settle.ts";
import { type WantedArchive, wantArchives } from "./want-archives.ts";

/** What an offline build is to be. */
export interface OfflineOptions {
  /** Where the registry will answer, without a slash at the end. */
  readonly publicUrl?: string;
  /** References to a registry need a public URL; without one all parents become part of devfiles. */
  readonly parents: ParentMode;
  /** Addresses by which devfiles know this registry, beside the public one. */
  readonly alsoKnownAs: readonly string[];
}

/** How an offline build reaches the world. */
export interface OfflineDeps {
  readonly openProject: OpenProject;
  readonly fetchDevfile: FetchDevfile;
  readonly icons: IconFetcher;
  readonly progress: StartProgress;
}

/** What was brought for the places of a build. */
export interface BroughtPlaces {
  /** Lacks the places with problems, and those that need one of them. */
  readonly rendered: ReadonlyMap<OfflinePlace, RenderedPlace>;
  readonly icons: BroughtIcons;
  readonly documents: BroughtDocuments;
  readonly problems: PlaceProblems;
  /** By path in the build. */
  readonly projects: ReadonlyMap<string, ProjectInfo>;
  /** How many parents and plugins became part of devfiles. */
  readonly flattened: number;
}

/** Brings all that places point at, and writes their files. @throws {DevregError} ABORTED */
export async function bringPlaces(
  places: readonly OfflinePlace[],
  deps: OfflineDeps,
  options: OfflineOptions,
): Promise<BroughtPlaces> {
  const { publicUrl, alsoKnownAs } = options;
  const problems = new PlaceProblems();
  const names = publicUrl === undefined ? alsoKnownAs : [publicUrl, ...alsoKnownAs];
  const own = new OwnDevfiles(places, names);
  const reader = new DevfileReader(own, deps.fetchDevfile, alsoKnownAs);
  const parents = await bringParents(
    places,
    { mode: options.parents, publicUrl, own, reader },
    problems,
  );
  const needs = places.map((place) => wantArchives(place, parents.get(place)?.text, problems));
  const wanted = needs.flatMap((each) => each.wanted);
  const outcomes = await bringProjects(
    wanted.map(({ project }) => project),
    deps.openProject,
    deps.progress,
  );
  const icons = await bringIcons(places, deps.icons, deps.progress, problems);
  const devfiles = [...parents].map(([place, { text }]) => ({ place, text }));
  const documents = await bringDocuments(devfiles, deps.fetchDevfile, deps.progress, problems);
  const shelf = shelve(wanted, outcomes, problems);
  const rendered = new Map<OfflinePlace, RenderedPlace>();
  for (const [at, place] of places.entries()) {
    if (problems.places.has(place)) continue;
    const { file } = place.devfile ?? place.at;
    const resolved = parents.get(place);
    const files = [...(resolved?.files ?? []), ...(shelf.get(place)?.archives ?? [])];
    const beside = await settle(documents.beside(place, overlay(place.files, files)));
    problems.attempt(place, "devfile-rewrite", { file }, () => {
      if (beside instanceof DevregError) throw beside;
      const brought = {
        place,
        text: resolved?.text,
        parents: resolved?.parents ?? [],
        added: [...files, ...beside],
        starters: new Set([...(shelf.get(place)?.starters ?? []), ...(needs[at]?.held ?? [])]),
        documents: documents.filesOf(place),
      };
      rendered.set(place, checkSize(place, renderPlace(brought, icons, publicUrl)));
    });
  }
  leaveOutDependents(rendered, parents, problems);
  return {
    rendered,
    icons,
    documents,
    problems,
    projects: recordsOf(wanted, outcomes, rendered),
    flattened: sum([...rendered.keys()].map((place) => parents.get(place)?.flattened ?? 0)),
  };
}

/** Of files of one name the later one counts. */
function overlay(...lists: readonly (readonly PackagedFile[])[]): readonly PackagedFile[] {
  return [...new Map(lists.flat().map((file) => [file.name, file])).values()];
}

interface Shelf {
  readonly archives: PackagedFile[];
  readonly starters: string[];
}

/** Sorts what was fetched by place; what was not is a problem of the place that wanted it. */
function shelve(
  wanted: readonly WantedArchive[],
  outcomes: readonly ProjectOutcome[],
  problems: PlaceProblems,
): ReadonlyMap<OfflinePlace, Shelf> {
  const shelves = new Map<OfflinePlace, Shelf>();
  for (const [at, { place, name, starter, at: position }] of wanted.entries()) {
    const outcome = outcomes[at];
    invariant(outcome !== undefined, "every project has an outcome");
    if (outcome instanceof DevregError) {
      const rule = starter === undefined ? "sample-unreachable" : "starter-unreachable";
      problems.add(place, rule, position, outcome);
      continue;
    }
    const shelf = shelves.get(place) ?? { archives: [], starters: [] };
    shelves.set(place, shelf);
    shelf.archives.push({ name, bytes: outcome.zip });
    if (starter !== undefined) shelf.starters.push(starter);
  }
  return shelves;
}

function checkSize(place: OfflinePlace, rendered: RenderedPlace): RenderedPlace {
  const bytes = sum(rendered.files.map((file) => file.bytes.byteLength));
  if (bytes <= STACK_VERSION_BYTES) return rendered;
  throw new DevregError(
    "LIMIT_EXCEEDED",
    `Cannot build "${place.folder}": its files are over ${STACK_VERSION_BYTES} bytes together`,
    { hint: "Make its starter projects smaller, or give them a subDir" },
  );
}

/** What needs something that is left out is left out too, until nothing is. */
function leaveOutDependents(
  rendered: Map<OfflinePlace, RenderedPlace>,
  parents: ReadonlyMap<OfflinePlace, BroughtParents>,
  problems: PlaceProblems,
): void {
  let before: number;
  do {
    before = rendered.size;
    for (const place of [...rendered.keys()]) {
      const missing = parents.get(place)?.needs.find((needed) => !rendered.has(needed));
      if (missing === undefined) continue;
      rendered.delete(place);
      const message = `Cannot keep "${place.folder}": its parent "${missing.folder}" is left out`;
      problems.add(
        place,
        "parent-left-out",
        { file: place.devfile?.file ?? place.folder },
        { message },
      );
    }
  } while (rendered.size < before);
}

function recordsOf(
  wanted: readonly WantedArchive[],
  outcomes: readonly ProjectOutcome[],
  rendered: ReadonlyMap<OfflinePlace, RenderedPlace>,
): ReadonlyMap<string, ProjectInfo> {
  const records = new Map<string, ProjectInfo>();
  for (const [at, { place, name }] of wanted.entries()) {
    const outcome = outcomes[at];
    if (outcome === undefined || outcome instanceof DevregError || !rendered.has(place)) continue;
    records.set(`${place.folder}/${name}`, recordProject(outcome));
  }
  return records;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
