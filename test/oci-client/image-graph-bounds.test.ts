import { describe, expect, test } from "bun:test";
import { DevregError } from "../../src/errors.ts";
import { PAGE_ENTRIES } from "../../src/limits.ts";
import { IMAGE_INDEX_DEPTH, IMAGE_MANIFEST_READS } from "../../src/mirror-limits.ts";
import { hexOf, MemoryRepository, readImageGraph } from "../../src/oci-client/index.ts";
import { failureOf } from "../support/remote.ts";
import { artifactOf, pushGraph, type SampleGraph } from "../support/sample-content.ts";
import { imageOf, indexOf, platformOf } from "../support/sample-images.ts";

const EVERYTHING = { referrers: true };

async function graphOf(sample: SampleGraph) {
  const source = new MemoryRepository();
  await pushGraph(source, sample);
  return readImageGraph(source, sample.root.descriptor, EVERYTHING);
}

describe("readImageGraph() of a hostile source", () => {
  test("bounds the ways through indexes that name the same one again and again", async () => {
    let graph: SampleGraph = imageOf(platformOf("linux/amd64"), ["few bytes"]);
    for (let depth = 1; depth < IMAGE_INDEX_DEPTH; depth += 1) {
      const { root } = indexOf(Array.from({ length: 10 }, () => ({ graph })));
      graph = { root, below: [...graph.below, graph.root] };
    }
    expect((await failureOf(graphOf(graph))).message).toContain(
      `named over ${IMAGE_MANIFEST_READS} times`,
    );
  });

  test("bounds what all manifests hold together, before they are fetched", async () => {
    const padding = "x".repeat(3 * 1024 * 1024);
    const entries = Array.from({ length: 22 }, (_, at) => ({
      graph: indexOf([], { annotations: { padding, at: String(at) } }),
    }));
    const failure = await failureOf(graphOf(indexOf(entries)));
    expect(failure.code).toBe("LIMIT_EXCEEDED");
    expect(failure.message).toContain("manifests of over 64");
  });

  const image = imageOf(platformOf("linux/amd64"), ["signed"]);

  async function signed(): Promise<MemoryRepository> {
    const source = new MemoryRepository();
    const signature = artifactOf(["signature"]);
    for (const one of [image, signature]) await pushGraph(source, one);
    const tag = `sha256-${hexOf(image.root.descriptor.digest)}.sig`;
    await source.tag(signature.root.descriptor, tag);
    return source;
  }

  test("asks for each tag of cosign where a registry lists the same tag without end", async () => {
    const source = await signed();
    const expected = await readImageGraph(source, image.root.descriptor, EVERYTHING);
    let listed = 0;
    source.tags = async function* () {
      for (; ; listed += 1) yield "latest";
    };
    expect(await readImageGraph(source, image.root.descriptor, EVERYTHING)).toEqual(expected);
    expect(listed).toBeLessThanOrEqual(PAGE_ENTRIES);
  });

  test("asks for each tag of cosign where listing stops at a bound", async () => {
    const source = await signed();
    const expected = await readImageGraph(source, image.root.descriptor, EVERYTHING);
    source.tags = async function* () {
      yield* [];
      throw new DevregError("LIMIT_EXCEEDED", "Cannot list tags: over 10000 pages");
    };
    expect(await readImageGraph(source, image.root.descriptor, EVERYTHING)).toEqual(expected);
  });
});
