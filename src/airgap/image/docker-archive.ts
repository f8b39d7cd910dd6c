import { writeFileAtomic } from "../../atomic-file.ts";
import { utf8 } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";
import { type Descriptor, hexOf } from "../../oci-client/index.ts";
import {
  type ComposedImage,
  type ComposedPlatform,
  type StoredImage,
  storedImage,
} from "./compose-image.ts";
import { packTarStream, type TarEntry } from "./tar-stream.ts";

/**
 * Writes an image of one platform as the archive that `docker load` and `podman load` read. Layers
 * stay as they are, compressed or not. The file is there whole or not at all.
 *
 * @param names full names with tag that the image gets when it is loaded
 * @throws {DevregError} INPUT_INVALID for an image of several platforms; IO; as its sources do
 */
export async function writeDockerArchive(
  path: string,
  image: ComposedImage,
  names: readonly string[],
): Promise<StoredImage> {
  const [only, ...others] = image.images;
  if (only === undefined || others.length > 0) {
    const platforms = image.images.map(({ platform }) => platform).join(", ");
    throw new DevregError(
      "INPUT_INVALID",
      `Cannot write "${path}": an archive holds one platform`,
      {
        hint: `Choose one by --platform: ${platforms}`,
      },
    );
  }
  await writeFileAtomic(path, () => packTarStream(archiveEntries(only, names)));
  // An archive has no place for the index of a base.
  return { ...storedImage(image), root: only.manifest.descriptor };
}

function archiveEntries(
  { config, layers }: ComposedPlatform,
  names: readonly string[],
): readonly TarEntry[] {
  const configName = `${hexOf(config.descriptor.digest)}.json`;
  const list = [{ Config: configName, RepoTags: names, Layers: layers.map(layerName) }];
  const manifest = utf8(JSON.stringify(list));
  // A layer that an image has twice is one file.
  const files = new Map(layers.map((layer) => [layerName(layer), layer]));
  return [
    { name: "manifest.json", size: manifest.byteLength, content: manifest },
    { name: configName, size: config.bytes.byteLength, content: config.bytes },
    ...[...files].map(([name, { descriptor, content }]) => ({
      name,
      size: descriptor.size,
      content,
    })),
  ].map((entry) => ({ ...entry, mode: 0o644, uid: 0, gid: 0, modified: 0 }));
}

/** Loaders find out by themselves how a layer is compressed; the name is for people. */
function layerName({ descriptor }: { readonly descriptor: Descriptor }): string {
  const compression = /[.+](gzip|zstd)$/.exec(descriptor.mediaType)?.[1];
  const suffix = { gzip: ".gz", zstd: ".zst" }[compression ?? ""] ?? "";
  return `${hexOf(descriptor.digest)}.tar${suffix}`;
}
