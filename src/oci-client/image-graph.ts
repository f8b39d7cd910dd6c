import type { Descriptor, Platform } from "./descriptor.ts";
import type { Digest } from "./digest.ts";

/** A manifest of an image, as it is to be pushed. */
export interface GraphManifest {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
}

/** Says that a manifest of an image refers to another. */
export interface GraphReferrer {
  readonly subject: Digest;
  /** With the artifact type and annotations that a registry lists it by. */
  readonly descriptor: Descriptor;
}

/** Everything that belongs to an image: what it needs, and what was attached to it. */
export interface ImageGraph {
  /** The root as the source has it. */
  readonly source: Descriptor;
  /** The root as it is mirrored; another one when platforms were taken out of it. */
  readonly root: Descriptor;
  /** In the order in which they are to be pushed: children before their index, then referrers. */
  readonly manifests: readonly GraphManifest[];
  /** Distinct, in order of first use. */
  readonly blobs: readonly Descriptor[];
  /** Manifests by what they are for: { "linux/amd64": "sha256:…" }. */
  readonly platforms: Readonly<Record<string, Digest>>;
  /** What refers to the root, its children, or again to a referrer. */
  readonly referrers: readonly GraphReferrer[];
  /** Tags that cosign hangs signatures, attestations and SBOMs on: "sha256-<hex>.sig". */
  readonly signatureTags: Readonly<Record<string, Descriptor>>;
  /** What of the image is not in the graph, and why. */
  readonly leftOut: readonly string[];
  /** Sum of all distinct sizes. */
  readonly bytes: number;
}

/** How much of an image is read. */
export interface ImageGraphOptions {
  /** Only these; all without it. */
  readonly platforms?: readonly Platform[];
  /**
   * What becomes of an image index when platforms are left out: `strip` makes a new one without
   * them, so that signatures of the old one no longer hold; `sparse` keeps it with its gaps, which
   * not every registry takes.
   */
  readonly platformMode?: "strip" | "sparse";
  /** Whether signatures, SBOMs and attestations are looked for. */
  readonly referrers: boolean;
}
