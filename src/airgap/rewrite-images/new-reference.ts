import {
  type Digest,
  formatReference,
  isUntagged,
  parseImageReference,
} from "../../oci-client/index.ts";

/**
 * What a rewritten reference says of the version: as it was written (a digest alone where both
 * were), or what is asked for.
 */
export type Pin = "written" | "tag" | "digest" | "tag+digest";

/** How images are named anew. */
export interface ImageNaming {
  /** Gives the new name of "quay.io/devfile/udi", both without tag and digest; undefined leaves it. */
  readonly rename: (image: string) => string | undefined;
  readonly pin: Pin;
  /** Gives the mirrored digest of an image by its full name: "docker.io/library/nginx:1.27". */
  readonly digestOf: (image: string) => Digest | undefined;
}

/**
 * Names an image anew; undefined for one that is left alone. What is asked for and not known stays
 * as it was written.
 *
 * @throws {DevregError} USAGE when the old or the new name is no image reference
 */
export function newReference(image: string, naming: ImageNaming): string | undefined {
  const reference = parseImageReference(image);
  const name = naming.rename(`${reference.registry}/${reference.repository}`);
  if (name === undefined) return undefined;
  const digest = naming.digestOf(formatReference(reference)) ?? reference.digest;
  const tagged = reference.tag === undefined ? "" : `:${reference.tag}`;
  const pinned = digest === undefined ? "" : `@${digest}`;
  const renamed = `${name}${versionOf(image, naming.pin, tagged, pinned)}`;
  parseImageReference(renamed);
  return renamed;
}

function versionOf(image: string, pin: Pin, tagged: string, pinned: string): string {
  if (pin === "tag") return tagged || pinned;
  if (pin === "digest") return pinned || tagged;
  if (pin === "tag+digest") return `${tagged}${pinned}`;
  if (image.includes("@")) return pinned;
  return isUntagged(image) ? "" : tagged;
}
