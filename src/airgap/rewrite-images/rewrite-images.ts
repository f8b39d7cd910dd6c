import { DevregError } from "../../errors.ts";
import type { Build } from "../../generator/index.ts";
import type { Digest } from "../../oci-client/index.ts";
import type { MirrorRules } from "../discover/index.ts";

/**
 * What a rewritten reference says of the version: as it was written (a digest alone where both
 * were), or what is asked for.
 */
export type Pin = "written" | "tag" | "digest" | "tag+digest";

/** How images are named anew. */
export interface RewriteImagesOptions {
  /** Gives the new name of "quay.io/devfile/udi", both without tag and digest; undefined leaves it. */
  readonly rename: (image: string) => string | undefined;
  readonly pin: Pin;
  /** Gives the mirrored digest of an image by its full name: "docker.io/library/nginx:1.27". */
  readonly digestOf: (image: string) => Digest | undefined;
  readonly rules: MirrorRules;
}

/** A build whose devfiles name images anew. */
export interface RewrittenBuild {
  readonly build: Build;
  /** How many places name another image than they did. */
  readonly changed: number;
}

/**
 * Lets the devfiles of a build, and the manifests and Dockerfiles that they bring, name images
 * elsewhere. Doing it again changes nothing, and other names start from what the author wrote.
 */
export async function rewriteImages(
  _build: Build,
  _options: RewriteImagesOptions,
): Promise<RewrittenBuild> {
  throw new DevregError("UNSUPPORTED", "Cannot rewrite images: not there yet");
}
