import { posix } from "node:path";
import type { Build, Finding, TarFile } from "../../generator/index.ts";
import { documentFile } from "../../generator/rewrite/index.ts";
import type { DevfileDocument, DocumentKind } from "./devfile-documents.ts";
import { type DevfileImages, devfileImages } from "./devfile-images.ts";
import {
  dockerfileImages,
  type FileContext,
  type FileImages,
  manifestImages,
  notRead,
} from "./file-images.ts";
import type { MirrorRules } from "./mirror-rules.ts";
import { type Place, readPlaceArchive } from "./place.ts";

/** A manifest or Dockerfile that belongs to a devfile. */
export interface InspectedFile extends FileImages {
  /** Path in the build; one in an archive has the path it is unpacked to. */
  readonly path: string;
  /** Set for a file in the archive of its place. */
  readonly archived: TarFile | undefined;
  readonly kind: DocumentKind;
  readonly bytes: Uint8Array;
  /** What its references depend on. */
  readonly context: FileContext;
}

/** A place and all that its files say of images. */
export interface InspectedPlace {
  readonly place: Place;
  readonly devfiles: readonly (DevfileImages & { readonly path: string })[];
  readonly files: readonly InspectedFile[];
  /** Everything that the archive holds. */
  readonly archive: readonly TarFile[];
  readonly findings: readonly Finding[];
}

/** The folder of a build that keeps what was at addresses. */
export const DOCUMENTS = "documents";

/** A file that is there to be looked into. */
interface Candidate {
  readonly path: string;
  readonly archived: TarFile | undefined;
}

const DOCKERFILE =
  /(?:^|\/)(?:(?:Dockerfile|Containerfile)(?:\.[^/]*)?|[^/]+\.(?:Dockerfile|Containerfile))$/i;
/** What tells a builder which files to leave out. */
const IGNORE_FILE = /ignore$/i;

/**
 * Finds the images that the devfile of a place names, and those in its manifests and Dockerfiles.
 *
 * @param original whether to read what authors wrote, where images were renamed
 */
export async function inspectPlace(
  build: Build,
  place: Place,
  rules: MirrorRules,
  original = false,
): Promise<InspectedPlace> {
  const { files: archive, finding } = await readPlaceArchive(build, place);
  const inspection = new PlaceInspection(build, place, archive);
  const devfiles = [];
  for (const name of place.devfiles) {
    const path = `${place.folder}/${name}`;
    const images = devfileImages(path, await build.files.read(path), rules, original);
    devfiles.push({ ...images, path });
    await inspection.documents(images, path);
  }
  const [first] = devfiles;
  if (first !== undefined) await inspection.otherDockerfiles(first);
  const { files, findings } = inspection;
  return { place, devfiles, files, archive, findings: finding ? [finding, ...findings] : findings };
}

/** Looks into each file of a place once. */
class PlaceInspection {
  readonly files: InspectedFile[] = [];
  readonly findings: Finding[] = [];
  readonly #seen = new Set<string>();
  readonly #build: Build;
  /** By path from the folder. */
  readonly #candidates = new Map<string, Candidate>();

  constructor(build: Build, { folder, names }: Place, archive: readonly TarFile[]) {
    this.#build = build;
    for (const name of names) {
      this.#candidates.set(name, { path: `${folder}/${name}`, archived: undefined });
    }
    for (const archived of archive) {
      const name = posix.normalize(archived.name);
      this.#candidates.set(name, { path: `${folder}/${name}`, archived });
    }
  }

  /** Looks into the files that a devfile names. */
  async documents(devfile: DevfileImages, path: string): Promise<void> {
    for (const document of devfile.documents) {
      const file = await this.#find(document);
      if (file !== undefined) await this.#inspect(file, document, devfile);
      else this.findings.push({ ...notRead(path, stateOf(document)), ...document.at, file: path });
    }
  }

  /** Looks into Dockerfiles that no devfile names. */
  async otherDockerfiles(devfile: DevfileImages): Promise<void> {
    for (const [name, file] of this.#candidates) {
      if (!DOCKERFILE.test(name) || IGNORE_FILE.test(name)) continue;
      await this.#inspect(file, { kind: "dockerfile", passed: new Map() }, devfile);
    }
  }

  async #find({ uri }: DevfileDocument): Promise<Candidate | undefined> {
    if (uri === undefined) return undefined;
    const document = keptDocument(this.#build, uri);
    if (document === undefined) return this.#candidates.get(posix.normalize(uri));
    const isThere = (await this.#build.files.stat(document)) !== undefined;
    return isThere ? { path: document, archived: undefined } : undefined;
  }

  async #inspect(
    { path, archived }: Candidate,
    { kind, passed }: Pick<DevfileDocument, "kind" | "passed">,
    devfile: DevfileImages,
  ): Promise<void> {
    if (this.#seen.has(path)) return;
    this.#seen.add(path);
    const bytes = archived?.bytes ?? (await this.#build.files.read(path));
    const context = { ...devfile.context, passed };
    const read = kind === "manifest" ? manifestImages : dockerfileImages;
    this.files.push({ path, archived, kind, bytes, context, ...read(path, bytes, context) });
  }
}

/** Gives the path of what an offline build keeps of an address, also before it has a public URL. */
function keptDocument({ info }: Build, uri: string): string | undefined {
  const file = info?.offline?.documentFiles?.[uri];
  return file === undefined ? documentFile(uri, undefined) : `${DOCUMENTS}/${file}`;
}

function stateOf({ kind, uri }: DevfileDocument): string {
  if (uri === undefined) return "it builds from a Dockerfile in another repository";
  const what = kind === "manifest" ? "manifest" : "Dockerfile";
  return `the build does not have the ${what} "${uri}" that it names`;
}
