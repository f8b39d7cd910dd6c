import type { BuildSource } from "../generator/index.ts";
import type { Digest } from "../oci-client/index.ts";
import type { ImageOccurrence } from "./occurrence.ts";

/** The format of a mirror lock; a newer major is refused. */
export const LOCK_API_VERSION = "devreg.dev/v1alpha1";

/**
 * Everything that a mirror moves, resolved: tags to digests, git to commits, files to sha256. It is
 * canonical: lists are sorted, nothing depends on when or where it was made, the same inputs give
 * the same bytes.
 */
export interface MirrorLock {
  readonly apiVersion: typeof LOCK_API_VERSION;
  readonly kind: "MirrorLock";
  /** The registry repositories, without paths of this machine. */
  readonly sources: readonly BuildSource[];
  /** The platforms asked for ("linux/amd64"), sorted; empty for all. */
  readonly platforms: readonly string[];
  /** Present where image indexes are left as they are although platforms are missing. */
  readonly platformMode?: "sparse";
  /** Present where signatures, SBOMs and attestations stay behind. */
  readonly referrers?: false;
  /** The only stacks and samples taken, as it was asked for, sorted; absent for all. */
  readonly include?: readonly string[];
  /** What was left out on purpose, as it was asked for, sorted. */
  readonly exclude: readonly string[];
  /** Text of the mirror.yaml that images were found by, where there was one. */
  readonly rules?: string;
  /** Sorted by image. */
  readonly images: readonly LockedImage[];
  /** Every reference that is not mirrored, with its class and reason; sorted by file and range. */
  readonly references: readonly ImageOccurrence[];
  /** What was fetched from git or as zip, sorted by url and revision. */
  readonly projects: readonly LockedProject[];
  /** Single files that were fetched (icons, parents, documents), sorted by url. */
  readonly files: readonly LockedFile[];
  /** The base of the offline registry image; absent when there is none. */
  readonly base?: LockedImage;
}

/** One image, resolved. */
export interface LockedImage {
  /** Full name: "docker.io/library/nginx:1.27", "quay.io/devfile/udi@sha256:…". */
  readonly image: string;
  /** The root as its registry has it. */
  readonly digest: Digest;
  readonly mediaType: string;
  /** Size of the root manifest in bytes. */
  readonly size: number;
  /** The root as it is mirrored; differs from `digest` only when platforms were taken out of it. */
  readonly mirrored: Digest;
  /** Bytes of all distinct content below the root, referrers included. */
  readonly bytes: number;
  /** Platform manifests that are mirrored, sorted: { "linux/amd64": "sha256:…" }. */
  readonly platforms: Readonly<Record<string, Digest>>;
  /** Manifests that refer to the root or its children, sorted by digest. */
  readonly referrers: readonly LockedReferrer[];
  /** Tags that cosign hangs signatures on ("sha256-….sig"), and what they point to. */
  readonly signatureTags: Readonly<Record<string, Digest>>;
  /** What of the image is not mirrored and why, sorted. */
  readonly leftOut: readonly string[];
  /** Where it is named, sorted by file and range. */
  readonly occurrences: readonly ImageOccurrence[];
}

/** A manifest that refers to another one. */
export interface LockedReferrer {
  readonly digest: Digest;
  readonly subject: Digest;
  readonly artifactType?: string;
}

/** A project, as it was asked for and what that was. */
export interface LockedProject {
  readonly url: string;
  /** What a devfile asked for; absent for the default branch and for archives. */
  readonly revision?: string;
  /** Of a project in git. */
  readonly commit_hash?: string;
  /** Of an archive as it was downloaded, hexadecimal. */
  readonly sha256?: string;
}

/** A file at an address. */
export interface LockedFile {
  readonly url: string;
  /** Hexadecimal. */
  readonly sha256: string;
  /** In bytes. */
  readonly size: number;
}
