import type { Digest } from "../../oci-client/index.ts";

/**
 * How closely is looked: at roots and tags alone; also at everything that they need, which is asked
 * for; or all of that read and hashed.
 */
export const VERIFY_LEVELS = ["tag", "graph", "blob"] as const;

/** One of {@link VERIFY_LEVELS}. */
export type VerifyLevel = (typeof VERIFY_LEVELS)[number];

/** One thing that is not as it should be. */
export interface VerifyProblem {
  /** The image or artifact that needs it: "quay.io/devfile/udi:ubi9", "devfile-catalog/go:2.0.0". */
  readonly what: string;
  readonly digest?: Digest;
  /** What is wrong, as the end of a sentence about it: "layer … is not there". */
  readonly problem: string;
  /** What was answered, where a registry or the medium refused. */
  readonly error?: unknown;
}

/** What was looked at. */
export interface VerifyCounts {
  readonly images: number;
  /** Stack versions, the index and other artifacts. */
  readonly artifacts: number;
  readonly manifests: number;
  readonly blobs: number;
  /** Bytes of blobs that were read and hashed. */
  readonly bytes: number;
}

/** The outcome of looking. */
export interface Verification {
  readonly level: VerifyLevel;
  readonly checked: VerifyCounts;
  /** Sorted by what needs it, as it is named. */
  readonly problems: readonly VerifyProblem[];
}
