import { readAll } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import { STACK_VERSION_BYTES } from "../limits.ts";
import {
  ANNOTATION_TITLE,
  type Descriptor,
  fetchManifest,
  type ReadonlyRepository,
} from "../oci-client/index.ts";
import type { VersionLocation } from "./build-folder.ts";
import { layerNames } from "./pack-stack.ts";

/** The files of one stack version in a registry; its manifest is read when one is asked for. */
export class PublishedVersion {
  /** "stacks/go/2.0.0" */
  readonly folder: string;
  /** What the artifact has to carry, as the index has it. */
  readonly names: readonly string[];
  readonly #repository: ReadonlyRepository;
  readonly #root: Descriptor;
  readonly #name: string;
  #layers: Promise<ReadonlyMap<string, Descriptor>> | undefined;

  /** @param root the manifest of the stack artifact */
  constructor(repository: ReadonlyRepository, root: Descriptor, location: VersionLocation) {
    this.folder = location.folder;
    this.names = [...new Set(layerNames(location.version))];
    this.#repository = repository;
    this.#root = root;
    this.#name = `${location.repository}:${location.tag}`;
  }

  /** Gives the size of a file that {@link names} has. @throws {DevregError} as read() */
  async size(name: string): Promise<number> {
    return (await this.#layer(name)).size;
  }

  /**
   * Reads a file that {@link names} has.
   *
   * @throws {DevregError} INPUT_INVALID when the artifact does not have it; LIMIT_EXCEEDED over
   *   STACK_VERSION_BYTES; as fetching does
   */
  async read(name: string): Promise<Uint8Array> {
    const layer = await this.#layer(name);
    const what = `"${this.folder}/${name}"`;
    return readAll(await this.#repository.fetch(layer), STACK_VERSION_BYTES, what);
  }

  async #layer(name: string): Promise<Descriptor> {
    const reading = this.#layers ?? this.#readLayers();
    this.#layers = reading;
    // Whoever asks next may have more luck.
    reading.catch(() => {
      if (this.#layers === reading) this.#layers = undefined;
    });
    const layer = (await reading).get(name);
    if (layer !== undefined) return layer;
    throw this.#invalid(`it lacks "${name}", which the index names`);
  }

  async #readLayers(): Promise<ReadonlyMap<string, Descriptor>> {
    const { manifest } = await fetchManifest(this.#repository, this.#root);
    if (manifest.kind !== "image") throw this.#invalid("it has no files");
    return new Map(
      manifest.layers.flatMap((layer) => {
        const title = layer.annotations?.[ANNOTATION_TITLE];
        return title === undefined ? [] : [[title, layer] as const];
      }),
    );
  }

  #invalid(state: string): DevregError {
    return new DevregError("INPUT_INVALID", `Cannot read "${this.#name}": ${state}`, {
      hint: "Publish the build again",
    });
  }
}
