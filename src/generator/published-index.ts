import { readAll } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import { INDEX_BYTES, INDEX_FILES_BYTES } from "../limits.ts";
import {
  ANNOTATION_TITLE,
  type Descriptor,
  fetchManifest,
  type ImageManifest,
  type ReadonlyRepository,
} from "../oci-client/index.ts";
import { type IndexConfig, parseIndexConfig } from "./index-config.ts";
import { parseIndexInTurns } from "./index-json.ts";
import type { RegistryIndex } from "./index-schema.ts";
import { FILES_LAYER, INDEX_ARTIFACT, INDEX_FOLDERS, INDEX_LAYER } from "./pack-index.ts";
import { readTar } from "./read-tar.ts";

/** The content of an index artifact. */
export interface PublishedIndex {
  /** Of the artifact itself. */
  readonly descriptor: Descriptor;
  readonly index: RegistryIndex;
  /** The exact bytes of index.json. */
  readonly indexBytes: Uint8Array;
  readonly config: IndexConfig;
  /** The files of a build that it carries, by path. */
  readonly files: readonly (readonly [path: string, bytes: Uint8Array])[];
}

/**
 * Reads an index artifact whole.
 *
 * @param name what messages call the repository
 * @param tag or digest
 * @throws {DevregError} NOT_FOUND; INPUT_INVALID for anything else than a whole index artifact;
 *   UNSUPPORTED for a newer major format; LIMIT_EXCEEDED; as fetching does
 */
export async function readIndexArtifact(
  repository: ReadonlyRepository,
  name: string,
  tag: string,
): Promise<PublishedIndex> {
  const what = `${name}${tag.includes(":") ? "@" : ":"}${tag}`;
  const root = await repository.resolve(tag);
  if (root === undefined) {
    const message = `Cannot read the published build: there is no "${what}"`;
    const hint = "Publish a build first, or check the address of the registry";
    throw new DevregError("NOT_FOUND", message, { hint });
  }
  const { manifest } = await fetchManifest(repository, root);
  if (manifest.kind !== "image" || manifest.config.mediaType !== INDEX_ARTIFACT) {
    throw invalid(what, "it is no index of a registry that devreg published");
  }
  const artifact = new ArtifactReader(repository, manifest, what);
  const config = parseIndexConfig(await artifact.config(), `${what} config`);
  const indexBytes = await artifact.indexJson();
  const index = await parseIndexInTurns(indexBytes, `${what} index.json`);
  return { descriptor: root, index, indexBytes, config, files: await artifact.files() };
}

/** Reads the parts of one index artifact; what a newer minor format added is not looked at. */
class ArtifactReader {
  readonly #repository: ReadonlyRepository;
  readonly #manifest: ImageManifest;
  readonly #what: string;

  constructor(repository: ReadonlyRepository, manifest: ImageManifest, what: string) {
    this.#repository = repository;
    this.#manifest = manifest;
    this.#what = what;
  }

  config(): Promise<Uint8Array> {
    return this.#read(this.#manifest.config, INDEX_BYTES, "config");
  }

  async indexJson(): Promise<Uint8Array> {
    const layer = this.#layer("index.json", INDEX_LAYER);
    if (layer === undefined) throw invalid(this.#what, 'it lacks "index.json"');
    return await this.#read(layer, INDEX_BYTES, "index.json");
  }

  /** Gives the files of each folder. An artifact has no layer for a folder that has none. */
  async files(): Promise<(readonly [string, Uint8Array])[]> {
    const files: (readonly [string, Uint8Array])[] = [];
    for (const folder of INDEX_FOLDERS) {
      const title = `${folder}.tar`;
      const layer = this.#layer(title, FILES_LAYER);
      if (layer === undefined) continue;
      const what = `${this.#what} ${title}`;
      const tar = await readTar(await this.#read(layer, INDEX_FILES_BYTES, title), what);
      for (const { type, name, bytes } of tar) {
        if (type === "directory") continue;
        if (type !== "file" || !isBelow(folder, name)) {
          throw invalid(what, `"${name}" (${type}) is no file of the folder "${folder}"`);
        }
        files.push([name, bytes]);
      }
    }
    return files;
  }

  #layer(title: string, mediaType: string): Descriptor | undefined {
    const layer = this.#manifest.layers.find(
      ({ annotations }) => annotations?.[ANNOTATION_TITLE] === title,
    );
    if (layer === undefined || layer.mediaType === mediaType) return layer;
    throw invalid(this.#what, `"${title}" is of type "${layer.mediaType}"`);
  }

  async #read(target: Descriptor, limitBytes: number, part: string): Promise<Uint8Array> {
    return readAll(await this.#repository.fetch(target), limitBytes, `"${this.#what} ${part}"`);
  }
}

/** Tells whether a path leads to a file below a folder, and nowhere else. */
function isBelow(folder: string, path: string): boolean {
  const [first, ...rest] = path.split("/");
  const isPlain = (part: string) =>
    part !== "" && part !== "." && part !== ".." && !/[\0\\]/.test(part);
  return first === folder && rest.length > 0 && rest.every(isPlain);
}

function invalid(what: string, state: string): DevregError {
  return new DevregError("INPUT_INVALID", `Cannot read "${what}": ${state}`, {
    hint: "Publish the build again",
  });
}
