import { type Build, rerenderBuild } from "../../generator/index.ts";
import type { RegistryLocation } from "../../oci-client/index.ts";
import type { MirrorRules } from "../discover/index.ts";
import type { MirrorLock } from "../lock.ts";
import { type Pin, rewriteImages } from "../rewrite-images/index.ts";
import type { TargetPaths } from "../target-paths.ts";

/** How the devfiles of a mirrored registry are to name things. */
export interface RewriteOptions {
  readonly lock: MirrorLock;
  /** Where each image is at the target. */
  readonly targets: TargetPaths;
  /** The registry that holds the images, as devfiles are to name it: "HOST[:PORT]". */
  readonly registry: RegistryLocation["registry"];
  readonly rewrite: "refs" | "none";
  readonly pin: Pin;
  /** Where users reach the mirrored registry; addresses stay as they are without one. */
  readonly publicUrl?: string | undefined;
  readonly rules: MirrorRules;
}

/**
 * Lets a build name mirrored images and the public URL; with the same options it gives the same
 * bytes, from the build as it was made or from one that was rewritten before.
 */
export async function rewriteForTarget(build: Build, options: RewriteOptions): Promise<Build> {
  const { lock, targets, registry, publicUrl, rules, pin } = options;
  const moved = publicUrl === undefined ? build : await rerenderBuild(build, publicUrl);
  if (options.rewrite === "none") return moved;
  const digests = new Map(lock.images.map(({ image, mirrored }) => [image, mirrored]));
  const rewritten = await rewriteImages(moved, {
    rename: (name) => {
      const repository = targets.get(name);
      return repository === undefined ? undefined : `${registry}/${repository}`;
    },
    digestOf: (image) => digests.get(image),
    pin,
    rules,
  });
  return rewritten.build;
}
