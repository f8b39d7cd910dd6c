import { describe, expect, test } from "bun:test";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readAll } from "../../src/bytes.ts";
import {
  createCopier,
  createLayout,
  type LayoutRegistry,
  MemoryRepository,
  openLayout,
  openReadonlyLayout,
} from "../../src/oci-client/index.ts";
import {
  artifactOf,
  blobOf,
  blobOfSize,
  imageIndexOf,
  inChunks,
  pushGraph,
  type SampleGraph,
} from "../support/sample-content.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { codeOf, describeRepository } from "./behaviour.ts";

describeRepository("LayoutRepository", async () => {
  const folder = await temporaryFolder();
  const registry = await createLayout(folder.path);
  return { repository: registry.repository("devfile-catalog/go"), close: folder.remove };
});

async function pushTagged(
  registry: LayoutRegistry,
  repository: string,
  tag: string,
  graph: SampleGraph,
): Promise<void> {
  await pushGraph(registry.repository(repository), graph);
  await registry.repository(repository).tag(graph.root.descriptor, tag);
}

async function refNames(folder: string): Promise<string[]> {
  const { manifests } = JSON.parse(await readFile(join(folder, "index.json"), "utf8"));
  return manifests.map(
    ({ annotations }: { annotations: Record<string, string> }) =>
      annotations["org.opencontainers.image.ref.name"],
  );
}

describe("LayoutRegistry", () => {
  test("content of one repository cannot be read through another", async () => {
    await using folder = await temporaryFolder();
    const registry = await createLayout(folder.path);
    const graph = artifactOf(["private"]);
    await pushTagged(registry, "mine", "1.0", graph);
    const other = registry.repository("other");
    const [config] = graph.below;
    expect(await other.resolve("1.0")).toBeUndefined();
    expect(await other.resolve(graph.root.descriptor.digest)).toBeUndefined();
    expect(await other.exists(graph.root.descriptor)).toBe(false);
    expect(await other.resolveBlob(config?.descriptor.digest ?? "sha256:")).toBeUndefined();
    expect(await codeOf(other.fetch(graph.root.descriptor))).toBe("NOT_FOUND");
    expect(await codeOf(other.fetch(config?.descriptor ?? graph.root.descriptor))).toBe(
      "NOT_FOUND",
    );
    expect(await codeOf(other.tag(graph.root.descriptor, "1.0"))).toBe("NOT_FOUND");
  });

  test("a blob that another repository stored is taken over without reading it again", async () => {
    await using folder = await temporaryFolder();
    const registry = await createLayout(folder.path);
    const { descriptor, bytes } = blobOf("stored once");
    await registry.repository("first").push(descriptor, bytes);
    const second = registry.repository("second");
    expect(await second.exists(descriptor)).toBe(true);
    await second.push(descriptor, () => {
      throw new Error("read again");
    });
    expect(await readAll(await second.fetch(descriptor), 100, "blob")).toEqual(bytes);
    expect(await readdir(join(folder.path, "blobs/sha256"))).toHaveLength(1);
  });

  test("what was pushed is there after opening the layout again", async () => {
    await using folder = await temporaryFolder();
    const graph = imageIndexOf([artifactOf(["a"]), artifactOf(["b"])]);
    await pushTagged(await createLayout(folder.path), "multi", "1.0", graph);
    const registry = await openReadonlyLayout(folder.path);
    const repository = registry.repository("multi");
    expect(await Array.fromAsync(registry.repositories())).toEqual(["multi"]);
    expect(await repository.resolve("1.0")).toEqual(graph.root.descriptor);
    for (const { descriptor, bytes } of [...graph.below, graph.root]) {
      expect(await repository.exists(descriptor)).toBe(true);
      expect(await readAll(await repository.fetch(descriptor), 9_999, "content")).toEqual(bytes);
    }
  });

  test("a manifest whose tag moved away is still found by its digest after opening again", async () => {
    await using folder = await temporaryFolder();
    const registry = await createLayout(folder.path);
    const [old, young] = [artifactOf(["old"]), artifactOf(["young"])];
    await pushTagged(registry, "moving", "latest", old);
    await pushTagged(registry, "moving", "latest", young);
    const { digest } = old.root.descriptor;
    expect(await refNames(folder.path)).toEqual(["moving:latest", `moving@${digest}`]);
    const reopened = (await openReadonlyLayout(folder.path)).repository("moving");
    expect(await reopened.resolve("latest")).toEqual(young.root.descriptor);
    expect(await reopened.resolve(digest)).toEqual(old.root.descriptor);
  });

  test("index.json names roots only: children of an image index are not among them", async () => {
    await using folder = await temporaryFolder();
    const registry = await createLayout(folder.path);
    const graph = imageIndexOf([artifactOf(["a"]), artifactOf(["b"])]);
    await pushGraph(registry.repository("multi"), graph);
    expect(await refNames(folder.path)).toEqual([`multi@${graph.root.descriptor.digest}`]);
    await registry.repository("multi").tag(graph.root.descriptor, "1.0");
    expect(await refNames(folder.path)).toEqual(["multi:1.0"]);
  });

  test("pushes side by side lose no tag, and index.json has the same bytes in any order", async () => {
    const graphs = Array.from({ length: 40 }, (_, number) => artifactOf([`layer ${number}`]));
    const build = async (order: readonly number[]) => {
      await using folder = await temporaryFolder();
      const registry = await createLayout(folder.path);
      await Promise.all(
        order.map((number) =>
          pushTagged(
            registry,
            `stack-${number % 7}`,
            `${number}.0`,
            graphs[number] ?? artifactOf([]),
          ),
        ),
      );
      expect(await refNames(folder.path)).toHaveLength(40);
      return await readFile(join(folder.path, "index.json"), "utf8");
    };
    const upwards = graphs.map((_, number) => number);
    expect(await build(upwards)).toBe(await build(upwards.toReversed()));
  });

  test("a reader sees what a writer adds to the same folder", async () => {
    await using folder = await temporaryFolder();
    const writer = await createLayout(folder.path);
    const reader = await openReadonlyLayout(folder.path);
    const graph = artifactOf(["added later"]);
    expect(await Array.fromAsync(reader.repositories())).toEqual([]);
    await pushTagged(writer, "late", "1.0", graph);
    expect(await reader.repository("late").resolve("1.0")).toEqual(graph.root.descriptor);
    await writer.repository("late").tag(graph.root.descriptor, "2.0");
    expect(await Array.fromAsync(reader.repository("late").tags())).toEqual(["1.0", "2.0"]);
  });

  test("two writers of the same folder keep each other's tags", async () => {
    await using folder = await temporaryFolder();
    const first = await createLayout(folder.path);
    const second = await openLayout(folder.path);
    await pushTagged(first, "one", "1.0", artifactOf(["one"]));
    await pushTagged(second, "two", "1.0", artifactOf(["two"]));
    await pushTagged(first, "one", "2.0", artifactOf(["one again"]));
    expect(await refNames(folder.path)).toEqual(["one:1.0", "one:2.0", "two:1.0"]);
  });

  test("repositories are listed when something is in them, in byte order", async () => {
    await using folder = await temporaryFolder();
    const registry = await createLayout(folder.path);
    registry.repository("only-asked-for");
    for (const name of ["b", "a/z", "a"]) await pushTagged(registry, name, "1", artifactOf([name]));
    expect(await Array.fromAsync(registry.repositories())).toEqual(["a", "a/z", "b"]);
  });

  test("large content is read in pieces of at most 256 KiB", async () => {
    await using folder = await temporaryFolder();
    const repository = (await createLayout(folder.path)).repository("large");
    const { descriptor, bytes } = blobOfSize(1_000_000);
    await repository.push(descriptor, inChunks(bytes, 400_000));
    const sizes: number[] = [];
    for await (const chunk of await repository.fetch(descriptor)) sizes.push(chunk.byteLength);
    expect(sizes).toEqual([262_144, 262_144, 262_144, 213_568]);
  });

  test("reading stops when its signal is aborted", async () => {
    await using folder = await temporaryFolder();
    const repository = (await createLayout(folder.path)).repository("large");
    const { descriptor, bytes } = blobOfSize(1_000_000);
    await repository.push(descriptor, bytes);
    const abort = new AbortController();
    const stream = await repository.fetch(descriptor, { signal: abort.signal });
    const drain = async () => {
      for await (const _ of stream) abort.abort();
    };
    expect(await codeOf(drain())).toBe("ABORTED");
  });

  test("copyGraph() into a layout skips what an interrupted copy left there", async () => {
    await using folder = await temporaryFolder();
    const graph = artifactOf(["kept", "missing"]);
    const source = new MemoryRepository();
    await pushGraph(source, graph);
    const before = (await createLayout(folder.path)).repository("resumed");
    const [config, kept] = graph.below;
    for (const blob of [config, kept]) {
      if (blob) await before.push(blob.descriptor, blob.bytes);
    }
    const target = (await openLayout(folder.path)).repository("resumed");
    const result = await createCopier().copyGraph(source, target, graph.root.descriptor);
    expect(result).toMatchObject({ copied: 2, skipped: 2 });
    expect(await target.exists(graph.root.descriptor)).toBe(true);
  });

  test("a repository name that breaks the grammar is refused", async () => {
    await using folder = await temporaryFolder();
    const registry = await createLayout(folder.path);
    for (const name of ["", "../up", "Upper", "a//b", "/a", "a:b", "a@b"]) {
      expect(() => registry.repository(name)).toThrow("not a valid name");
    }
  });
});
