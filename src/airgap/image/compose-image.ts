import { invariant } from "../../assert.ts";
import type { Content } from "../../bytes.ts";
import type { Build } from "../../generator/index.ts";
import {
  type ContentSource,
  type Descriptor,
  DOCKER_MANIFEST,
  describe,
  OCI_INDEX,
} from "../../oci-client/index.ts";
import type { ImageLayer, ImageParts, PlatformImage } from "./base-image.ts";
import { type BuildFacts, factsOf } from "./build-facts.ts";
import { buildLayer } from "./build-layer.ts";
import type { Executable } from "./executable.ts";
import { configWithBuild, withFacts } from "./image-config.ts";
import { formatJson, type JsonObject } from "./json-object.ts";

/** A manifest or a config, with its bytes. */
export interface Document {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
}

/** A layer, with a way to read it. */
export interface Layer {
  readonly descriptor: Descriptor;
  readonly content: Content;
}

/** The image of one platform, ready to be stored. */
export interface ComposedPlatform {
  /** "linux/amd64" */
  readonly platform: string;
  readonly manifest: Document;
  readonly config: Document;
  /** The lowest first; those of the base are read from its source. */
  readonly layers: readonly Layer[];
}

/** A platform of the base that the image does not have, and why. */
export interface LeftOutPlatform {
  /** "linux/amd64" */
  readonly platform: string;
  readonly reason: string;
}

/** A whole image, of one platform or several, ready to be stored. */
export interface ComposedImage {
  /** The image index or, where the base has none, the manifest of the only image. */
  readonly root: Document;
  readonly images: readonly ComposedPlatform[];
  readonly leftOut: readonly LeftOutPlatform[];
}

/** An image that was stored. */
export interface StoredImage {
  readonly root: Descriptor;
  /** Its platforms ("linux/amd64"), in the order of the base. */
  readonly platforms: readonly string[];
  /** Platforms of the base, or asked for, that it does not have. */
  readonly leftOut: readonly LeftOutPlatform[];
}

/** Says what an image is, once it is stored. */
export function storedImage({ root, images, leftOut }: ComposedImage): StoredImage {
  return { root: root.descriptor, platforms: images.map(({ platform }) => platform), leftOut };
}

/** What is below the layer of one image, and the executable that goes into it. */
export interface PlatformBelow {
  /** "linux/amd64" */
  readonly platform: string;
  readonly image: PlatformImage;
  readonly parts: ImageParts;
  readonly executable: Executable;
}

/** The image index that images stand in; undefined for a single image. */
export interface IndexFields {
  readonly mediaType: string;
  readonly annotations: JsonObject;
}

/** Puts a build on what is below it: a layer, a config and a manifest for each platform. */
export async function composePlatforms(
  below: readonly PlatformBelow[],
  index: IndexFields | undefined,
  source: ContentSource,
  build: Build,
): Promise<Omit<ComposedImage, "leftOut">> {
  const facts = factsOf(build);
  const images: ComposedPlatform[] = [];
  for (const each of below) images.push(await composePlatform(each, source, build, facts));
  const [first] = images;
  invariant(first !== undefined, "an image is of at least one platform");
  const root = index === undefined ? first.manifest : composeIndex(below, images, index, facts);
  return { root, images };
}

async function composePlatform(
  { platform, parts, executable }: PlatformBelow,
  source: ContentSource,
  build: Build,
  facts: BuildFacts,
): Promise<ComposedPlatform> {
  const { mediaType } = parts.descriptor;
  const layer = await buildLayer(build, executable, mediaType, facts.modified);
  const fields = configWithBuild(parts.config, parts.layers.length, layer.diffId, facts);
  const config = documentOf(parts.configType, fields);
  const manifest = documentOf(mediaType, {
    schemaVersion: 2,
    mediaType,
    config: config.descriptor,
    layers: [...parts.layers.map(({ raw }) => raw), layer.descriptor],
    // The manifests of Docker have no annotations.
    ...(mediaType === DOCKER_MANIFEST ? {} : { annotations: withFacts(parts.annotations, facts) }),
  });
  const lower = parts.layers.map((each) => lowerLayer(each, source));
  return { platform, manifest, config, layers: [...lower, layer] };
}

function lowerLayer({ descriptor }: ImageLayer, source: ContentSource): Layer {
  const content = async function* () {
    yield* await source.fetch(descriptor);
  };
  return { descriptor, content };
}

function composeIndex(
  below: readonly PlatformBelow[],
  images: readonly ComposedPlatform[],
  { mediaType, annotations }: IndexFields,
  facts: BuildFacts,
): Document {
  return documentOf(mediaType, {
    schemaVersion: 2,
    mediaType,
    manifests: images.map(({ manifest }, at) => ({
      ...manifest.descriptor,
      platform: below[at]?.image.platformFields ?? {},
    })),
    ...(mediaType === OCI_INDEX ? { annotations: withFacts(annotations, facts) } : {}),
  });
}

function documentOf(mediaType: string, fields: JsonObject): Document {
  const bytes = formatJson(fields);
  return { descriptor: describe(mediaType, bytes), bytes };
}
