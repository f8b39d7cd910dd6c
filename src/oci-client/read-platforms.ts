import type { ContentSource } from "./content.ts";
import type { Descriptor, Platform } from "./descriptor.ts";
import { platformOf, readChildren } from "./image-platforms.ts";
import { ManifestReader } from "./manifest-reader.ts";

/**
 * Gives the platforms that an image is for; none where it does not say. Only what it takes to know
 * them is read.
 *
 * @throws {DevregError} UNSUPPORTED for what is no image; LIMIT_EXCEEDED; as the source's fetch does
 */
export async function readPlatforms(
  source: ContentSource,
  root: Descriptor,
): Promise<readonly Platform[]> {
  const reader = new ManifestReader(source, root);
  const { manifest } = await reader.read(root);
  if (manifest.kind === "index") {
    const children = await readChildren(reader, manifest);
    return children.flatMap(({ platform }) => platform ?? []);
  }
  const platform = await platformOf(reader, root);
  return platform === undefined ? [] : [platform];
}
