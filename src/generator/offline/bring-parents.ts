import { textOf } from "../../bytes.ts";
import { eachBounded } from "../../concurrent.ts";
import { DevregError } from "../../errors.ts";
import { SOURCE_CONCURRENCY } from "../../limits.ts";
import type { OwnDevfiles } from "../own-devfiles.ts";
import type { PackagedFile } from "../package-stack.ts";
import { findParents, type ParentReference, resolveParents } from "../parents/index.ts";
import { findStarterSources, offlineDevfile, type RegistryParent } from "../rewrite/index.ts";
import { bringImported } from "./bring-imported.ts";
import type { DevfileReader } from "./devfile-reader.ts";
import { findCircles } from "./parent-circles.ts";
import type { FindingPlace, OfflinePlace, PlacedDevfile, PlaceProblems } from "./place.ts";

/** What becomes of parents: an id at the registry where it has them, or part of the devfile. */
export type ParentMode = "registry" | "flatten";

/** A devfile whose parents need no other registry. */
export interface BroughtParents {
  /** The devfile, flattened where its parents do not stay. */
  readonly text: string;
  /** The parents and plugins that stay, as the registry will have them. */
  readonly parents: readonly RegistryParent[];
  /** The places without which the parents lead nowhere. */
  readonly needs: readonly OfflinePlace[];
  /** How many parents and plugins became part of the devfile. */
  readonly flattened: number;
  /** Files that a flattened devfile names and that lay beside its parents. */
  readonly files: readonly PackagedFile[];
}

/** How parents are brought. */
export interface ParentOptions {
  readonly mode: ParentMode;
  readonly publicUrl: string | undefined;
  readonly own: OwnDevfiles<OfflinePlace>;
  readonly reader: DevfileReader;
}

/** Brings the parents of each place that has a devfile; what fails is a problem of the place. */
export async function bringParents(
  places: readonly OfflinePlace[],
  options: ParentOptions,
  problems: PlaceProblems,
): Promise<ReadonlyMap<OfflinePlace, BroughtParents>> {
  const brought = new Map<OfflinePlace, BroughtParents>();
  await eachBounded(places, SOURCE_CONCURRENCY, async (place) => {
    const { devfile } = place;
    if (devfile === undefined) return;
    const text = textOf(devfile.bytes);
    const found = problems.attempt(place, "devfile-rewrite", { file: devfile.file }, () =>
      findParents(text, devfile.file),
    );
    if (found === undefined) return;
    try {
      brought.set(place, await bring(place, devfile, text, found, options));
    } catch (error) {
      if (!(error instanceof DevregError) || error.code === "ABORTED") throw error;
      problems.add(place, "parent-unreachable", positionOf(devfile, found), error);
    }
  });
  for (const [place, error] of findCircles(brought)) {
    const { devfile } = place;
    if (devfile === undefined) continue;
    const found = findParents(textOf(devfile.bytes), devfile.file);
    problems.add(place, "parent-unreachable", positionOf(devfile, found), error);
  }
  return brought;
}

function positionOf({ file }: PlacedDevfile, [first]: readonly ParentReference[]): FindingPlace {
  const { path, line, column } = first ?? {};
  return {
    file,
    ...(path === undefined ? {} : { path }),
    ...(line === undefined || column === undefined ? {} : { line, column }),
  };
}

async function bring(
  place: OfflinePlace,
  devfile: PlacedDevfile,
  text: string,
  references: readonly ParentReference[],
  options: ParentOptions,
): Promise<BroughtParents> {
  if (references.length === 0) return { text, parents: [], needs: [], flattened: 0, files: [] };
  const kept = keepAtRegistry(place, text, references, options);
  if (kept !== undefined) return { text, ...kept, flattened: 0, files: [] };
  const { reader } = options;
  const flat = await resolveParents(
    { text },
    { fetchDevfile: (reference) => reader.read(reference) },
    devfile.file,
  );
  return {
    text: flat.text,
    parents: [],
    needs: [],
    flattened: flat.imports.length,
    files: await bringImported(place, flat.files, reader),
  };
}

/** Lets all parents stay references, if the registry has them and the devfile can name them there. */
function keepAtRegistry(
  place: OfflinePlace,
  text: string,
  references: readonly ParentReference[],
  { mode, publicUrl, own }: ParentOptions,
): Pick<BroughtParents, "parents" | "needs"> | undefined {
  if (mode === "flatten" || publicUrl === undefined) return undefined;
  // Where only a part of a starter project is overridden, its source is not known before merging.
  const overrides = findStarterSources(text).some(({ path }) => path.startsWith("parent."));
  if (overrides) return undefined;
  const found = references.map(({ parts, reference }) => ({ parts, own: own.find(reference) }));
  const parents: RegistryParent[] = [];
  const needs: OfflinePlace[] = [];
  for (const { parts, own: target } of found) {
    if (target === undefined) return undefined;
    const { id, version } = target;
    parents.push({ path: parts, id, ...(version === undefined ? {} : { version }) });
    needs.push(target.place);
  }
  const plan = { folder: place.folder, publicUrl, starters: new Set<string>(), parents };
  const { left } = offlineDevfile(text, plan);
  return left.some(({ kind }) => kind === "parent") ? undefined : { parents, needs };
}
