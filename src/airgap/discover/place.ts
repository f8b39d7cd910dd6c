import { DevregError } from "../../errors.ts";
import {
  ARCHIVE_NAME,
  type Build,
  type Finding,
  readStackArchive,
  type TarFile,
} from "../../generator/index.ts";
import { notRead } from "./file-images.ts";

/** A folder of a build that has a devfile: a stack version or a sample. */
export interface Place {
  /** "stacks/go/2.0.0" */
  readonly folder: string;
  /** Names of its devfiles, of which there is one but for odd cases. */
  readonly devfiles: readonly string[];
  /** Paths of its files from the folder, sorted; without those of places inside of it. */
  readonly names: readonly string[];
}

/** The files of a place that are packed. */
export interface PlaceArchive {
  readonly files: readonly TarFile[];
  /** Set when it cannot be read. */
  readonly finding?: Finding;
}

const DEVFILE = /^((?:stacks|samples)\/.+)\/(\.?devfile\.yaml)$/;

/** Finds the places of a build, in the order of their paths. */
export async function findPlaces(build: Build): Promise<readonly Place[]> {
  const paths = await build.files.paths();
  const folders = new Map<string, { devfiles: string[]; names: string[] }>();
  for (const path of paths) {
    const [, folder, name] = DEVFILE.exec(path) ?? [];
    if (folder === undefined || name === undefined) continue;
    const place = folders.get(folder) ?? { devfiles: [], names: [] };
    place.devfiles.push(name);
    folders.set(folder, place);
  }
  for (const path of paths) {
    const folder = nearest(path, folders);
    if (folder !== undefined) folders.get(folder)?.names.push(path.slice(folder.length + 1));
  }
  return [...folders].map(([folder, place]) => ({ folder, ...place }));
}

/** Reads the archive of a place; one without gives no files. */
export async function readPlaceArchive(
  build: Build,
  { folder, names }: Place,
): Promise<PlaceArchive> {
  if (!names.includes(ARCHIVE_NAME)) return { files: [] };
  const path = `${folder}/${ARCHIVE_NAME}`;
  const bytes = await build.files.read(path);
  try {
    return { files: await readStackArchive([{ name: ARCHIVE_NAME, bytes }]) };
  } catch (error) {
    if (!(error instanceof DevregError) || error.code !== "INPUT_INVALID") throw error;
    return { files: [], finding: notRead(path, "it is no gzip'd tar") };
  }
}

function nearest(path: string, folders: ReadonlyMap<string, unknown>): string | undefined {
  for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
    const folder = path.slice(0, end);
    if (folders.has(folder)) return folder;
  }
  return undefined;
}
