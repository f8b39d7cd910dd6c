import type { Finding } from "../../generator/index.ts";
import type { Digest, ImageGraph } from "../../oci-client/index.ts";
import type { LockedImage, MirrorLock } from "../lock.ts";
import type { ImageOccurrence } from "../occurrence.ts";

/** Everything that a mirror moves, looked up; nothing of it has been moved. */
export interface MirrorPlan {
  readonly lock: MirrorLock;
  /** What can be mirrored, sorted by image. */
  readonly images: readonly PlannedImage[];
  /** The base of the offline registry image; absent when there will be no such image. */
  readonly base?: PlannedImage;
  /** Why the base that was asked for is not there; without it no image is made, nothing else. */
  readonly baseFailure?: unknown;
  /** What cannot be mirrored, sorted by image. */
  readonly failures: readonly FailedImage[];
  /** Tags that point elsewhere than when they were planned, sorted by image. */
  readonly moved: readonly MovedImage[];
  /** What discovery found wrong with references. */
  readonly findings: readonly Finding[];
}

/** An image with what has to be moved for it. */
export interface PlannedImage {
  readonly locked: LockedImage;
  readonly graph: ImageGraph;
}

/** An image that cannot be mirrored. */
export interface FailedImage {
  /** Full name. */
  readonly image: string;
  readonly error: unknown;
  /** Where it is named. */
  readonly occurrences: readonly ImageOccurrence[];
}

/** A tag that was moved since it was planned; what was planned is mirrored. */
export interface MovedImage {
  /** Full name. */
  readonly image: string;
  readonly planned: Digest;
  /** Undefined when the tag is gone. */
  readonly now: Digest | undefined;
}
