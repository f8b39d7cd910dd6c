import { LOCK_API_VERSION, type LockedImage, type MirrorLock } from "../../src/airgap/lock.ts";
import type { ImageOccurrence } from "../../src/airgap/occurrence.ts";
import { utf8 } from "../../src/bytes.ts";
import { type Digest, digestOf } from "../../src/oci-client/index.ts";

/** Gives the digest of a text. */
export function digestOfText(text: string): Digest {
  return digestOf(utf8(text));
}

/** Makes a place that names an image. */
export function sampleOccurrence(
  image: string,
  file = "stacks/go/1.0.0/devfile.yaml",
): ImageOccurrence {
  return {
    file,
    pointer: "/components/0/container/image",
    range: [100, 100 + image.length],
    text: image,
    kind: "container",
    class: "pull",
    reason: "the image of a container",
    image,
  };
}

/** Makes a locked image whose digest follows from its name and `content`. */
export function sampleImage(image: string, content = "", file?: string): LockedImage {
  const digest = digestOfText(`${image} ${content}`);
  return {
    image,
    digest,
    mediaType: "application/vnd.oci.image.index.v1+json",
    size: 500,
    mirrored: digest,
    bytes: 4096,
    platforms: { "linux/amd64": digestOfText("amd64"), "linux/arm64": digestOfText("arm64") },
    referrers: [{ digest: digestOfText("sbom"), subject: digest, artifactType: "a/b" }],
    signatureTags: { [`sha256-${digest.slice(7)}.sig`]: digestOfText("signature") },
    leftOut: [],
    occurrences: [sampleOccurrence(image, file)],
  };
}

/** Makes a lock with two images, a reference that is not mirrored, a project, a file and a base. */
export function sampleLock(parts: Partial<MirrorLock> = {}): MirrorLock {
  const { image: _, ...reference } = sampleOccurrence("go-image:latest");
  return {
    apiVersion: LOCK_API_VERSION,
    kind: "MirrorLock",
    sources: [
      {
        url: "https://git.example/registry",
        commit_hash: "1".repeat(40),
        commit_time: "2024-01-01T00:00:00Z",
      },
    ],
    platforms: [],
    exclude: ["java-*"],
    images: [sampleImage("quay.io/devfile/golang:1.22"), sampleImage("quay.io/devfile/udi:latest")],
    references: [{ ...reference, class: "build-output", reason: "built by component 1" }],
    projects: [{ url: "https://git.example/app", revision: "main", commit_hash: "2".repeat(40) }],
    files: [{ url: "https://www.example/i.svg", sha256: "3".repeat(64), size: 10 }],
    base: { ...sampleImage("gcr.io/base:latest"), occurrences: [] },
    ...parts,
  };
}
