import type { BlobMounter, BlobRestorer, ContentSource, Repository } from "./content.ts";
import type { ImageGraph } from "./image-graph.ts";

/** Where images may be transferred to. */
export type TransferTarget = Repository & Partial<BlobMounter> & Partial<BlobRestorer>;

/** How one run transfers images. */
export interface TransferOptions {
  /** How many blobs are under way at once. */
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
  /**
   * Told how many bytes more were moved or need not be: in the end the size of all distinct
   * content of all images.
   */
  readonly onBytes?: (bytes: number) => void;
}

/** Where one image goes and what it is called there. */
export interface ImageTarget {
  /** The repository, as the target's registry calls it. */
  readonly name: string;
  /** A tag that keeps the root from being collected as garbage. */
  readonly keepAlive?: string;
  /** Set last, when everything else is there. */
  readonly tags: readonly string[];
}

/** What one image cost. */
export interface TransferResult {
  /** Manifests and blobs written. */
  readonly copied: number;
  /** Blobs taken over from another repository of the target. */
  readonly mounted: number;
  /** Manifests and blobs that the target had. */
  readonly reused: number;
  /** Bytes written. */
  readonly bytes: number;
}

/** Transfers images to the repositories of one registry. */
export interface Transfer {
  /**
   * Brings a whole image to a repository: blobs, manifests, signature tags, the tag that keeps it
   * alive, then its own tags. Everything is looked for, also below what the target has, so that
   * running it again mends a target that lost content. A blob that several images need is read
   * once where the target can take it over from the first repository.
   *
   * @throws {DevregError} as the source's fetch and the target's push do; ABORTED by the signal
   */
  copyImage(
    graph: ImageGraph,
    source: ContentSource,
    target: TransferTarget,
    options: ImageTarget,
  ): Promise<TransferResult>;
}
