import { gzipSync } from "node:zlib";
import type { Executables } from "../../../src/airgap/image/index.ts";
import { utf8 } from "../../../src/bytes.ts";
import { packTar } from "../../../src/generator/package-stack-archive.ts";
import {
  type ContentStore,
  type Descriptor,
  DOCKER_MANIFEST,
  DOCKER_MANIFEST_LIST,
  describe as describeContent,
  digestOf,
  OCI_INDEX,
  OCI_MANIFEST,
  type Platform,
  platformName,
} from "../../../src/oci-client/index.ts";

/** What a base image for a test is like. */
export interface BaseParts {
  readonly docker?: boolean;
  /** Fields of its config beside the necessary ones. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** The file system: one gzip'd tar. */
  readonly layer?: Uint8Array;
}

export const AMD64: Platform = { os: "linux", architecture: "amd64" };
export const ARM64: Platform = { os: "linux", architecture: "arm64", variant: "v8" };
export const S390X: Platform = { os: "linux", architecture: "s390x" };

/** Stores an image of one platform with one layer. */
export async function pushBase(
  target: ContentStore,
  platform: Platform,
  parts: BaseParts = {},
): Promise<Descriptor> {
  const name = `etc/${platform.architecture}`;
  const tar = parts.layer ?? (await packTar([{ name, bytes: utf8("base\n") }]));
  const zipped = gzipSync(tar);
  const types = parts.docker === true ? DOCKER : OCI;
  const layer = describeContent(types.layer, zipped);
  await target.push(layer, zipped);
  const configBytes = utf8(
    JSON.stringify({
      ...platform,
      config: { Env: ["PATH=/bin"], User: "0", Cmd: ["sh"], WorkingDir: "/" },
      rootfs: { type: "layers", diff_ids: [digestOf(tar)] },
      ...parts.config,
    }),
  );
  const config = describeContent(types.config, configBytes);
  await target.push(config, configBytes);
  const { annotations } = parts;
  return pushJson(target, types.manifest, {
    schemaVersion: 2,
    mediaType: types.manifest,
    config,
    layers: [layer],
    ...(annotations === undefined ? {} : { annotations }),
  });
}

/** Stores an image for several platforms, with an attestation as BuildKit makes them. */
export async function pushBaseIndex(
  target: ContentStore,
  platforms: readonly Platform[],
  parts: BaseParts = {},
): Promise<Descriptor> {
  const manifests = [];
  for (const platform of platforms) {
    manifests.push({ ...(await pushBase(target, platform, parts)), platform });
  }
  const attestation = {
    ...(await pushBase(target, AMD64, { ...parts, config: { os: "unknown" } })),
    annotations: { "vnd.docker.reference.type": "attestation-manifest" },
    platform: { os: "unknown", architecture: "unknown" },
  };
  const mediaType = parts.docker === true ? DOCKER_MANIFEST_LIST : OCI_INDEX;
  const list = parts.docker === true ? manifests : [...manifests, attestation];
  return pushJson(target, mediaType, { schemaVersion: 2, mediaType, manifests: list });
}

/** Makes what stands for the executables of platforms. */
export function executablesFor(
  platforms: readonly Platform[],
  text = "an executable",
): Executables {
  return new Map(
    platforms.map((platform) => {
      const content = utf8(`${text} for ${platform.architecture}`.repeat(50));
      return [platformName(platform), { size: content.byteLength, content }];
    }),
  );
}

const OCI = {
  manifest: OCI_MANIFEST,
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar+gzip",
};
const DOCKER = {
  manifest: DOCKER_MANIFEST,
  config: "application/vnd.docker.container.image.v1+json",
  layer: "application/vnd.docker.image.rootfs.diff.tar.gzip",
};

async function pushJson(
  target: ContentStore,
  mediaType: string,
  fields: object,
): Promise<Descriptor> {
  const bytes = utf8(JSON.stringify(fields));
  const descriptor = describeContent(mediaType, bytes);
  await target.push(descriptor, bytes);
  return descriptor;
}
