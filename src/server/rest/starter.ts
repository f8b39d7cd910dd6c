import { DevregError } from "../../errors.ts";
import { type Build, readStarterProject, type StarterProject } from "../../generator/index.ts";
import type { Representation } from "../http/index.ts";
import type { DevfilePlace } from "./devfile-lookup.ts";
import { flattenedStarters, type StarterPlaces } from "./visible-starters.ts";

/** A starter project asked for. */
export interface StarterRequest {
  readonly place: DevfilePlace;
  readonly project: StarterProject;
}

/** A zip archive in memory or on a disk. */
export type StarterZip = Uint8Array | Blob;

/** Gives the zip of starter projects that the build does not hold. */
export interface StarterSource {
  /**
   * Gives the zip; undefined when this source does not have it. The signal says that nobody waits
   * for it any more.
   *
   * @throws {DevregError}
   */
  open(request: StarterRequest, signal: AbortSignal): Promise<StarterZip | undefined>;
}

/** Says that as many wait for starter projects as may. */
export class StartersBusy extends DevregError {
  constructor() {
    super("LIMIT_EXCEEDED", "Cannot fetch the starter project: too many wait already");
  }
}

/** What came of looking for a starter project. */
export type FoundStarter =
  | { readonly kind: "unknown" }
  | { readonly kind: "zip"; readonly content: StarterZip }
  | { readonly kind: "not-carried" };

const ADDRESS = /^[a-z][a-z0-9+.-]*:/i;

/** Which starter project is looked for. */
export interface WantedStarter {
  readonly place: DevfilePlace;
  readonly devfile: Representation;
  readonly name: string;
}

/**
 * Looks for a starter project of a devfile, or of what it imports from this registry: its offline
 * zip in the build, then a zip beside the devfile that has it, then `source`.
 */
export async function findStarter(
  places: StarterPlaces,
  wanted: WantedStarter,
  source: StarterSource | undefined,
  signal: AbortSignal,
): Promise<FoundStarter> {
  const placed = await findPlaced(places, wanted);
  if (placed === undefined) return { kind: "unknown" };
  const { project, folders } = placed;
  const zip = await storedZip(places.build, folders, project);
  if (zip !== undefined) return { kind: "zip", content: zip };
  const content = await source?.open({ place: wanted.place, project }, signal);
  return content === undefined ? { kind: "not-carried" } : { kind: "zip", content };
}

interface PlacedStarter {
  readonly project: StarterProject;
  /** Where its zip may lie. */
  readonly folders: readonly string[];
}

async function findPlaced(
  places: StarterPlaces,
  { place, devfile, name }: WantedStarter,
): Promise<PlacedStarter | undefined> {
  const own = readStarterProject(devfile.parts.bytes, name);
  if (own !== undefined) return { project: own, folders: [place.folder] };
  const flattened = await flattenedStarters(places, place, devfile);
  const project = flattened && readStarterProject(flattened.devfile, name);
  return project && { project, folders: flattened.folders.get(name) ?? [] };
}

async function storedZip(
  { files }: Build,
  folders: readonly string[],
  project: StarterProject,
): Promise<StarterZip | undefined> {
  for (const path of folders.flatMap((folder) => storedAt(folder, project))) {
    if ((await files.stat(path)) !== undefined) {
      return files.blob?.(path) ?? (await files.read(path));
    }
  }
  return undefined;
}

function storedAt(folder: string, { name, zip }: StarterProject): readonly string[] {
  const offline = `${folder}/${name}-offline.zip`;
  if (zip === undefined || ADDRESS.test(zip)) return [offline];
  return [offline, `${folder}/${zip.replace(/^(?:\.\/)+/, "")}`];
}
