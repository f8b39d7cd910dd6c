import { describe, expect, test } from "bun:test";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { readAll, utf8 } from "../../src/bytes.ts";
import {
  buildManifest,
  createCopier,
  createLayout,
  describe as describeContent,
  digestOf,
  hexOf,
  openLayout,
  openReadonlyLayout,
  type ReadonlyRepository,
} from "../../src/oci-client/index.ts";
import { runProgram } from "../support/program.ts";
import { artifactOf, pushGraph, type SampleGraph } from "../support/sample-content.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

function skopeo(...args: string[]): Promise<string> {
  return runProgram(["skopeo", "--insecure-policy", ...args]);
}

/** An image whose config skopeo understands, with one gzip'd layer. */
function imageOf(text: string): SampleGraph {
  const layer: Uint8Array = gzipSync(text);
  const config = utf8(
    JSON.stringify({
      architecture: "amd64",
      os: "linux",
      rootfs: { type: "layers", diff_ids: [digestOf(utf8(text))] },
    }),
  );
  const below = [
    {
      descriptor: describeContent("application/vnd.oci.image.config.v1+json", config),
      bytes: config,
    },
    {
      descriptor: describeContent("application/vnd.oci.image.layer.v1.tar+gzip", layer),
      bytes: layer,
    },
  ] as const;
  const [first, second] = below;
  const root = buildManifest({ config: first.descriptor, layers: [second.descriptor] });
  return { root, below };
}

async function bytesIn(folder: string, name: string): Promise<Uint8Array> {
  return new Uint8Array(await readFile(join(folder, name)));
}

async function expectWhole(repository: ReadonlyRepository, graph: SampleGraph): Promise<void> {
  for (const { descriptor, bytes } of [...graph.below, graph.root]) {
    expect(await readAll(await repository.fetch(descriptor), 99_999, "content")).toEqual(bytes);
  }
}

describe("skopeo and an image layout of ours", () => {
  test("skopeo inspects a tag by its full name", async () => {
    await using folder = await temporaryFolder();
    const registry = await createLayout(folder.path);
    for (const [name, graph] of [
      ["a/one", imageOf("1")],
      ["a/two", imageOf("2")],
    ] as const) {
      await pushGraph(registry.repository(name), graph);
      await registry.repository(name).tag(graph.root.descriptor, "1.0");
    }
    const raw = await skopeo("inspect", "--raw", `oci:${folder.path}:a/two:1.0`);
    expect(utf8(raw)).toEqual(imageOf("2").root.bytes);
    const shown = JSON.parse(await skopeo("inspect", `oci:${folder.path}:a/two:1.0`));
    expect(shown.Digest).toBe(imageOf("2").root.descriptor.digest);
  });

  test("skopeo copies an artifact out of it byte for byte", async () => {
    await using folder = await temporaryFolder();
    await using target = await temporaryFolder();
    const registry = await createLayout(folder.path);
    const graph = artifactOf(["devfile", "logo"]);
    await pushGraph(registry.repository("devfile-catalog/go"), graph);
    await registry.repository("devfile-catalog/go").tag(graph.root.descriptor, "2.0.0");
    await skopeo("copy", `oci:${folder.path}:devfile-catalog/go:2.0.0`, `dir:${target.path}`);
    expect(await bytesIn(target.path, "manifest.json")).toEqual(graph.root.bytes);
    for (const { descriptor, bytes } of graph.below) {
      expect(await bytesIn(target.path, hexOf(descriptor.digest))).toEqual(bytes);
    }
  });

  test("skopeo finds an untagged root by repository and digest", async () => {
    await using folder = await temporaryFolder();
    const graph = imageOf("untagged");
    await pushGraph((await createLayout(folder.path)).repository("go"), graph);
    const name = `go@${graph.root.descriptor.digest}`;
    const raw = await skopeo("inspect", "--raw", `oci:${folder.path}:${name}`);
    expect(utf8(raw)).toEqual(graph.root.bytes);
  });
});

describe("an image layout that skopeo wrote", () => {
  test("opens, with the repositories and tags that its names say", async () => {
    await using ours = await temporaryFolder();
    await using theirs = await temporaryFolder();
    const graph = imageOf("round trip");
    const repository = (await createLayout(ours.path)).repository("a/one");
    await pushGraph(repository, graph);
    await repository.tag(graph.root.descriptor, "1.0");
    for (const name of ["b/two:2.0", "bare"]) {
      await skopeo("copy", `oci:${ours.path}:a/one:1.0`, `oci:${theirs.path}:${name}`);
    }
    const registry = await openReadonlyLayout(theirs.path, { unnamed: "library" });
    expect(await Array.fromAsync(registry.repositories())).toEqual(["b/two", "library"]);
    expect(await registry.repository("b/two").resolve("2.0")).toEqual(graph.root.descriptor);
    expect(await registry.repository("library").resolve("bare")).toEqual(graph.root.descriptor);
    await expectWhole(registry.repository("b/two"), graph);
    await expectWhole(registry.repository("library"), graph);
  });

  test("takes our pushes beside its own images, which skopeo still reads", async () => {
    await using ours = await temporaryFolder();
    await using theirs = await temporaryFolder();
    const source = (await createLayout(ours.path)).repository("a");
    const [first, second] = [imageOf("theirs"), imageOf("ours")];
    await pushGraph(source, first);
    await source.tag(first.root.descriptor, "1.0");
    await pushGraph(source, second);
    await skopeo("copy", `oci:${ours.path}:a:1.0`, `oci:${theirs.path}:bare`);
    const target = (await openLayout(theirs.path)).repository("a");
    const { copyGraph } = createCopier();
    await copyGraph(source, target, second.root.descriptor, { tag: "2.0" });
    expect(utf8(await skopeo("inspect", "--raw", `oci:${theirs.path}:bare`))).toEqual(
      first.root.bytes,
    );
    expect(utf8(await skopeo("inspect", "--raw", `oci:${theirs.path}:a:2.0`))).toEqual(
      second.root.bytes,
    );
    expect(await readdir(join(theirs.path, "blobs/sha256"))).toHaveLength(6);
  });
});
