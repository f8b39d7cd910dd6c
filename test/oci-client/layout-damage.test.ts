import { describe, expect, test } from "bun:test";
import { mkdir, readdir, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readAll } from "../../src/bytes.ts";
import {
  createLayout,
  type Descriptor,
  type Digest,
  hexOf,
  type LayoutRepository,
  openReadonlyLayout,
} from "../../src/oci-client/index.ts";
import {
  artifactOf,
  blobOf,
  blobOfSize,
  imageIndexOf,
  inChunks,
  manifestNaming,
  pushGraph,
  type Sample,
} from "../support/sample-content.ts";
import { smallVolume } from "../support/small-volume.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { codeOf } from "./behaviour.ts";

function blobPath(folder: string, { digest }: Descriptor): string {
  return join(folder, "blobs/sha256", hexOf(digest));
}

async function readBack(repository: LayoutRepository, { descriptor }: Sample): Promise<Uint8Array> {
  return readAll(await repository.fetch(descriptor), 9_999, "content");
}

describe("LayoutRepository with damaged content", () => {
  test("a truncated blob does not count as there, and push() replaces it", async () => {
    await using folder = await temporaryFolder();
    const repository = (await createLayout(folder.path)).repository("a");
    const blob = blobOf("will be cut short");
    await repository.push(blob.descriptor, blob.bytes);
    await truncate(blobPath(folder.path, blob.descriptor), 4);
    expect(await repository.exists(blob.descriptor)).toBe(false);
    expect(await codeOf(readBack(repository, blob))).toBe("SIZE_MISMATCH");
    await repository.push(blob.descriptor, blob.bytes);
    expect(await readBack(repository, blob)).toEqual(blob.bytes);
  });

  test("changed bytes are never given out whole", async () => {
    await using folder = await temporaryFolder();
    const repository = (await createLayout(folder.path)).repository("a");
    const blob = blobOf("right bytes");
    await repository.push(blob.descriptor, blob.bytes);
    await writeFile(blobPath(folder.path, blob.descriptor), "wrong bytes");
    expect(await codeOf(readBack(repository, blob))).toBe("DIGEST_MISMATCH");
  });

  for (const lost of ["a layer", "a child manifest"] as const) {
    test(`exists() denies an image index that lost ${lost}; pushing again repairs it`, async () => {
      await using folder = await temporaryFolder();
      const repository = (await createLayout(folder.path)).repository("multi");
      const child = artifactOf(["amd64"]);
      const graph = imageIndexOf([child, artifactOf(["arm64"])]);
      await pushGraph(repository, graph);
      expect(await repository.exists(graph.root.descriptor)).toBe(true);
      const gone = lost === "a layer" ? child.below[1] : child.root;
      await rm(blobPath(folder.path, (gone ?? child.root).descriptor));
      expect(await repository.exists(graph.root.descriptor)).toBe(false);
      await pushGraph(repository, graph);
      expect(await repository.exists(graph.root.descriptor)).toBe(true);
    });
  }

  test("content below a manifest that was absent at first is readable once it arrives", async () => {
    await using folder = await temporaryFolder();
    const registry = await createLayout(folder.path);
    const child = artifactOf(["arrives late"]);
    const sparse = imageIndexOf([child]);
    const repository = registry.repository("sparse");
    await repository.push(sparse.root.descriptor, sparse.root.bytes);
    expect(await repository.exists(child.root.descriptor)).toBe(false);
    await pushGraph(registry.repository("elsewhere"), child);
    const [config] = child.below;
    expect(await repository.resolveBlob(config?.descriptor.digest ?? "sha256:")).toBeDefined();
  });

  test("a damaged manifest does not hide the other roots of its repository", async () => {
    await using folder = await temporaryFolder();
    const layout = await createLayout(folder.path);
    const [bad, good] = [artifactOf(["bad"]), artifactOf(["good"])];
    await pushGraph(layout.repository("a"), bad);
    await pushGraph(layout.repository("a"), good);
    await writeFile(blobPath(folder.path, bad.root.descriptor), "not a manifest");
    const repository = (await openReadonlyLayout(folder.path)).repository("a");
    expect(await repository.exists(good.root.descriptor)).toBe(true);
    expect(await repository.exists(bad.root.descriptor)).toBe(false);
  });
});

describe("LayoutRepository refuses", () => {
  test("a manifest that names a blob which is not stored", async () => {
    await using folder = await temporaryFolder();
    const repository = (await createLayout(folder.path)).repository("a");
    const { root, below } = artifactOf(["missing"]);
    const [config] = below;
    if (config) await repository.push(config.descriptor, config.bytes);
    expect(await codeOf(repository.push(root.descriptor, root.bytes))).toBe("NOT_FOUND");
    expect(await repository.resolve(root.descriptor.digest)).toBeUndefined();
  });

  test("but not one whose absent layer must not be distributed", async () => {
    await using folder = await temporaryFolder();
    const repository = (await createLayout(folder.path)).repository("windows");
    const config = blobOf("{}");
    const layer = blobOf("base", "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip");
    const manifest = manifestNaming(config.descriptor, [layer.descriptor]);
    await repository.push(config.descriptor, config.bytes);
    await repository.push(manifest.descriptor, manifest.bytes);
    expect(await repository.exists(manifest.descriptor)).toBe(true);
  });

  test("digests that would lead out of the store", async () => {
    await using folder = await temporaryFolder();
    const repository = (await createLayout(folder.path)).repository("a");
    for (const text of ["sha256:../../index.json", "sha256:..", `sha256:${"A".repeat(64)}`]) {
      // The cast stands for a caller that skipped parsing.
      const target = { mediaType: "text/plain", digest: text as Digest, size: 1 };
      expect(await codeOf(repository.exists(target))).toBe("INPUT_INVALID");
      expect(await codeOf(repository.push(target, new Uint8Array(1)))).toBe("INPUT_INVALID");
    }
    expect(await readdir(join(folder.path, "blobs/sha256"))).toEqual([]);
  });

  test("tags that break the grammar", async () => {
    await using folder = await temporaryFolder();
    const repository = (await createLayout(folder.path)).repository("a");
    const graph = artifactOf(["tagged"]);
    await pushGraph(repository, graph);
    for (const tag of ["", "-a", "a/b", "a:b", "x".repeat(129)]) {
      expect(await codeOf(repository.tag(graph.root.descriptor, tag))).toBe("INPUT_INVALID");
    }
    expect(await Array.fromAsync(repository.tags())).toEqual([]);
  });
});

describe("links inside a layout", () => {
  test("a blob that is a link is neither read nor written through", async () => {
    await using folder = await temporaryFolder();
    const repository = (await createLayout(folder.path)).repository("a");
    const secret = join(folder.path, "secret");
    const blob = blobOf("outside");
    await writeFile(secret, blob.bytes);
    await symlink(secret, blobPath(folder.path, blob.descriptor));
    expect(await codeOf(repository.exists(blob.descriptor))).toBe("IO");
    expect(await codeOf(repository.push(blob.descriptor, blob.bytes))).toBe("IO");
  });

  test("a folder of blobs that is a link is refused", async () => {
    await using folder = await temporaryFolder();
    await createLayout(folder.path);
    await mkdir(join(folder.path, "elsewhere"));
    await rename(join(folder.path, "blobs/sha256"), join(folder.path, "elsewhere/sha256"));
    await symlink("../elsewhere/sha256", join(folder.path, "blobs/sha256"));
    const repository = (await createLayout(folder.path)).repository("a");
    const { descriptor, bytes } = blobOf("not here");
    expect(await codeOf(repository.push(descriptor, bytes))).toBe("IO");
    expect(await readdir(join(folder.path, "elsewhere/sha256"))).toEqual([]);
  });

  test("an index.json that is a link is refused", async () => {
    await using folder = await temporaryFolder();
    await createLayout(folder.path);
    await rename(join(folder.path, "index.json"), join(folder.path, "elsewhere.json"));
    await symlink("elsewhere.json", join(folder.path, "index.json"));
    expect(await codeOf(openReadonlyLayout(folder.path))).toBe("IO");
  });
});

describe("a full disk", () => {
  test("ends push() with an IO error that says what to do, and leaves nothing behind", async () => {
    await using volume = await smallVolume(1024 * 1024);
    const folder = join(volume.path, "layout");
    const repository = (await createLayout(folder)).repository("a");
    const graph = artifactOf(["fits"]);
    await pushGraph(repository, graph);
    const large = blobOfSize(2 * 1024 * 1024);
    const error: unknown = await repository
      .push(large.descriptor, inChunks(large.bytes, 65_536))
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "IO",
      message: expect.stringContaining("no space left on device"),
      hint: expect.stringContaining("Free space"),
    });
    expect(await readdir(join(folder, ".partial"))).toEqual([]);
    expect(await repository.exists(large.descriptor)).toBe(false);
    expect(await repository.exists(graph.root.descriptor)).toBe(true);
    await repository.tag(graph.root.descriptor, "1.0");
  });
});
