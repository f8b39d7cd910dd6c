import type { BundleRoot } from "../../src/airgap/bundle/bundle-root.ts";
import { writeBundleRoot } from "../../src/airgap/bundle/bundle-root.ts";
import { writeMirrorRecord } from "../../src/airgap/bundle/mirror-record.ts";
import type { LockedImage, MirrorLock } from "../../src/airgap/lock.ts";
import {
  type Build,
  packIndexArtifact,
  packStackArtifacts,
  publishBuild,
} from "../../src/generator/index.ts";
import { silentLogger } from "../../src/log.ts";
import { createLayout, parseReference, type Registry } from "../../src/oci-client/index.ts";
import { noProgress } from "../../src/progress.ts";
import { sampleBuild } from "./sample-build.ts";
import { artifactOf, pushGraph, type SampleGraph } from "./sample-content.ts";
import { sampleImage, sampleLock } from "./sample-lock.ts";

/** The image of a sample bundle. */
export const BUNDLED_IMAGE = "quay.io/devfile/udi:ubi9";
/** What that image is. */
export const BUNDLED_GRAPH: SampleGraph = artifactOf(["a layer of some length"]);

/** Writes a bundle with one image and a registry of devfiles to a folder. */
export async function writeSampleBundle(
  folder: string,
  parts: { readonly build?: Build } = {},
): Promise<MirrorLock> {
  const registry = await createLayout(folder);
  const lock = bundledLock();
  const published = await publishSample(registry, parts.build ?? (await sampleBuild()));
  await pushBundledImage(registry, "quay.io/devfile/udi");
  const record = await writeMirrorRecord(registry, { lock, mapping: "" });
  const roots: BundleRoot[] = [
    { name: BUNDLED_IMAGE, descriptor: BUNDLED_GRAPH.root.descriptor },
    { name: "devreg/mirror:latest", descriptor: record },
    ...published,
  ];
  await writeBundleRoot(registry, { roots });
  return lock;
}

/** Gives the lock of a sample bundle. */
export function bundledLock(): MirrorLock {
  const { digest, mediaType, size } = BUNDLED_GRAPH.root.descriptor;
  const image: LockedImage = {
    ...sampleImage(BUNDLED_IMAGE),
    digest,
    mediaType,
    size,
    mirrored: digest,
    platforms: {},
    referrers: [],
    signatureTags: {},
  };
  return sampleLock({ images: [image] });
}

/** Brings the image of a sample bundle into a repository, with its tag. */
export async function pushBundledImage(registry: Registry, name: string): Promise<void> {
  const repository = registry.repository(name);
  await pushGraph(repository, BUNDLED_GRAPH);
  const { tag = "latest" } = parseReference(BUNDLED_IMAGE);
  await repository.tag(BUNDLED_GRAPH.root.descriptor, tag);
}

/** Publishes a build, and gives its artifacts by name. */
export async function publishSample(registry: Registry, build: Build): Promise<BundleRoot[]> {
  const stacks = await packStackArtifacts(build);
  const index = await packIndexArtifact(build, stacks);
  const { digests } = await publishBuild(stacks, index, registry, {
    log: silentLogger,
    progress: noProgress,
  });
  const roots: BundleRoot[] = [];
  for (const name of Object.keys(digests)) {
    const [repository = "", tag = ""] = name.split(":");
    const descriptor = await registry.repository(repository).resolve(tag);
    if (descriptor !== undefined) roots.push({ name, descriptor });
  }
  return roots;
}
