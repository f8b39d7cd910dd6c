import { describe, expect, test } from "bun:test";
import { MemoryRegistry, platformName, readPlatforms } from "../../src/oci-client/index.ts";
import { pushGraph, type SampleGraph } from "../support/sample-content.ts";
import { multiPlatformImage, platformImage } from "../support/sample-image.ts";
import { attestationOf, indexOf } from "../support/sample-images.ts";

async function platformsOf(image: SampleGraph): Promise<string[]> {
  const repository = new MemoryRegistry().repository("team/app");
  await pushGraph(repository, image);
  return (await readPlatforms(repository, image.root.descriptor)).map(platformName);
}

describe("readPlatforms()", () => {
  test("gives those of an image index", async () => {
    const platforms = ["linux/amd64", "linux/arm64/v8"];
    expect(await platformsOf(multiPlatformImage("app", platforms))).toEqual(platforms);
  });

  test("asks configs where the index does not say, and leaves attestations out", async () => {
    const graph = platformImage("linux/s390x", ["layer"]);
    const image = indexOf([{ graph }, attestationOf(graph.root.descriptor)]);
    expect(await platformsOf(image)).toEqual(["linux/s390x"]);
  });

  test("gives the one of an image without an index", async () => {
    expect(await platformsOf(platformImage("linux/ppc64le", ["layer"]))).toEqual(["linux/ppc64le"]);
  });
});
