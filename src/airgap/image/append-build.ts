import { DevregError } from "../../errors.ts";
import type { Build } from "../../generator/index.ts";
import {
  type ContentSource,
  type Descriptor,
  isImageIndexType,
  isPlatform,
  platformName,
} from "../../oci-client/index.ts";
import {
  type BaseImage,
  type ImageParts,
  type PlatformImage,
  readImageParts,
  resolveBase,
} from "./base-image.ts";
import {
  type ComposedImage,
  composePlatforms,
  type IndexFields,
  type LeftOutPlatform,
  type PlatformBelow,
  type StoredImage,
} from "./compose-image.ts";
import type { Executable, Executables } from "./executable.ts";
import { configBelowBuild, startsBuild } from "./image-config.ts";
import { installedExecutable } from "./installed-executable.ts";
import { type ImageDestination, pushImage } from "./push-image.ts";

/** What an image is made of. */
export interface ComposeOptions {
  readonly base: BaseImage;
  /** Holds the content of the base. */
  readonly source: ContentSource;
  readonly build: Build;
  readonly executables: Executables;
  /** The platforms wanted ("linux/amd64"), any variant where none is named; all without it. */
  readonly platforms?: readonly string[];
}

/**
 * Makes the image of a registry: a base image with one layer more, which holds the executable and a
 * build, and a config that starts it. The same base, executables and build give the same digest.
 * Nothing is stored by this; layers are read from their sources whenever somebody wants them.
 *
 * @throws {DevregError} INPUT_INVALID when there is an executable for none of its platforms, or the
 *   base is no image
 */
export async function composeImage(options: ComposeOptions): Promise<ComposedImage> {
  const { base, source, build } = options;
  const { chosen, leftOut } = choosePlatforms(options);
  if (chosen.length === 0) throw nothingLeft(leftOut);
  const below: PlatformBelow[] = [];
  for (const { image, executable } of chosen) {
    const parts = await readImageParts(source, image.descriptor);
    below.push({ platform: nameOf(image), image, executable, parts: asBase(parts) });
  }
  return { ...(await composePlatforms(below, indexOf(base), source, build)), leftOut };
}

/**
 * Makes the image of a registry and stores it: layers, configs and manifests, the tags last.
 *
 * @throws {DevregError} as {@link composeImage} and the target's push do
 */
export async function appendBuild(
  options: ComposeOptions & ImageDestination,
): Promise<StoredImage> {
  return pushImage(await composeImage(options), options);
}

/**
 * Stores an image that {@link appendBuild} made with another build in it. It is the image that
 * appending that build to the base would have made, but needs neither the base by itself nor an
 * executable.
 *
 * @throws {DevregError} INPUT_INVALID when devreg did not make the image; as the source's fetch and
 *   the target's push do
 */
export async function replaceBuild(
  options: Omit<ComposeOptions, "base" | "executables" | "platforms"> &
    ImageDestination & { readonly image: Descriptor },
): Promise<StoredImage> {
  const { image: root, source, build } = options;
  const image = await resolveBase(source, root);
  const below: PlatformBelow[] = [];
  for (const each of image.images) below.push(await withoutBuild(each, source));
  const composed = await composePlatforms(below, indexOf(image), source, build);
  return pushImage({ ...composed, leftOut: [] }, options);
}

const BASE_DIGEST = "org.opencontainers.image.base.digest";
const BASE_NAME = "org.opencontainers.image.base.name";

function indexOf({ root, annotations }: BaseImage): IndexFields | undefined {
  const { mediaType } = root;
  return isImageIndexType(mediaType) ? { mediaType, annotations } : undefined;
}

/** What a base says of its own base is not true of what is made from it. */
function asBase(parts: ImageParts): ImageParts {
  const { [BASE_NAME]: _name, ...annotations } = parts.annotations;
  return { ...parts, annotations: { ...annotations, [BASE_DIGEST]: parts.descriptor.digest } };
}

function choosePlatforms({ base, executables, platforms }: ComposeOptions) {
  const chosen: { readonly image: PlatformImage; readonly executable: Executable }[] = [];
  const leftOut: LeftOutPlatform[] = [];
  for (const image of base.images) {
    if (!isWanted(image, platforms)) continue;
    const executable = [...executables].find(([platform]) => isFor(image, platform))?.[1];
    if (executable !== undefined) chosen.push({ image, executable });
    else leftOut.push({ platform: nameOf(image), reason: "there is no executable for it" });
  }
  for (const asked of platforms ?? []) {
    if (base.images.some((image) => isFor(image, asked))) continue;
    leftOut.push({ platform: asked, reason: "the base image does not have it" });
  }
  return { chosen, leftOut };
}

/** What attests something of the base is no image, and says nothing of what is made from it. */
function isWanted(image: PlatformImage, wanted: readonly string[] | undefined): boolean {
  if (wanted !== undefined) return wanted.some((asked) => isFor(image, asked));
  return image.platform?.os !== "unknown";
}

function isFor({ platform }: PlatformImage, wanted: string): boolean {
  const [os = "", architecture = "", variant] = wanted.split("/");
  const asked = { os, architecture, ...(variant === undefined ? {} : { variant }) };
  return platform !== undefined && isPlatform(platform, asked);
}

function nameOf({ platform, descriptor }: PlatformImage): string {
  return platform === undefined ? `${descriptor.digest} (no platform)` : platformName(platform);
}

/** Takes an image that devreg made apart: what is below its last layer, and the executable in that. */
async function withoutBuild(image: PlatformImage, source: ContentSource): Promise<PlatformBelow> {
  const parts = await readImageParts(source, image.descriptor);
  const last = parts.layers.at(-1);
  if (last === undefined || !startsBuild(parts.config)) {
    throw new DevregError(
      "INPUT_INVALID",
      `Cannot put another build into ${image.descriptor.digest}: devreg did not make this image`,
      { hint: "Name an image that devreg generate --image or devreg mirror save made" },
    );
  }
  return {
    platform: nameOf(image),
    image,
    executable: await installedExecutable(source, last.descriptor),
    parts: { ...parts, layers: parts.layers.slice(0, -1), config: configBelowBuild(parts.config) },
  };
}

function nothingLeft(leftOut: readonly LeftOutPlatform[]): DevregError {
  const reasons = leftOut.map(({ platform, reason }) => `${platform}: ${reason}`).join("; ");
  return new DevregError(
    "INPUT_INVALID",
    `Cannot make an image: no platform is left (${reasons || "the base image has none"})`,
    { hint: "Name a devreg executable for a platform of the base: --binary OS/ARCH=FILE" },
  );
}
