import { readAll } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";
import { IMAGE_CONFIG_BYTES } from "../../mirror-limits.ts";
import {
  type ContentSource,
  type Descriptor,
  descriptorSchema,
  type FetchedManifest,
  fetchManifest,
  type ImageManifest,
  isImageConfigType,
  isImageIndexType,
  type Platform,
} from "../../oci-client/index.ts";
import { type JsonObject, objectOf, objectsOf, parseJsonObject } from "./json-object.ts";

/** A container image to put a layer on: one, or one for each platform. */
export interface BaseImage {
  readonly root: Descriptor;
  /** Of the image index; empty of a single image. */
  readonly annotations: JsonObject;
  /** In the order of the image index. */
  readonly images: readonly PlatformImage[];
}

/** The image of one platform. */
export interface PlatformImage {
  /** Undefined where the image index names none. */
  readonly platform: Platform | undefined;
  /** As the image index has it, or of a single image as its config has it. */
  readonly platformFields: JsonObject;
  readonly descriptor: Descriptor;
}

/** What the image of one platform consists of, nothing known of it lost. */
export interface ImageParts {
  readonly descriptor: Descriptor;
  readonly configType: string;
  readonly config: JsonObject;
  /** As they stand in the manifest. */
  readonly layers: readonly ImageLayer[];
  readonly annotations: JsonObject;
}

/** One layer: its descriptor, and all that the manifest says of it. */
export interface ImageLayer {
  readonly descriptor: Descriptor;
  readonly raw: JsonObject;
}

/**
 * Reads which platforms an image has; of the images themselves nothing but the config of a single
 * one is read.
 *
 * @throws {DevregError} INPUT_INVALID when it is no container image; NOT_FOUND, UNSUPPORTED
 */
export async function resolveBase(source: ContentSource, root: Descriptor): Promise<BaseImage> {
  const { bytes, manifest } = await fetchManifest(source, root);
  const json = parseJsonObject(bytes, `manifest ${root.digest}`);
  if (manifest.kind === "index") {
    const images = objectsOf(json["manifests"]).map(listedImage);
    return { root, annotations: objectOf(json["annotations"]), images };
  }
  const { config } = await readImageParts(source, root);
  return { root, annotations: {}, images: [imageOf(root, config)] };
}

/** Reads the manifest and the config of one image. @throws {DevregError} as resolveBase() */
export async function readImageParts(
  source: ContentSource,
  descriptor: Descriptor,
): Promise<ImageParts> {
  const fetched = await fetchManifest(source, descriptor);
  const { manifest } = fetched;
  if (manifest.kind !== "image" || !isImageConfigType(manifest.config.mediaType)) {
    throw noImage(fetched);
  }
  const json = parseJsonObject(fetched.bytes, `manifest ${descriptor.digest}`);
  const raws = objectsOf(json["layers"]);
  return {
    descriptor,
    configType: manifest.config.mediaType,
    config: await readConfig(source, manifest),
    layers: manifest.layers.map((layer, at) => ({ descriptor: layer, raw: raws[at] ?? {} })),
    annotations: objectOf(json["annotations"]),
  };
}

async function readConfig(source: ContentSource, { config }: ImageManifest): Promise<JsonObject> {
  const what = `image config ${config.digest}`;
  return parseJsonObject(await readAll(await source.fetch(config), IMAGE_CONFIG_BYTES, what), what);
}

function listedImage(raw: JsonObject): PlatformImage {
  const descriptor = descriptorSchema.parse(raw);
  return {
    platform: descriptor.platform,
    platformFields: objectOf(raw["platform"]),
    descriptor,
  };
}

function imageOf(descriptor: Descriptor, config: JsonObject): PlatformImage {
  const { os, architecture, variant } = config;
  const fields = {
    architecture: String(architecture ?? "unknown"),
    os: String(os ?? "unknown"),
    ...(typeof variant === "string" && variant !== "" ? { variant } : {}),
  };
  return { platform: fields, platformFields: fields, descriptor };
}

function noImage({ descriptor, manifest }: FetchedManifest): DevregError {
  const what = isImageIndexType(descriptor.mediaType)
    ? "a list of images"
    : `an artifact of type "${manifest.artifactType ?? configTypeOf(manifest)}"`;
  return new DevregError(
    "INPUT_INVALID",
    `Cannot use ${descriptor.digest} as an image: it is ${what}`,
  );
}

function configTypeOf(manifest: FetchedManifest["manifest"]): string {
  return manifest.kind === "image" ? manifest.config.mediaType : "";
}
