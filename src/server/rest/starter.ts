import { type Build, readStarterProject, type StarterProject } from "../../generator/index.ts";
import type { DevfilePlace } from "./devfile-lookup.ts";

/** A starter project asked for. */
export interface StarterRequest {
  readonly place: DevfilePlace;
  readonly project: StarterProject;
}

/** Gives the zip of starter projects that the build does not hold. */
export interface StarterSource {
  /** Gives the zip; undefined when this source does not have it. @throws {DevregError} */
  open(request: StarterRequest): Promise<Uint8Array | undefined>;
}

/** What came of looking for a starter project. */
export type FoundStarter =
  | { readonly kind: "unknown" }
  | { readonly kind: "zip"; readonly bytes: Uint8Array }
  | { readonly kind: "not-carried"; readonly project: StarterProject };

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
): Promise<FoundStarter> {
  const project = readStarterProject(devfile, name);
  if (project === undefined) return { kind: "unknown" };
  for (const path of storedAt(place.folder, project)) {
    if ((await build.files.stat(path)) !== undefined) {
      return { kind: "zip", bytes: await build.files.read(path) };
    }
  }
  const bytes = await source?.open({ place, project });
  return bytes === undefined ? { kind: "not-carried", project } : { kind: "zip", bytes };
}

function storedAt(folder: string, { name, zip }: StarterProject): readonly string[] {
  const offline = `${folder}/${name}-offline.zip`;
  if (zip === undefined || ADDRESS.test(zip)) return [offline];
  return [offline, `${folder}/${zip.replace(/^(?:\.\/)+/, "")}`];
}
