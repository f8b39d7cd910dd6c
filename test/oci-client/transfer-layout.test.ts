import { describe, expect, test } from "bun:test";
import {
  createLayout,
  createTransfer,
  hexOf,
  isManifestType,
  readImageGraph,
} from "../../src/oci-client/index.ts";
import { sourceOf } from "../support/counting-source.ts";
import { artifactOf } from "../support/sample-content.ts";
import { imageFor, imageOf, platformOf, referrerTo } from "../support/sample-images.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const image = imageFor(["linux/amd64", "linux/arm64"]);

describe("copyImage() into a layout", () => {
  test("stores what images share once, and reads it once", async () => {
    await using folder = await temporaryFolder();
    const layout = await createLayout(folder.path);
    const images = Array.from({ length: 5 }, (_, at) =>
      imageOf(platformOf("linux/amd64"), ["the base", `layer ${at}`]),
    );
    const source = await sourceOf(...images);
    const transfer = createTransfer();
    await Promise.all(
      images.map(async (sample, at) => {
        const graph = await source.graphOf(sample);
        const name = `docker.io/library/app-${at}`;
        await transfer.copyImage(graph, source, layout.repository(name), { name, tags: ["1"] });
      }),
    );
    const base = images[0]?.below[1]?.descriptor.digest ?? "sha256:";
    expect(source.reads.get(base)).toBe(1);
    for (const [at, { root, below }] of images.entries()) {
      const repository = layout.repository(`docker.io/library/app-${at}`);
      expect((await repository.resolve("1"))?.digest).toBe(root.descriptor.digest);
      for (const { descriptor } of below) expect(await repository.exists(descriptor)).toBe(true);
    }
  });

  test("and out of it again gives the same graph, referrers included", async () => {
    await using folder = await temporaryFolder();
    const child = image.below.find(({ descriptor }) => isManifestType(descriptor.mediaType));
    const sbom = referrerTo(child?.descriptor ?? image.root.descriptor, "sbom", "text/spdx");
    const signature = referrerTo(sbom.root.descriptor, "signed", "text/signature");
    const cosign = artifactOf(["cosign"]);
    const source = await sourceOf(image, sbom, signature, cosign);
    const tag = `sha256-${hexOf(image.root.descriptor.digest)}.sig`;
    await source.content.tag(cosign.root.descriptor, tag);
    const graph = await source.graphOf(image);
    const stored = (await createLayout(folder.path)).repository("quay.io/a/b");
    await createTransfer().copyImage(graph, source, stored, { name: "quay.io/a/b", tags: ["1"] });
    const root = (await stored.resolve("1")) ?? image.root.descriptor;
    expect(await readImageGraph(stored, root, { referrers: true })).toEqual(graph);
    expect(graph.referrers).toHaveLength(2);
  });

  test("keeps the gaps of a sparse index", async () => {
    await using folder = await temporaryFolder();
    const source = await sourceOf(image);
    const options = {
      platforms: [platformOf("linux/arm64")],
      platformMode: "sparse",
      referrers: false,
    } as const;
    const graph = await readImageGraph(source.content, image.root.descriptor, options);
    const stored = (await createLayout(folder.path)).repository("a");
    await createTransfer().copyImage(graph, source, stored, { name: "a", tags: ["1"] });
    expect((await stored.resolve("1"))?.digest).toBe(image.root.descriptor.digest);
    expect(await readImageGraph(stored, graph.root, options)).toEqual(graph);
  });
});
