import { utf8 } from "../../src/bytes.ts";
import {
  buildManifest,
  describe as describeContent,
  OCI_INDEX,
  type Repository,
} from "../../src/oci-client/index.ts";
import { artifactOf, blobOf, pushGraph, type SampleGraph } from "./sample-content.ts";

const CONFIG = "application/vnd.oci.image.config.v1+json";
const LAYER = "application/vnd.oci.image.layer.v1.tar";

/** Makes an image for one platform ("linux/amd64") with a layer for each text. */
export function platformImage(platform: string, layers: readonly string[]): SampleGraph {
  const [os = "", architecture = "", variant] = platform.split("/");
  const config = blobOf(
    JSON.stringify({ os, architecture, variant, rootfs: { type: "layers", diff_ids: [] } }),
    CONFIG,
  );
  const blobs = layers.map((text) => blobOf(text, LAYER));
  const root = buildManifest({
    config: config.descriptor,
    layers: blobs.map(({ descriptor }) => descriptor),
  });
  return { root, below: [config, ...blobs] };
}

/** Makes an image of several platforms; each has a layer of its own, and one that all share. */
export function multiPlatformImage(name: string, platforms: readonly string[]): SampleGraph {
  const children = platforms.map((platform) => ({
    platform,
    graph: platformImage(platform, ["shared by all images", `${name} for ${platform}`]),
  }));
  const manifests = children.map(({ platform, graph: { root } }) => {
    const [os = "", architecture = "", variant] = platform.split("/");
    return { ...root.descriptor, platform: { os, architecture, variant } };
  });
  const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }));
  return {
    root: { descriptor: describeContent(OCI_INDEX, bytes), bytes },
    below: children.flatMap(({ graph }) => [...graph.below, graph.root]),
  };
}

/** Stores an image under a tag. */
export async function pushImage(
  repository: Repository,
  tag: string,
  image: SampleGraph,
): Promise<void> {
  await pushGraph(repository, image);
  await repository.tag(image.root.descriptor, tag, image.root.bytes);
}

/** Stores what refers to an image as OCI 1.1 has it, and a signature by cosign's tag. */
export async function attachTo(
  repository: Repository,
  { root }: SampleGraph,
): Promise<{ readonly sbom: SampleGraph; readonly signature: SampleGraph }> {
  const subject = root.descriptor;
  const sbom = artifactOf([`sbom of ${subject.digest}`], {
    subject,
    artifactType: "application/spdx+json",
  });
  await pushGraph(repository, sbom);
  const signature = artifactOf([`signature of ${subject.digest}`]);
  await pushImage(repository, `${subject.digest.replace(":", "-")}.sig`, signature);
  return { sbom, signature };
}
