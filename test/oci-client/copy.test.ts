import { describe, expect, test } from "bun:test";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Content } from "../../src/bytes.ts";
import {
  type CopyTarget,
  createCopier,
  createLayout,
  type Descriptor,
  type Digest,
  hexOf,
  isManifestType,
  MemoryRepository,
} from "../../src/oci-client/index.ts";
import {
  artifactOf,
  blobOfSize,
  imageIndexOf,
  manifestNaming,
  pushGraph,
  type SampleGraph,
} from "../support/sample-content.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { codeOf } from "./behaviour.ts";

async function sourceOf(...graphs: readonly SampleGraph[]): Promise<MemoryRepository> {
  const source = new MemoryRepository();
  for (const graph of graphs) await pushGraph(source, graph);
  return source;
}

/** A repository in memory that writes down what is asked of it, and may have lost content. */
class RecordingTarget implements CopyTarget {
  readonly writes: string[] = [];
  readonly lost = new Set<Digest>();
  readonly #content = new MemoryRepository();

  async exists(target: Descriptor): Promise<boolean> {
    return !this.lost.has(target.digest) && this.#content.exists(target);
  }

  fetch(target: Descriptor) {
    return this.#content.fetch(target);
  }

  async push(expected: Descriptor, content: Content): Promise<void> {
    this.writes.push(expected.digest);
    this.lost.delete(expected.digest);
    await this.#content.push(expected, content);
  }

  resolve(reference: string) {
    return this.#content.resolve(reference);
  }

  tags() {
    return this.#content.tags();
  }

  async tag(target: Descriptor, tag: string, content?: Uint8Array): Promise<void> {
    this.writes.push(content === undefined ? tag : `${tag} with ${target.digest}`);
    await this.#content.tag(target, tag, content);
  }
}

const digestsOf = (samples: readonly { descriptor: Descriptor }[]) =>
  samples.map(({ descriptor }) => descriptor.digest);

describe("copyGraph()", () => {
  test("writes children before the root, and the tag in one step with it", async () => {
    const graph = artifactOf(["a", "b"]);
    const target = new RecordingTarget();
    const copier = createCopier();
    const { descriptor } = graph.root;
    const result = await copier.copyGraph(await sourceOf(graph), target, descriptor, {
      tag: "1.0",
    });
    expect(target.writes.slice(0, -1).sort()).toEqual(digestsOf(graph.below).sort());
    expect(target.writes.at(-1)).toBe(`1.0 with ${descriptor.digest}`);
    expect(await target.resolve("1.0")).toMatchObject({ digest: descriptor.digest });
    const bytes = [...graph.below, graph.root].reduce((sum, one) => sum + one.bytes.byteLength, 0);
    expect(result).toEqual({ copied: 4, skipped: 0, bytes });
  });

  test("writes each manifest of an image index after what it needs", async () => {
    const children = [artifactOf(["amd64"]), artifactOf(["arm64"])];
    const graph = imageIndexOf(children);
    const target = new RecordingTarget();
    await createCopier().copyGraph(await sourceOf(graph), target, graph.root.descriptor);
    for (const { root, below } of children) {
      const position = target.writes.indexOf(root.descriptor.digest);
      for (const digest of digestsOf(below)) {
        expect(target.writes.indexOf(digest)).toBeLessThan(position);
        expect(target.writes).toContain(digest);
      }
    }
    expect(target.writes.at(-1)).toBe(graph.root.descriptor.digest);
  });

  test("skips a node that the target already has", async () => {
    const [first, second] = [artifactOf(["shared", "one"]), artifactOf(["shared", "two"])];
    const source = await sourceOf(first, second);
    const target = new RecordingTarget();
    await createCopier().copyGraph(source, target, first.root.descriptor);
    target.writes.length = 0;
    const result = await createCopier().copyGraph(source, target, second.root.descriptor);
    expect(result).toMatchObject({ copied: 2, skipped: 2 });
    expect(target.writes).toEqual(
      digestsOf([second.below[2], second.root].flatMap((x) => x ?? [])),
    );
  });

  test("writes nothing but the tag when the target has the root", async () => {
    const graph = artifactOf(["there"]);
    const source = await sourceOf(graph);
    const target = new RecordingTarget();
    await createCopier().copyGraph(source, target, graph.root.descriptor);
    target.writes.length = 0;
    const options = { tag: "2.0" };
    const result = await createCopier().copyGraph(source, target, graph.root.descriptor, options);
    expect(result).toEqual({ copied: 0, skipped: 1, bytes: 0 });
    expect(target.writes).toEqual(["2.0"]);
  });

  test("sends a blob that graphs share once, also when they are copied side by side", async () => {
    const graphs = Array.from({ length: 10 }, (_, number) => artifactOf(["shared", `${number}`]));
    const source = await sourceOf(...graphs);
    const target = new RecordingTarget();
    const { copyGraph } = createCopier();
    const results = await Promise.all(
      graphs.map(({ root }) => copyGraph(source, target, root.descriptor)),
    );
    expect(target.writes).toHaveLength(new Set(target.writes).size);
    // Ten roots, ten layers, one shared layer and one config.
    expect(results.reduce((sum, { copied }) => sum + copied, 0)).toBe(22);
  });

  test("leaves the root and the tag absent when a child fails; a second run completes it", async () => {
    const graph = artifactOf(["fine", "fails"]);
    const source = await sourceOf(graph);
    const target = new RecordingTarget();
    const failing = graph.below[2]?.descriptor.digest;
    let failures = 1;
    const push = target.push.bind(target);
    target.push = async (expected, content) => {
      if (expected.digest === failing && failures-- > 0) throw new Error("the disk is full");
      return push(expected, content);
    };
    const { copyGraph } = createCopier();
    const options = { tag: "1.0" };
    const first = copyGraph(source, target, graph.root.descriptor, options);
    await expect(first).rejects.toThrow("the disk is full");
    expect(await target.exists(graph.root.descriptor)).toBe(false);
    expect(await target.resolve("1.0")).toBeUndefined();
    await copyGraph(source, target, graph.root.descriptor, options);
    expect(await target.resolve("1.0")).toBeDefined();
    for (const { descriptor } of graph.below) expect(await target.exists(descriptor)).toBe(true);
  });

  test("fails when the source lacks a child, and writes neither root nor tag", async () => {
    const { root, below } = artifactOf(["lost"]);
    const source = new MemoryRepository();
    await source.push(root.descriptor, root.bytes);
    const target = new RecordingTarget();
    const copy = createCopier().copyGraph(source, target, root.descriptor, { tag: "1.0" });
    expect(await codeOf(copy)).toBe("NOT_FOUND");
    expect(target.writes).toEqual([]);
    expect(below.length).toBeGreaterThan(0);
  });

  test("to repair, sends again what the target lost below a root that it has", async () => {
    const graph = imageIndexOf([artifactOf(["amd64"]), artifactOf(["arm64"])]);
    const source = await sourceOf(graph);
    const target = new RecordingTarget();
    await createCopier().copyGraph(source, target, graph.root.descriptor);
    const lost = graph.below.find(({ descriptor }) => !isManifestType(descriptor.mediaType));
    if (lost) target.lost.add(lost.descriptor.digest);
    target.writes.length = 0;
    await createCopier().copyGraph(source, target, graph.root.descriptor);
    expect(target.writes).toEqual([]);
    const result = await createCopier().copyGraph(source, target, graph.root.descriptor, {
      repair: true,
    });
    expect(target.writes).toEqual(digestsOf(lost ? [lost] : []));
    expect(result.copied).toBe(1);
  });

  test("streams large content into a layout and out of it again", async () => {
    await using folder = await temporaryFolder();
    const large = blobOfSize(5_000_000);
    const config = blobOfSize(10, 2);
    const root = manifestNaming(config.descriptor, [large.descriptor]);
    const graph = { root, below: [config, large] };
    const repository = (await createLayout(folder.path)).repository("large");
    const { copyGraph } = createCopier();
    await copyGraph(await sourceOf(graph), repository, root.descriptor);
    const back = new MemoryRepository();
    expect(await copyGraph(repository, back, root.descriptor)).toMatchObject({ copied: 3 });
    expect(await back.exists(large.descriptor)).toBe(true);
  });

  test("repairs a layout that lost a file although its root is there", async () => {
    await using folder = await temporaryFolder();
    const graph = artifactOf(["kept", "lost"]);
    const source = await sourceOf(graph);
    const target = (await createLayout(folder.path)).repository("a");
    await createCopier().copyGraph(source, target, graph.root.descriptor, { tag: "1.0" });
    const digest = graph.below[2]?.descriptor.digest ?? graph.root.descriptor.digest;
    await rm(join(folder.path, "blobs/sha256", hexOf(digest)));
    const again = createCopier().copyGraph(source, target, graph.root.descriptor, { tag: "1.0" });
    expect(await again).toMatchObject({ copied: 2, skipped: 2 });
    expect(await target.exists(graph.root.descriptor)).toBe(true);
  });
});
