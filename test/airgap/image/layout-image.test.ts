import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import {
  type ComposedImage,
  composeImage,
  openLayoutImage,
  replaceBuild,
  resolveBase,
  writeDockerArchive,
  writeLayoutImage,
} from "../../../src/airgap/image/index.ts";
import { createCopier, createLayout, MemoryRepository } from "../../../src/oci-client/index.ts";
import { runProgram } from "../../support/program.ts";
import { sampleBuild } from "../../support/sample-build.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { AMD64, ARM64, executablesFor, pushBase, pushBaseIndex } from "./base-images.ts";

// skopeo on a busy machine.
setDefaultTimeout(60_000);

async function composed(text = "first", docker = false, several = false): Promise<ComposedImage> {
  const source = new MemoryRepository();
  const push = several
    ? pushBaseIndex(source, [AMD64, ARM64])
    : pushBase(source, AMD64, { docker });
  const base = await resolveBase(source, await push);
  const executables = executablesFor([AMD64, ARM64], text);
  return composeImage({ base, source, build: await sampleBuild(), executables });
}

async function inspect(reference: string) {
  return JSON.parse(await runProgram(["skopeo", "inspect", reference]));
}

async function names(folder: string): Promise<unknown[]> {
  const index = await Bun.file(join(folder, "index.json")).json();
  return index.manifests.map(
    (each: { annotations?: Record<string, string> }) =>
      each.annotations?.["org.opencontainers.image.ref.name"],
  );
}

describe("writeLayoutImage()", () => {
  test("makes a layout in which skopeo finds the image by its bare tag", async () => {
    await using folder = await temporaryFolder();
    const image = await composed();
    await writeLayoutImage(folder.path, image, "1.2");
    const seen = await inspect(`oci:${folder.path}:1.2`);
    expect(seen.Digest).toBe(image.root.descriptor.digest);
    expect(seen.Labels["org.opencontainers.image.title"]).toBe("Devfile registry");
    await writeLayoutImage(folder.path, image, "1.2");
    expect(await names(folder.path)).toEqual(["1.2"]);
  });

  test("takes the tag from what had it, and leaves other images alone", async () => {
    await using folder = await temporaryFolder();
    const [first, second, other] = [
      await composed(),
      await composed("second"),
      await composed("x"),
    ];
    const registry = await createLayout(folder.path);
    const memory = new MemoryRepository();
    const root = await pushBase(memory, AMD64);
    const target = registry.repository("docker.io/library/base");
    await createCopier().copyGraph(memory, target, root, { tag: "1" });
    await writeLayoutImage(folder.path, other, "other");
    await writeLayoutImage(folder.path, first, "latest");
    await writeLayoutImage(folder.path, second, "latest");
    expect((await names(folder.path)).sort()).toEqual([
      "docker.io/library/base:1",
      "latest",
      "other",
    ]);
    const found = await openLayoutImage(folder.path, "latest");
    expect(found.root.digest).toBe(second.root.descriptor.digest);
    expect((await openLayoutImage(folder.path, "other")).root.digest).toBe(
      other.root.descriptor.digest,
    );
  });

  test("keeps all platforms of an image", async () => {
    await using folder = await temporaryFolder();
    const image = await composed("an executable", false, true);
    await writeLayoutImage(folder.path, image, "latest");
    const { source, root } = await openLayoutImage(folder.path);
    const again = await resolveBase(source, root);
    expect(again.images.map(({ platform }) => platform)).toEqual([AMD64, ARM64]);
    for (const { descriptor } of again.images) expect(await source.exists(descriptor)).toBe(true);
  });
});

describe("openLayoutImage()", () => {
  test("finds images that skopeo wrote, with a name and without", async () => {
    await using folder = await temporaryFolder();
    const [made, named, bare] = ["made", "named", "bare"].map((name) => join(folder.path, name));
    const image = await composed();
    await writeLayoutImage(made ?? "", image, "latest");
    const from = `oci:${made}:latest`;
    const copy = ["skopeo", "copy", "--insecure-policy", "-q", from];
    await runProgram([...copy, `oci:${named}:localhost:5000/team/base:1.2`]);
    await runProgram([...copy, `oci:${bare}`]);
    // skopeo compresses what is not, so the digest is another one.
    const { Digest: digest } = await inspect(`oci:${bare}`);
    const full = await openLayoutImage(named ?? "", "localhost:5000/team/base:1.2");
    expect(full.root.digest).toBe(digest);
    const { source, root } = await openLayoutImage(bare ?? "");
    expect(root.digest).toBe(digest);
    const target = new MemoryRepository();
    const build = await sampleBuild();
    const replaced = await replaceBuild({ image: root, source, target, build, tags: [] });
    expect(replaced.root.digest).toBe(image.root.descriptor.digest);
  });

  test("says when an image is not there, and when several are", async () => {
    await using folder = await temporaryFolder();
    await writeLayoutImage(folder.path, await composed("one"), "one");
    await writeLayoutImage(folder.path, await composed("two"), "two");
    await expect(openLayoutImage(folder.path, "three")).rejects.toThrow(
      'there is none of the name "three"',
    );
    await expect(openLayoutImage(folder.path)).rejects.toThrow("it holds one, two");
    await expect(openLayoutImage(join(folder.path, "blobs"))).rejects.toThrow("oci-layout");
  });
});

describe("writeDockerArchive()", () => {
  test.each([false, true])("writes what skopeo reads (Docker base: %p)", async (docker) => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "image.tar");
    const image = await composed("an executable", docker);
    await writeDockerArchive(path, image, ["docker.io/library/devfile-index:1.0"]);
    const seen = await inspect(`docker-archive:${path}`);
    expect(seen).toMatchObject({ Os: "linux", Architecture: "amd64" });
    expect(seen.Layers.length).toBe(2);
    const out = join(folder.path, "out");
    const copy = ["skopeo", "copy", "--insecure-policy", "-q"];
    const from = `docker-archive:${path}:docker.io/library/devfile-index:1.0`;
    await runProgram([...copy, from, `dir:${out}`]);
    const list = await runProgram(["tar", "-tf", path]);
    expect(list.split("\n")[0]).toBe("manifest.json");
    const again = join(folder.path, "again.tar");
    await writeDockerArchive(again, await composed("an executable", docker), [
      "docker.io/library/devfile-index:1.0",
    ]);
    await runProgram(["cmp", path, again]);
  });

  test("takes one platform only", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "image.tar");
    const image = await composed("an executable", false, true);
    await expect(writeDockerArchive(path, image, [])).rejects.toThrow("an archive holds one");
    expect(await Bun.file(path).exists()).toBe(false);
  });
});
