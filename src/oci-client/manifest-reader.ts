import { formatBytes } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import { GRAPH_MANIFESTS } from "../limits.ts";
import { IMAGE_MANIFEST_BYTES, IMAGE_MANIFEST_READS } from "../mirror-limits.ts";
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
  #reads = 0;
  #bytes = 0;

  constructor(source: ContentSource, root: Descriptor) {
    this.source = source;
    this.#root = root;
  }

  /**
   * Reads a manifest. Whoever goes through an image reads it each time it is named, so that their
   * number bounds the way through indexes that name others again and again.
   *
   * @throws {DevregError} UNSUPPORTED, LIMIT_EXCEEDED, and as fetch does
   */
  async read(descriptor: Descriptor): Promise<FetchedManifest> {
    const { digest, mediaType, size } = descriptor;
    this.#reads += 1;
    if (this.#reads > IMAGE_MANIFEST_READS) {
      throw this.#tooMuch(`manifests named over ${IMAGE_MANIFEST_READS} times`);
    }
    const known = this.#known.get(digest);
    if (known !== undefined) return known;
    if (!isManifestType(mediaType)) throw unsupportedManifest(`manifest ${digest}`, mediaType);
    if (this.#known.size >= GRAPH_MANIFESTS) {
      throw this.#tooMuch(`over ${GRAPH_MANIFESTS} manifests`);
    }
    // They are all held in memory; what comes is as large as it is said to be, or refused.
    this.#bytes += size;
    if (this.#bytes > IMAGE_MANIFEST_BYTES) {
      throw this.#tooMuch(`manifests of over ${formatBytes(IMAGE_MANIFEST_BYTES)}`);
    }
    const reading = fetchManifest(this.source, descriptor);
    this.#known.set(digest, reading);
    return reading;
  }

  #tooMuch(state: string): DevregError {
    return new DevregError("LIMIT_EXCEEDED", `Cannot read image ${this.#root.digest}: ${state}`);
  }
}
