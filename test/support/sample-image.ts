import type { Platform, Repository } from "../../src/oci-client/index.ts";
import { artifactOf, pushGraph, type SampleGraph } from "./sample-content.ts";
import { imageOf, indexOf } from "./sample-images.ts";

/** Makes an image for one platform ("linux/amd64") with a layer for each text. */
export function platformImage(platform: string, layers: readonly string[]): SampleGraph {
  return imageOf(platformOf(platform), layers);
}

/** Makes an image of several platforms; each has a layer of its own, and one that all share. */
export function multiPlatformImage(name: string, platforms: readonly string[]): SampleGraph {
  return indexOf(
    platforms.map((platform) => ({
      platform: platformOf(platform),
      graph: platformImage(platform, ["shared by all images", `${name} for ${platform}`]),
    })),
  );
}

function platformOf(text: string): Platform {
  const [os = "", architecture = "", variant] = text.split("/");
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
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
