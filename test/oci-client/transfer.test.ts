import { describe, expect, test } from "bun:test";
import type { Content } from "../../src/bytes.ts";
import { DevregError, RegistryResponseError } from "../../src/errors.ts";
import {
  blobsInOrder,
  type ContentSource,
  createTransfer,
  type Descriptor,
  type Digest,
  hexOf,
  isManifestType,
  MemoryRegistry,
  MemoryRepository,
  type TransferTarget,
} from "../../src/oci-client/index.ts";
import { sourceOf } from "../support/counting-source.ts";
import { failureOf } from "../support/remote.ts";
import { artifactOf, blobOfSize, manifestNaming } from "../support/sample-content.ts";
import { imageFor, imageOf, platformOf, referrerTo } from "../support/sample-images.ts";

/** A repository in memory whose registry can mount, and that writes down what is done. */
class MountingRepository extends MemoryRepository implements TransferTarget {
  readonly writes: string[] = [];
  readonly looks: Digest[] = [];
  /** How the registry answers to mounting; undefined does it. */
  mounts: boolean | undefined;
  readonly #registry: MountingRegistry;

  constructor(registry: MountingRegistry) {
    super();
    this.#registry = registry;
  }

  override exists(target: Descriptor): Promise<boolean> {
    this.looks.push(target.digest);
    return super.exists(target);
  }

  override async push(expected: Descriptor, content: Content): Promise<void> {
    this.writes.push(expected.digest);
    await super.push(expected, content);
  }

  override async tag(target: Descriptor, tag: string, content?: Uint8Array): Promise<void> {
    await super.tag(target, tag, content);
    this.writes.push(tag);
  }

  async mount(target: Descriptor, fromRepository: string): Promise<boolean> {
    const donor = this.#registry.repository(fromRepository);
    this.writes.push(`${target.digest} from ${fromRepository}`);
    if (this.mounts === false || !(await donor.exists(target))) return false;
    await super.push(target, async function* () {
      yield* await donor.fetch(target);
    });
    return true;
  }
}

class MountingRegistry {
  readonly #repositories = new Map<string, MountingRepository>();

  repository(name: string): MountingRepository {
    const known = this.#repositories.get(name) ?? new MountingRepository(this);
    this.#repositories.set(name, known);
    return known;
  }
}

const image = imageFor(["linux/amd64", "linux/arm64"]);

describe("copyImage()", () => {
  test("writes blobs, manifests, signature tags, the tag that keeps alive, then the others", async () => {
    const signature = artifactOf(["cosign"]);
    const sbom = referrerTo(image.root.descriptor, "sbom", "application/spdx+json");
    const source = await sourceOf(image, signature, sbom);
    const sigTag = `sha256-${hexOf(image.root.descriptor.digest)}.sig`;
    await source.content.tag(signature.root.descriptor, sigTag);
    const graph = await source.graphOf(image);
    const target = new MountingRegistry().repository("a");
    const result = await createTransfer().copyImage(graph, source, target, {
      name: "a",
      keepAlive: "keep",
      tags: ["1.0", "latest"],
    });
    const blobs = graph.blobs.length;
    const manifests = graph.manifests.length;
    const written = new Set(graph.blobs.map(({ digest }) => String(digest)));
    expect(target.writes.slice(0, blobs).every((one) => written.has(one))).toBe(true);
    // What was stored with its tag was stored before, so each manifest is written once.
    const pushed = target.writes.filter((one) => one.startsWith("sha256:")).slice(blobs);
    expect(new Set(pushed.slice(0, manifests)).size).toBe(manifests);
    const place = (digest: string) => target.writes.indexOf(digest);
    const root = place(image.root.descriptor.digest);
    for (const { descriptor } of image.below) expect(place(descriptor.digest)).toBeLessThan(root);
    expect(place(sbom.root.descriptor.digest)).toBeGreaterThan(root);
    const tags = target.writes.filter((one) => !one.startsWith("sha256:"));
    expect(tags).toEqual([sigTag, "keep", "1.0", "latest"]);
    expect(place(sigTag)).toBeGreaterThan(blobs + manifests - 1);
    expect(result).toEqual({
      copied: blobs + manifests,
      mounted: 0,
      reused: 0,
      bytes: graph.bytes,
    });
  });

  test("writes nothing when everything is there", async () => {
    const sbom = referrerTo(image.root.descriptor, "sbom", "application/spdx+json");
    const source = await sourceOf(image, sbom);
    const graph = await source.graphOf(image);
    const target = new MountingRegistry().repository("a");
    const options = { name: "a", keepAlive: "keep", tags: ["1.0"] };
    await createTransfer().copyImage(graph, source, target, options);
    target.writes.length = 0;
    target.looks.length = 0;
    source.reads.clear();
    const result = await createTransfer().copyImage(graph, source, target, options);
    expect(result).toEqual({
      copied: 0,
      mounted: 0,
      reused: graph.blobs.length + graph.manifests.length,
      bytes: 0,
    });
    expect(target.writes).toEqual([]);
    expect(source.reads.size).toBe(0);
    expect(target.looks).toHaveLength(graph.blobs.length + graph.manifests.length);
  });

  test("moves a tag, and asks once for what images of one repository share", async () => {
    const [one, two] = [imageOf(platformOf("linux/amd64"), ["base", "1"]), image];
    const source = await sourceOf(one, two);
    const transfer = createTransfer();
    const target = new MountingRegistry().repository("a");
    for (const sample of [one, two, one]) {
      const graph = await source.graphOf(sample);
      await transfer.copyImage(graph, source, target, { name: "a", tags: ["latest"] });
      expect((await target.resolve("latest"))?.digest).toBe(sample.root.descriptor.digest);
    }
    expect(new Set(target.looks).size).toBe(target.looks.length);
  });

  test("reads what 40 images share once, and mounts it everywhere else", async () => {
    const images = Array.from({ length: 40 }, (_, at) =>
      imageOf(platformOf("linux/amd64"), ["the base", `layer ${at}`]),
    );
    const source = await sourceOf(...images);
    const transfer = createTransfer();
    const registry = new MountingRegistry();
    const results = await Promise.all(
      images.map(async (sample, at) => {
        const graph = await source.graphOf(sample);
        const name = `repository-${at}`;
        const target = registry.repository(name);
        source.reads.clear();
        return transfer.copyImage(graph, source, target, { name, tags: ["1"] });
      }),
    );
    const base = images[0]?.below[1]?.descriptor.digest ?? "sha256:";
    expect(source.reads.get(base)).toBe(1);
    expect(results.reduce((sum, { mounted }) => sum + mounted, 0)).toBe(39);
    for (const [at, { root }] of images.entries()) {
      const there = await registry.repository(`repository-${at}`).resolve("1");
      expect(there?.digest).toBe(root.descriptor.digest);
    }
  });

  test("asks a registry without the image for its blobs alone, and stores its root with a tag", async () => {
    const source = await sourceOf(image);
    const graph = await source.graphOf(image);
    const target = new MountingRegistry().repository("a");
    const options = { name: "a", keepAlive: "keep", tags: ["1.0"] };
    const result = await createTransfer().copyImage(graph, source, target, options);
    const blobs = graph.blobs.map(({ digest }) => digest);
    const root = graph.root.digest;
    expect(target.looks.sort()).toEqual(blobs.sort());
    // In memory, a manifest with its tag is one step that writes twice.
    const ends = target.writes.filter((one) => one === root || !one.startsWith("sha256:"));
    expect(ends).toEqual([root, "keep", root, "1.0"]);
    expect((await target.resolve(root))?.digest).toBe(root);
    expect(result).toMatchObject({ copied: graph.blobs.length + graph.manifests.length });
  });

  test("moves blobs in the order that is told, the largest first", async () => {
    const sample = imageOf(platformOf("linux/amd64"), ["1", "4444", "22", "333"]);
    const source = await sourceOf(sample);
    const { blobs } = await source.graphOf(sample);
    const sizes = blobsInOrder({ blobs }).map(({ size }) => size);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(sizes.slice(1)).toEqual([4, 3, 2, 1]);
  });

  test("mounts what this run brought without a look, which it takes where mounting is refused", async () => {
    const source = await sourceOf(image);
    const graph = await source.graphOf(image);
    const registry = new MountingRegistry();
    const there = registry.repository("c");
    for (const { descriptor, bytes } of image.below) await there.push(descriptor, bytes);
    there.mounts = false;
    there.looks.length = 0;
    const transfer = createTransfer();
    for (const name of ["a", "b", "c"]) {
      await transfer.copyImage(graph, source, registry.repository(name), { name, tags: [] });
    }
    expect(registry.repository("b").looks).toEqual([]);
    const { writes, looks } = there;
    for (const { digest } of graph.blobs) {
      expect(looks).toContain(digest);
      expect(writes.filter((one) => one === digest)).toHaveLength(1);
    }
    for (const { digest } of graph.blobs) expect(source.reads.get(digest)).toBe(1);
  });

  test("sends what the registry does not mount", async () => {
    const source = await sourceOf(image);
    const graph = await source.graphOf(image);
    const transfer = createTransfer();
    const registry = new MountingRegistry();
    await transfer.copyImage(graph, source, registry.repository("a"), { name: "a", tags: [] });
    const target = registry.repository("b");
    target.mounts = false;
    const result = await transfer.copyImage(graph, source, target, { name: "b", tags: ["1"] });
    expect(result).toMatchObject({ mounted: 0, reused: 0, bytes: graph.bytes });
    expect((await target.resolve("1"))?.digest).toBe(graph.root.digest);
  });

  test("mounts from a repository that had it all along", async () => {
    const source = await sourceOf(image);
    const graph = await source.graphOf(image);
    const registry = new MountingRegistry();
    await createTransfer().copyImage(graph, source, registry.repository("a"), {
      name: "a",
      tags: [],
    });
    source.reads.clear();
    const transfer = createTransfer();
    for (const name of ["a", "b"]) {
      await transfer.copyImage(graph, source, registry.repository(name), { name, tags: [] });
    }
    expect(source.reads.size).toBe(0);
    expect(registry.repository("b").writes.some((one) => one.endsWith(" from a"))).toBe(true);
  });

  for (const place of ["the same repository", "repositories of their own"]) {
    test(`in ${place}, an image does not fail because another could not read its source`, async () => {
      const source = await sourceOf(image);
      const graph = await source.graphOf(image);
      const broken: ContentSource = {
        exists: (target) => source.exists(target),
        fetch: async () => {
          throw new DevregError("NETWORK", "Cannot read the source: it is gone");
        },
      };
      const transfer = createTransfer();
      const registry = new MountingRegistry();
      const copies = [broken, source, source].map((from, at) => {
        const name = place === "the same repository" ? "a" : `a${at}`;
        return transfer.copyImage(graph, from, registry.repository(name), { name, tags: ["1"] });
      });
      const [first, ...others] = await Promise.allSettled(copies);
      expect(first?.status).toBe("rejected");
      expect(others.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"]);
    });
  }

  test("tells all bytes once, whatever is read again, mounted or there", async () => {
    const large = blobOfSize(3_000_000);
    const config = blobOfSize(100, 2);
    const other = blobOfSize(1000, 3);
    const samples = [[large], [large, other]].map((layers) => ({
      root: manifestNaming(
        config.descriptor,
        layers.map(({ descriptor }) => descriptor),
      ),
      below: [config, ...layers],
    }));
    const source = await sourceOf(...samples);
    let bytes = 0;
    const transfer = createTransfer({
      onBytes: (more) => {
        bytes += more;
      },
    });
    const registry = new MemoryRegistry();
    const distinct = new Map<Digest, number>();
    for (const [at, sample] of samples.entries()) {
      const graph = await source.graphOf(sample);
      const name = `r${at}`;
      await transfer.copyImage(graph, source, registry.repository(name), { name, tags: [] });
      for (const { digest, size } of graph.blobs) distinct.set(digest, size);
      for (const { descriptor } of graph.manifests)
        distinct.set(descriptor.digest, descriptor.size);
    }
    expect(bytes).toBe([...distinct.values()].reduce((sum, size) => sum + size, 0));
  });

  test("ends at the signal, before a tag", async () => {
    const source = await sourceOf(image);
    const graph = await source.graphOf(image);
    const abort = new AbortController();
    const target = new MountingRegistry().repository("a");
    const push = target.push.bind(target);
    target.push = async (expected, content) => {
      if (isManifestType(expected.mediaType)) abort.abort();
      await push(expected, content);
    };
    const transfer = createTransfer({ signal: abort.signal });
    const copy = transfer.copyImage(graph, source, target, { name: "a", tags: ["1.0"] });
    expect((await failureOf(copy)).code).toBe("ABORTED");
    expect(await target.resolve("1.0")).toBeUndefined();
  });

  test("sends once more what a registry finds it lacks, and no more than once", async () => {
    const source = await sourceOf(image);
    const graph = await source.graphOf(image);
    const restored: Digest[] = [];
    const target: TransferTarget = Object.assign(new MountingRegistry().repository("a"), {
      restore: async (expected: Descriptor) => {
        restored.push(expected.digest);
      },
    });
    const refusals = new Map<Digest, number>();
    let patience = 1;
    const push = target.push.bind(target);
    target.push = async (expected, content) => {
      const count = refusals.get(expected.digest) ?? 0;
      refusals.set(expected.digest, count + 1);
      if (isManifestType(expected.mediaType) && count < patience) {
        throw blobUnknown(expected.digest);
      }
      await push(expected, content);
    };
    const options = { name: "a", tags: ["1.0"] };
    await createTransfer().copyImage(graph, source, target, options);
    expect(restored.sort()).toEqual(graph.blobs.map(({ digest }) => digest).sort());
    expect((await target.resolve("1.0"))?.digest).toBe(graph.root.digest);
    target.exists = async () => false;
    refusals.clear();
    patience = Number.POSITIVE_INFINITY;
    const failure = await failureOf(createTransfer().copyImage(graph, source, target, options));
    expect(failure.message).toContain("MANIFEST_BLOB_UNKNOWN");
    expect(Math.max(...refusals.values())).toBe(2);
  });
});

function blobUnknown(digest: Digest): RegistryResponseError {
  const message = `Cannot push manifest ${digest}: it answered 400 (MANIFEST_BLOB_UNKNOWN)`;
  const errors = [{ code: "MANIFEST_BLOB_UNKNOWN", message: "" }];
  const exchange = { method: "PUT", url: "https://r.example/", status: 400, errors };
  return new RegistryResponseError("REGISTRY_RESPONSE", message, exchange);
}
