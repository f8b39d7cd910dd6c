/**
 * What becomes of an image reference: `pull` is mirrored; `build-output` is what a devfile builds
 * and never pulled; `templated` names a variable that has no value; `ignored` is left alone by a
 * rule.
 */
export type ReferenceClass = "pull" | "build-output" | "templated" | "ignored";

/** What kind of place an image reference was found at. */
export type OccurrenceKind =
  | "container"
  | "kubernetes"
  | "dockerfile"
  | "matched"
  | "possible"
  | "extra";

/** One place that names an image, or what may be one. */
export interface ImageOccurrence {
  /** Path in the build ("stacks/go/2.0.0/docker/Dockerfile"), or where else it was read from. */
  readonly file: string;
  /** JSON pointer in a YAML document ("/components/0/container/image"); in a Dockerfile "line:3". */
  readonly pointer: string;
  /** Bytes of the file that hold the reference, end exclusive. */
  readonly range: readonly [start: number, end: number];
  /** As it is written there, variables not expanded. */
  readonly text: string;
  readonly kind: OccurrenceKind;
  readonly class: ReferenceClass;
  /** Why it has this class, for people. */
  readonly reason: string;
  /** Full name of the image, variables expanded; of the class `pull` only. */
  readonly image?: string;
}
