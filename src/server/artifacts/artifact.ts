import type { Digest } from "../../oci-client/index.ts";
import type { ArtifactType } from "../artifact-type.ts";

/** One thing of a registry, by its digest in one repository. */
export interface Artifact {
  readonly repository: string;
  readonly digest: Digest;
  /** That point to it, the one to name it by first; empty for what is named by digest alone. */
  readonly tags: readonly string[];
  readonly mediaType: string;
  readonly artifactType?: string | undefined;
  readonly type: ArtifactType;
  /** All that it refers to, as far as it is there; undefined where that is not known. */
  readonly sizeBytes: number | undefined;
  /** "linux/amd64"; empty where it is for none or does not say. */
  readonly platforms: readonly string[];
  /** Annotations that say something to people, shortened. */
  readonly annotations: Readonly<Record<string, string>>;
  /** What it says something about. */
  readonly subject?: Digest | undefined;
  /** What says something about it; at most so many are shown. */
  readonly referrers: readonly Referrer[];
  /** How many referrers are not shown. */
  readonly moreReferrers: number;
}

/** What says something about another artifact: a signature, an SBOM. */
export interface Referrer {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly artifactType?: string | undefined;
  readonly type: ArtifactType;
  /** The tag that leads to it, where it is found by one. */
  readonly tag?: string | undefined;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Gives where an artifact is in a registry: "repository:tag", else "repository@digest". */
export function artifactPath({ repository, digest, tags }: Artifact): string {
  const [tag] = tags;
  return tag === undefined ? `${repository}@${digest}` : `${repository}:${tag}`;
}

/** What an artifact comes to in memory beside its texts, and what a referrer does. */
const OBJECT_BYTES = 600;

/** Tells about what an artifact takes in memory. */
export function heldBytes({
  repository,
  tags,
  platforms,
  annotations,
  referrers,
}: Artifact): number {
  const texts = [repository, ...tags, ...platforms, ...Object.values(annotations)];
  const chars = [...texts, ...referrers.flatMap((each) => Object.values(each.annotations))].reduce(
    (total, text) => total + text.length,
    0,
  );
  return OBJECT_BYTES * (1 + referrers.length) + 2 * chars;
}
