import { DevregError } from "../errors.ts";
import type { Build, BuildFile, BuildFiles } from "./build.ts";
import type { BuildPlace } from "./build-places.ts";
import { embeddedIcon } from "./embedded-icon.ts";
import { documentFile, findDocumentPlaces, readDevfileRoot, readOrigin } from "./rewrite/index.ts";

const SERVED_ICON = /\/(icons\/[0-9a-f]{64}\.[a-z]+)$/;

/**
 * Gives the files of a build without the folders of some places, and without the icons and documents
 * that only these use.
 *
 * @throws {DevregError} INPUT_INVALID when a devfile cannot be read
 */
export function keepFiles(
  build: Build,
  kept: readonly BuildPlace[],
  dropped: readonly BuildPlace[],
): BuildFiles {
  const used = usedBy(build, kept);
  const gone = new Set([...usedBy(build, dropped)].filter((path) => !used.has(path)));
  const folders = new Set(kept.map(({ folder }) => folder));
  const above = new Set(kept.map((place) => place.above));
  const removed = new Set(
    dropped.flatMap((place) => [place.folder, ...(above.has(place.above) ? [] : [place.above])]),
  );
  return new FewerFiles(build.files, (path) => {
    if (gone.has(path)) return false;
    // The innermost folder that something is known of decides; one may be shared.
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      const folder = path.slice(0, end);
      if (folders.has(folder)) return true;
      if (removed.has(folder)) return false;
    }
    return true;
  });
}

/** Gives the files below icons/ and documents/ that places use. */
function usedBy(build: Build, places: readonly BuildPlace[]): ReadonlySet<string> {
  return new Set(
    places.flatMap((place) => [...iconsOf(build, place), ...documentsOf(build, place)]),
  );
}

function iconsOf({ info }: Build, place: BuildPlace): readonly string[] {
  const { entry, indexVersion, devfile, folder } = place;
  const icons = [entry.icon, indexVersion?.icon];
  if (devfile !== undefined) {
    const metadata = readDevfileRoot(devfile.path, devfile.text).get("metadata");
    const origin = readOrigin(metadata)?.["metadata.icon"];
    icons.push(metadata.get("icon").text(), typeof origin === "string" ? origin : undefined);
  }
  const stored = info?.icons ?? {};
  return icons.flatMap((icon) => {
    if (icon === undefined) return [];
    const keys = [icon, `${folder}/${icon.replace(/^(?:\.\/)+/, "")}`];
    const names = keys.flatMap((key) => (Object.hasOwn(stored, key) ? (stored[key] ?? []) : []));
    const served = SERVED_ICON.exec(icon)?.[1];
    return [
      ...names.map((name) => `icons/${name.replace(/^icons\//, "")}`),
      ...(served === undefined ? [] : [served]),
      ...[embeddedIcon(icon)?.name].flatMap((name) => name ?? []),
    ];
  });
}

function documentsOf({ info }: Build, { devfile }: BuildPlace): readonly string[] {
  const files = info?.offline?.documentFiles ?? {};
  if (devfile === undefined || info?.offline === undefined) return [];
  const root = readDevfileRoot(devfile.path, devfile.text);
  return findDocumentPlaces(root).flatMap(({ text, address }) => {
    const stored = Object.hasOwn(files, address) ? files[address] : undefined;
    const served = documentFile(text, info.offline?.publicUrl);
    return [
      ...(stored === undefined ? [] : [`documents/${stored}`]),
      ...(served === undefined ? [] : [served]),
    ];
  });
}

/** The files of a build that some rule leaves there. */
class FewerFiles implements BuildFiles {
  readonly #files: BuildFiles;
  readonly #isThere: (path: string) => boolean;

  constructor(files: BuildFiles, isThere: (path: string) => boolean) {
    this.#files = files;
    this.#isThere = isThere;
  }

  async paths(): Promise<readonly string[]> {
    return (await this.#files.paths()).filter(this.#isThere);
  }

  async list(folder: string): Promise<readonly string[]> {
    const names = await this.#files.list(folder);
    return names.filter((name) => this.#isThere(`${folder}/${name}`));
  }

  async stat(path: string): Promise<BuildFile | undefined> {
    return this.#isThere(path) ? this.#files.stat(path) : undefined;
  }

  async read(path: string): Promise<Uint8Array> {
    if (this.#isThere(path)) return this.#files.read(path);
    throw new DevregError("NOT_FOUND", `Cannot read "${path}": it was left out of the build`);
  }
}
