import type { ContentSource, ReadonlyRegistry, Registry } from "../../oci-client/index.ts";
import { IMAGE_REPOSITORY } from "../bundle/bundle-format.ts";
import { appendBuild, type BaseImage, type Executables, replaceBuild } from "../image/index.ts";
import type { PutRegistryImage } from "./publish-mirror.ts";

/** What an offline registry image is made on. */
export interface RegistryImageBase {
  readonly base: BaseImage;
  /** Holds the content of the base. */
  readonly source: ContentSource;
  readonly executables: Executables;
  /** The platforms wanted ("linux/amd64"); all without it. */
  readonly platforms?: readonly string[];
}

/** Makes offline registry images from a base, for each build that is published. */
export function makeRegistryImage(
  parts: RegistryImageBase,
  target: Pick<Registry, "repository">,
): PutRegistryImage {
  return (build, tags) =>
    appendBuild({ ...parts, build, tags, target: target.repository(IMAGE_REPOSITORY) });
}

/**
 * Makes offline registry images from the one that a bundle holds, with another build in it;
 * undefined when it holds none.
 */
export async function keepRegistryImage(
  bundle: ReadonlyRegistry,
  target: Pick<Registry, "repository">,
): Promise<PutRegistryImage | undefined> {
  const source = bundle.repository(IMAGE_REPOSITORY);
  const image = await source.resolve("latest");
  if (image === undefined) return undefined;
  return (build, tags) =>
    replaceBuild({ image, source, build, tags, target: target.repository(IMAGE_REPOSITORY) });
}
