import { DevregError } from "../errors.ts";
import { GRAPH_MANIFESTS } from "../limits.ts";
import type { ContentSource } from "./content.ts";
import type { Descriptor } from "./descriptor.ts";
import type { Digest } from "./digest.ts";
import { type FetchedManifest, fetchManifest, unsupportedManifest } from "./manifest.ts";
import { isManifestType } from "./media-types.ts";

/** Reads the manifests of one image, each once. */
export class ManifestReader {
  readonly source: ContentSource;
  readonly #root: Descriptor;
  readonly #known = new Map<Digest, Promise<FetchedManifest>>();

  constructor(source: ContentSource, root: Descriptor) {
    this.source = source;
    this.#root = root;
  }

  /** Reads a manifest. @throws {DevregError} UNSUPPORTED, LIMIT_EXCEEDED, and as fetch does */
  async read(descriptor: Descriptor): Promise<FetchedManifest> {
    const { digest, mediaType } = descriptor;
    const known = this.#known.get(digest);
    if (known !== undefined) return known;
    if (!isManifestType(mediaType)) throw unsupportedManifest(`manifest ${digest}`, mediaType);
    if (this.#known.size >= GRAPH_MANIFESTS) {
      throw new DevregError(
        "LIMIT_EXCEEDED",
        `Cannot read image ${this.#root.digest}: over ${GRAPH_MANIFESTS} manifests`,
      );
    }
    const reading = fetchManifest(this.source, descriptor);
    this.#known.set(digest, reading);
    return reading;
  }
}
