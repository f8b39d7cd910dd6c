import { describe, expect, test } from "bun:test";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import {
  appendBuild,
  composeImage,
  replaceBuild,
  resolveBase,
  type StoredImage,
} from "../../../src/airgap/image/index.ts";
import { readAll, streamOf, utf8 } from "../../../src/bytes.ts";
import { type Build, MemoryBuildFiles, writeBuild } from "../../../src/generator/index.ts";
import {
  type ContentSource,
  type Descriptor,
  fetchManifest,
  type ImageManifest,
  MemoryRepository,
  verifyStream,
} from "../../../src/oci-client/index.ts";
import { runProgram } from "../../support/program.ts";
import { sampleBuild } from "../../support/sample-build.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import {
  AMD64,
  ARM64,
  type BaseParts,
  executablesFor,
  pushBase,
  pushBaseIndex,
  S390X,
} from "./base-images.ts";

const COMMIT = "a".repeat(40);
const SOURCE = { url: "https://git.example/registry.git", commit_hash: COMMIT };

async function datedBuild(): Promise<Build> {
  const build = await sampleBuild({ sources: [SOURCE] });
  const { info } = build;
  if (info === undefined) throw new Error("a sample build has a record");
  return { ...build, info: { ...info, commit_time: "2024-05-06T07:08:09Z" } };
}

async function append(
  build: Build,
  push: (target: MemoryRepository) => Promise<Descriptor>,
  executables = executablesFor([AMD64]),
): Promise<StoredImage & { target: MemoryRepository; source: MemoryRepository }> {
  const [source, target] = [new MemoryRepository(), new MemoryRepository()];
  const base = await resolveBase(source, await push(source));
  const stored = await appendBuild({ base, source, target, build, executables, tags: ["1", "2"] });
  return { ...stored, target, source };
}

async function readJson(source: ContentSource, descriptor: Descriptor) {
  const bytes = await readAll(await source.fetch(descriptor), 1e6, "test");
  return JSON.parse(new TextDecoder().decode(bytes));
}

async function imageAt(source: ContentSource, descriptor: Descriptor): Promise<ImageManifest> {
  const { manifest } = await fetchManifest(source, descriptor);
  if (manifest.kind === "image") return manifest;
  throw new Error("it is an index");
}

async function childrenOf(source: ContentSource, root: Descriptor) {
  const { manifest } = await fetchManifest(source, root);
  return manifest.kind === "index" ? manifest.manifests : [root];
}

describe("appendBuild()", () => {
  test("gives the same digest for the same input, and sets the tags", async () => {
    const [one, two] = await Promise.all([
      append(await datedBuild(), (source) => pushBase(source, AMD64)),
      append(await datedBuild(), (source) => pushBase(source, AMD64)),
    ]);
    expect(one.root).toEqual(two.root);
    expect((await one.target.resolve("1"))?.digest).toBe(one.root.digest);
    expect((await one.target.resolve("2"))?.digest).toBe(one.root.digest);
    expect(one.platforms).toEqual(["linux/amd64"]);
    expect(one.leftOut).toEqual([]);
  });

  test("changes of the config what starts the registry, and keeps the rest", async () => {
    const config = {
      author: "somebody",
      created: "2001-01-01T00:00:00Z",
      config: {
        Env: ["A=b"],
        Cmd: ["sh"],
        Entrypoint: ["tini"],
        ExposedPorts: { "80/tcp": {} },
        Labels: { vendor: "v", "org.opencontainers.image.title": "the base" },
        StopSignal: "SIGINT",
      },
      history: [{ created_by: "base", comment: "c" }],
    };
    const { target, root, source } = await append(await datedBuild(), (into) =>
      pushBase(into, AMD64, { config, annotations: { a: "b" } }),
    );
    const manifest = await imageAt(target, root);
    const made = await readJson(target, manifest.config);
    expect(made).toMatchObject({ author: "somebody", os: "linux", architecture: "amd64" });
    expect(made.created).toBe("2024-05-06T07:08:09Z");
    expect(made.config).toEqual({
      Env: ["A=b"],
      Entrypoint: ["/usr/local/bin/devreg", "serve", "/registry"],
      ExposedPorts: { "7071/tcp": {}, "80/tcp": {}, "8080/tcp": {} },
      Labels: {
        vendor: "v",
        "org.opencontainers.image.title": "Devfile registry",
        "org.opencontainers.image.version": "0.0.1",
        "org.opencontainers.image.revision": COMMIT,
        "org.opencontainers.image.source": "https://git.example/registry.git",
      },
      StopSignal: "SIGINT",
      User: "1001:0",
      WorkingDir: "/registry",
    });
    expect(made.history.length).toBe(2);
    expect(made.history[0]).toEqual({ created_by: "base", comment: "c" });
    expect(made.rootfs.diff_ids.length).toBe(2);
    expect(made.rootfs.diff_ids[1]).toBe(manifest.layers[1]?.digest);
    expect(manifest.annotations).toMatchObject({
      a: "b",
      "org.opencontainers.image.revision": COMMIT,
    });
    const based = manifest.annotations?.["org.opencontainers.image.base.digest"] ?? "";
    expect((await source.resolve(based))?.digest).toBe(based as Descriptor["digest"]);
  });

  test("is of 1970 when the build knows no commit, and fills a history that the base lacks", async () => {
    const { target, root } = await append(await sampleBuild({ info: false }), (into) =>
      pushBase(into, AMD64),
    );
    const made = await readJson(target, (await imageAt(target, root)).config);
    expect(made.created).toBe("1970-01-01T00:00:00Z");
    expect(made.history.map(Object.keys)).toEqual([[], ["created", "created_by"]]);
  });

  test("puts into its layer what writeBuild() writes, and the executable", async () => {
    await using folder = await temporaryFolder();
    const path = `stacks/go/2.0.0/${"long ".repeat(40)}ü-offline.zip`;
    const build = await datedBuild();
    const more: [string, Uint8Array][] = [[path, utf8("a zip")]];
    for (const each of await build.files.paths()) more.push([each, await build.files.read(each)]);
    const files = new MemoryBuildFiles(more);
    const { target, root } = await append({ ...build, files }, (into) => pushBase(into, AMD64));
    const layer = (await imageAt(target, root)).layers.at(-1);
    if (layer === undefined) throw new Error("no layer");
    expect(layer.mediaType).toBe("application/vnd.oci.image.layer.v1.tar");
    const tar = join(folder.path, "layer.tar");
    await Bun.write(tar, await readAll(await target.fetch(layer), 1e7, "layer"));
    const unpacked = join(folder.path, "unpacked");
    await mkdir(unpacked);
    await runProgram(["tar", "-xf", tar, "-C", unpacked]);
    await writeBuild({ ...build, files }, join(folder.path, "build"));
    await runProgram(["diff", "-r", join(unpacked, "registry"), join(folder.path, "build")]);
    const list = await runProgram(["tar", "--utc", "--full-time", "--numeric-owner", "-tvf", tar]);
    const lines = list.trim().split("\n");
    expect(lines.every((line) => line.includes("2024-05-06 07:08:09"))).toBe(true);
    const shown = (name: string) => lines.find((line) => line.endsWith(` ${name}`)) ?? "";
    expect(shown("usr/local/bin/devreg")).toMatch(/^-rwxr-xr-x 0\/0 /);
    expect(shown("usr/local/")).toMatch(/^drwxr-xr-x 0\/0 /);
    expect(shown("registry/")).toMatch(/^drwxr-xr-x 1001\/0 /);
    expect(shown("registry/index.json")).toMatch(/^-rw-r--r-- 1001\/0 /);
    const executable = await Bun.file(join(unpacked, "usr/local/bin/devreg")).text();
    expect(executable).toStartWith("an executable for amd64");
  });

  test("packs the layer of a Docker image with gzip, and keeps Docker's types", async () => {
    const { target, root } = await append(await datedBuild(), (into) =>
      pushBase(into, AMD64, { docker: true, annotations: { a: "b" } }),
    );
    const manifest = await imageAt(target, root);
    const json = await readJson(target, root);
    expect(json.mediaType).toBe("application/vnd.docker.distribution.manifest.v2+json");
    expect(json.annotations).toBeUndefined();
    const [, layer] = manifest.layers;
    expect(layer?.mediaType).toBe("application/vnd.docker.image.rootfs.diff.tar.gzip");
    if (layer === undefined) throw new Error("no layer");
    const packed = await readAll(await target.fetch(layer), 1e7, "layer");
    const hash = new Bun.CryptoHasher("sha256").update(Bun.gunzipSync(new Uint8Array(packed)));
    const made = await readJson(target, manifest.config);
    expect(made.rootfs.diff_ids[1]).toBe(`sha256:${hash.digest("hex")}`);
  });

  test("leaves out the platforms without an executable, and attestations", async () => {
    const { target, root, platforms, leftOut } = await append(
      await datedBuild(),
      (into) => pushBaseIndex(into, [AMD64, ARM64, S390X]),
      executablesFor([{ os: "linux", architecture: "arm64" }, AMD64]),
    );
    expect(platforms).toEqual(["linux/amd64", "linux/arm64/v8"]);
    expect(leftOut).toEqual([{ platform: "linux/s390x", reason: "there is no executable for it" }]);
    const children = await childrenOf(target, root);
    expect(children.map(({ platform }) => platform)).toEqual([AMD64, ARM64]);
    for (const child of children) expect(await target.exists(child)).toBe(true);
  });

  test("makes the platforms asked for, and says what the base does not have", async () => {
    const source = new MemoryRepository();
    const base = await resolveBase(source, await pushBaseIndex(source, [AMD64, ARM64]));
    const platforms = ["linux/arm64", "linux/s390x"];
    const executables = executablesFor([AMD64, ARM64]);
    const build = await datedBuild();
    const image = await composeImage({ base, source, build, executables, platforms });
    expect(image.images.map(({ platform }) => platform)).toEqual(["linux/arm64/v8"]);
    expect(image.leftOut).toEqual([
      { platform: "linux/s390x", reason: "the base image does not have it" },
    ]);
  });

  test("refuses to make an image of nothing, and to use what is no image", async () => {
    const build = await datedBuild();
    const push = (into: MemoryRepository) => pushBase(into, AMD64);
    await expect(append(build, push, executablesFor([ARM64]))).rejects.toThrow(
      /no platform is left \(linux\/amd64: there is no executable for it\)/,
    );
    const config = { rootfs: { type: "layers", diff_ids: [] } };
    await expect(append(build, (into) => pushBase(into, AMD64, { config }))).rejects.toThrow(
      "it has 1 layers, its config 0",
    );
  });
});

describe("replaceBuild()", () => {
  const shapes: readonly [string, (target: MemoryRepository) => Promise<Descriptor>][] = [
    ["single", (into) => pushBase(into, AMD64)],
    ["single, Docker", (into) => pushBase(into, AMD64, { docker: true })],
    ["index", (into) => pushBaseIndex(into, [AMD64, ARM64, S390X])],
    ["index, Docker", (into) => pushBaseIndex(into, [AMD64, ARM64], { docker: true })],
    ["labelled", (into) => pushBase(into, AMD64, LABELLED)],
  ];
  const LABELLED: BaseParts = {
    config: {
      config: { Labels: { "org.opencontainers.image.revision": "r", z: "1", a: "2" } },
      history: [{ created_by: "one" }, { created_by: "two", empty_layer: true }],
    },
    annotations: { "org.opencontainers.image.base.name": "scratch", b: "c" },
  };

  test.each(shapes)("makes what appendBuild() would have made: %s", async (_, push) => {
    const executables = executablesFor([AMD64, ARM64]);
    const other = await sampleBuild({ info: false, files: { "stacks/go/devfile.yaml": "x" } });
    for (const [first, second] of [
      [await datedBuild(), other],
      [other, await datedBuild()],
    ] as const) {
      const made = await append(first, push, executables);
      const wanted = await append(second, push, executables);
      const target = new MemoryRepository();
      const { target: source, root: image } = made;
      const replaced = await replaceBuild({ image, source, target, build: second, tags: ["t"] });
      expect(replaced.root).toEqual(wanted.root);
      expect(replaced.root.digest).not.toBe(image.digest);
      expect(replaced.platforms).toEqual(wanted.platforms);
      for (const child of await childrenOf(target, replaced.root)) {
        const { layers, config } = await imageAt(target, child);
        for (const each of [...layers, config]) expect(await target.exists(each)).toBe(true);
      }
    }
  });

  test("refuses an image that devreg did not make", async () => {
    const source = new MemoryRepository();
    const image = await pushBase(source, AMD64);
    const options = { source, target: new MemoryRepository(), build: await datedBuild(), tags: [] };
    await expect(replaceBuild({ ...options, image })).rejects.toThrow(
      "devreg did not make this image",
    );
    const config = { config: { Entrypoint: ["/usr/local/bin/devreg", "serve", "/registry"] } };
    const alike = await pushBase(source, AMD64, { config });
    await expect(replaceBuild({ ...options, image: alike })).rejects.toThrow(
      "it does not begin with usr/local/bin/devreg",
    );
  });

  test("does not build on a layer that is damaged behind the executable", async () => {
    const { target: source, root: image } = await append(await datedBuild(), (into) =>
      pushBase(into, AMD64),
    );
    const layer = (await imageAt(source, image)).layers.at(-1);
    const damaged: ContentSource = {
      exists: (target) => source.exists(target),
      fetch: async (target) => {
        if (target.digest !== layer?.digest) return source.fetch(target);
        const bytes = new Uint8Array(await readAll(await source.fetch(target), 1e7, "layer"));
        bytes[bytes.length - 1] = 1;
        return verifyStream(target, streamOf(bytes.subarray(0, 9000), bytes.subarray(9000)));
      },
    };
    const target = new MemoryRepository();
    const build = await datedBuild();
    await expect(
      replaceBuild({ image, source: damaged, target, build, tags: ["t"] }),
    ).rejects.toThrow(/the bytes have digest/);
    expect(await target.resolve("t")).toBeUndefined();
  });
});
