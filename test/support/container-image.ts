import { gzipSync } from "node:zlib";
import { utf8 } from "../../src/bytes.ts";
import {
  type Descriptor,
  DOCKER_MANIFEST,
  DOCKER_MANIFEST_LIST,
  describe as describeContent,
  digestOf,
  OCI_INDEX,
  OCI_MANIFEST,
} from "../../src/oci-client/index.ts";
import type { Sample, SampleGraph } from "./sample-content.ts";
import { tarOf } from "./tar-layout.ts";

/** One layer of an image: a tar before and after gzip. */
export interface ImageLayer {
  readonly diffId: string;
  readonly bytes: Uint8Array;
}

/** How an image differs from an OCI image for amd64 and arm64. */
export interface ContainerImageOptions {
  /** "linux/amd64"; a single one gives an image without an image index. */
  readonly platforms?: readonly string[];
  /** Takes Docker's media types (schema 2). */
  readonly docker?: boolean;
  /** Further layers below all others, by platform. */
  readonly below?: Readonly<Record<string, ImageLayer>>;
}

interface Types {
  readonly index: string;
  readonly manifest: string;
  readonly config: string;
  readonly layer: string;
}

const OCI: Types = {
  index: OCI_INDEX,
  manifest: OCI_MANIFEST,
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar+gzip",
};
const DOCKER: Types = {
  index: DOCKER_MANIFEST_LIST,
  manifest: DOCKER_MANIFEST,
  config: "application/vnd.docker.container.image.v1+json",
  layer: "application/vnd.docker.image.rootfs.diff.tar.gzip",
};

/**
 * Makes an image that container engines take: for each platform a config, a layer that all images
 * for it share, and one of its own. The same name gives the same digests.
 */
export function containerImage(name: string, options: ContainerImageOptions = {}): SampleGraph {
  const { platforms = ["linux/amd64", "linux/arm64"], docker = false, below = {} } = options;
  const types = docker ? DOCKER : OCI;
  const images = platforms.map((platform) => {
    const first = below[platform];
    const layers = [layerOf("base", `for ${platform}`), layerOf("name", `${name} ${platform}`)];
    return imageOf(platform, first === undefined ? layers : [first, ...layers], types);
  });
  const [only] = images;
  if (images.length === 1 && only !== undefined) return only;
  const manifests = images.map(({ root }, at) => ({
    ...root.descriptor,
    platform: platformOf(platforms[at] ?? ""),
  }));
  return {
    root: jsonOf(types.index, { schemaVersion: 2, mediaType: types.index, manifests }),
    below: images.flatMap((image) => [...image.below, image.root]),
  };
}

/** Makes the layer of a tar. */
export function tarLayer(tar: Uint8Array): ImageLayer {
  return { diffId: digestOf(tar), bytes: gzipSync(tar) };
}

function layerOf(file: string, text: string): ImageLayer {
  return tarLayer(tarOf([{ name: `etc/${file}`, text: `${text}\n` }]));
}

function imageOf(platform: string, layers: readonly ImageLayer[], types: Types): SampleGraph {
  const config = jsonOf(types.config, {
    ...platformOf(platform),
    config: { Env: ["PATH=/usr/local/bin:/usr/bin:/bin"], Cmd: ["/bin/sh"] },
    rootfs: { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) },
  });
  const blobs = layers.map(({ bytes }) => sampleOf(types.layer, bytes));
  const root = jsonOf(types.manifest, {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: config.descriptor,
    layers: blobs.map(({ descriptor }): Descriptor => descriptor),
  });
  return { root, below: [config, ...blobs] };
}

function platformOf(platform: string) {
  const [os = "", architecture = "", variant] = platform.split("/");
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}

function jsonOf(mediaType: string, value: object): Sample {
  return sampleOf(mediaType, utf8(JSON.stringify(value)));
}

function sampleOf(mediaType: string, bytes: Uint8Array): Sample {
  return { descriptor: describeContent(mediaType, bytes), bytes };
}
