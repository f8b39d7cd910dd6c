import type { Build } from "../../generator/index.ts";
import type { ReadonlyRegistry } from "../../oci-client/index.ts";
import { rewriteForTarget } from "../publish/rewritten-build.ts";
import { assignTargets } from "../target-paths.ts";
import { IMAGE_REPOSITORY } from "./bundle-format.ts";
import type { Bundle } from "./open-bundle.ts";

/** A bundle that is served as it lies: the images, and how devfiles name them there. */
export interface ServedBundle {
  /** The mirrored images and the offline registry image, under the names that devfiles get. */
  readonly images: ReadonlyRegistry;
  /** Lets the registry name these images at the public URL of the server. */
  at(build: Build, publicUrl: string): Promise<Build>;
}

/** Makes the images of a bundle servable, without any other registry. */
export function serveBundle({ lock, rules, registry }: Bundle): ServedBundle {
  const targets = assignTargets(
    lock.images.map(({ image }) => image),
    { prefix: "" },
  );
  const names = new Map([...targets, [IMAGE_REPOSITORY, IMAGE_REPOSITORY]]);
  const sources = new Map([...names].map(([source, target]) => [target, source]));
  return {
    images: {
      repositories: async function* list() {
        for await (const source of registry.repositories()) {
          const target = names.get(source);
          if (target !== undefined) yield target;
        }
      },
      repository: (name) => registry.repository(sources.get(name) ?? name),
    },
    at: (build, publicUrl) =>
      rewriteForTarget(build, {
        ...{ lock, rules, targets, publicUrl },
        registry: new URL(publicUrl).host,
        rewrite: "refs",
        pin: "written",
      }),
  };
}
