import { DevregError } from "../../errors.ts";
import { type Build, readStarterProject, type StarterProject } from "../../generator/index.ts";
import type { DevfilePlace } from "./devfile-lookup.ts";

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

/**
 * Looks for a starter project of a devfile: its offline zip in the build, then a zip beside the
 * devfile, then `source`.
 */
export async function findStarter(
  build: Build,
  place: DevfilePlace,
  name: string,
  devfile: Uint8Array,
  source: StarterSource | undefined,
  signal: AbortSignal,
): Promise<FoundStarter> {
  const project = readStarterProject(devfile, name);
  if (project === undefined) return { kind: "unknown" };
  for (const path of storedAt(place.folder, project)) {
    if ((await build.files.stat(path)) !== undefined) {
      const content = build.files.blob?.(path) ?? (await build.files.read(path));
      return { kind: "zip", content };
    }
  }
  const content = await source?.open({ place, project }, signal);
  return content === undefined ? { kind: "not-carried" } : { kind: "zip", content };
}

function storedAt(folder: string, { name, zip }: StarterProject): readonly string[] {
  const offline = `${folder}/${name}-offline.zip`;
  if (zip === undefined || ADDRESS.test(zip)) return [offline];
  return [offline, `${folder}/${zip.replace(/^(?:\.\/)+/, "")}`];
}
