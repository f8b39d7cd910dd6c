import { describe, expect, test } from "bun:test";
import { readAll, textOf } from "../../src/bytes.ts";
import {
  layerMediaType,
  packStackArtifacts,
  stackName,
  versionFolder,
} from "../../src/generator/index.ts";
import {
  type Descriptor,
  fetchManifest,
  type MemoryRepository,
} from "../../src/oci-client/index.ts";
import { GO_STACK, PYTHON_STACK, SAMPLE_FILES, sampleBuild } from "../support/sample-build.ts";

async function manifestJson(repository: MemoryRepository, root: Descriptor): Promise<unknown> {
  const { bytes } = await fetchManifest(repository, root);
  return JSON.parse(textOf(bytes));
}

describe("packStackArtifacts()", () => {
  test("takes over what an earlier build has, and packs what differs", async () => {
    const before = await packStackArtifacts(await sampleBuild());
    const path = "stacks/go/2.0.0/devfile.yaml";
    const files = { ...SAMPLE_FILES, [path]: `${SAMPLE_FILES[path]}# changed\n` };
    const build = await sampleBuild({ files });
    const asked: string[] = [];
    const { files: held } = build;
    const watched = {
      ...build,
      files: {
        paths: () => held.paths(),
        list: (folder: string) => held.list(folder),
        stat: (name: string) => held.stat(name),
        read: (name: string) => {
          asked.push(name);
          return held.read(name);
        },
      },
    };
    const packed = await packStackArtifacts(watched, before);
    expect(asked).toEqual([path, "stacks/go/2.0.0/logo.svg"]);
    const anew = await packStackArtifacts(build);
    expect(packed.artifacts).toEqual(anew.artifacts);
    for (const { repository, descriptor } of packed.artifacts) {
      const source = packed.registry.repository(repository);
      const { manifest } = await fetchManifest(source, descriptor);
      const layers = manifest.kind === "image" ? manifest.layers : [];
      for (const layer of layers) await readAll(await source.fetch(layer), layer.size, "layer");
    }
  });

  test("packs each stack version in index order, samples not", async () => {
    const { artifacts } = await packStackArtifacts(await sampleBuild());
    expect(artifacts.map(({ repository, tag }) => `${repository}:${tag}`)).toEqual([
      "devfile-catalog/go:2.0.0",
      "devfile-catalog/go:1.0.0",
      "devfile-catalog/python:3.1.0",
    ]);
  });

  test("writes the manifest that pullers of today read", async () => {
    const { registry, artifacts } = await packStackArtifacts(await sampleBuild());
    const root = artifacts[2]?.descriptor as Descriptor;
    const json = await manifestJson(registry.repository("devfile-catalog/python"), root);
    expect(json).toMatchObject({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: { mediaType: "application/vnd.devfileio.devfile.config.v2+json", size: 2 },
      layers: [
        {
          mediaType: "application/vnd.devfileio.devfile.layer.v1",
          annotations: { "org.opencontainers.image.title": "devfile.yaml" },
        },
        {
          mediaType: "application/zip",
          annotations: { "org.opencontainers.image.title": "flask-offline.zip" },
        },
        {
          mediaType: "application/vnd.devfileio.vsx.layer.v1.tar",
          annotations: { "org.opencontainers.image.title": "python.vsx" },
        },
      ],
    });
    expect(json).not.toHaveProperty("annotations");
    expect(json).not.toHaveProperty("artifactType");
  });

  test("has a config of the two bytes {}", async () => {
    const { registry, artifacts } = await packStackArtifacts(await sampleBuild());
    const repository = registry.repository("devfile-catalog/go");
    const { manifest } = await fetchManifest(repository, artifacts[0]?.descriptor as Descriptor);
    if (manifest.kind !== "image") throw new Error("a stack artifact is an image manifest");
    expect(textOf(await readAll(await repository.fetch(manifest.config), 2, "config"))).toBe("{}");
  });

  test("leaves meta.yaml out", async () => {
    const { registry, artifacts } = await packStackArtifacts(await sampleBuild());
    const json = await manifestJson(
      registry.repository("devfile-catalog/go"),
      artifacts[1]?.descriptor as Descriptor,
    );
    expect(JSON.stringify(json)).not.toContain("meta.yaml");
  });

  test("gives the same digests for the same build, and others for another", async () => {
    const digests = async (build: Awaited<ReturnType<typeof sampleBuild>>) =>
      (await packStackArtifacts(build)).artifacts.map(({ descriptor }) => descriptor.digest);
    const changed = { ...SAMPLE_FILES, "stacks/go/2.0.0/logo.svg": "<svg></svg>" };
    const [first, second, other] = [
      await digests(await sampleBuild()),
      await digests(await sampleBuild()),
      await digests(await sampleBuild({ files: changed, info: false })),
    ];
    expect(second).toEqual(first);
    expect(other[0]).not.toEqual(first[0]);
    expect(other.slice(1)).toEqual(first.slice(1));
  });

  test("fails when a resource is missing", async () => {
    const { "stacks/go/2.0.0/logo.svg": _, ...files } = SAMPLE_FILES;
    await expect(sampleBuild({ files })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  for (const self of [
    "devfile-catalog/Go:1.0.0",
    "devfile-catalog/go:1.0.0+5",
    "devfile-catalog/../x:1.0.0",
  ]) {
    test(`rejects the address ${self} and packs the rest`, async () => {
      const version = { version: "1.0.0", links: { self }, resources: ["devfile.yaml"] };
      const index = [{ name: "odd", type: "stack", versions: [version] }, GO_STACK];
      const { artifacts, rejected } = await packStackArtifacts(await sampleBuild({ index }));
      expect(artifacts.map(({ stack }) => stack)).toContain("go");
      expect(rejected.map(({ repository, tag }) => `${repository}:${tag}`)).toEqual([self]);
      expect(rejected[0]?.error).toMatchObject({
        code: "INPUT_INVALID",
        message: expect.stringContaining(self),
      });
    });
  }

  test("rejects the second of two versions with one address", async () => {
    const index = [GO_STACK, { ...GO_STACK, name: "go-again" }];
    const { artifacts, rejected } = await packStackArtifacts(await sampleBuild({ index }));
    expect(artifacts).toHaveLength(rejected.length);
    expect(rejected[0]?.error.message).toContain("another stack version");
  });
});

describe("layerMediaType()", () => {
  const table = {
    "devfile.yaml": "application/vnd.devfileio.devfile.layer.v1",
    ".devfile.yaml": "application/vnd.devfileio.devfile.layer.v1",
    "logo.svg": "image/svg+xml",
    "logo.png": "image/png",
    "archive.tar": "application/x-tar",
    "vscode.vsx": "application/vnd.devfileio.vsx.layer.v1.tar",
    "starter-offline.zip": "application/zip",
    unknown: "application/octet-stream",
  };
  for (const [name, mediaType] of Object.entries(table)) {
    test(`of ${name}`, () => expect(layerMediaType(name)).toBe(mediaType));
  }
});

describe("stackName() and versionFolder()", () => {
  test("take the folder from the self link, not from the name", async () => {
    const build = await sampleBuild();
    expect(stackName(PYTHON_STACK)).toBe("python");
    const [version] = PYTHON_STACK.versions ?? [];
    expect(await versionFolder(build, PYTHON_STACK, version ?? {})).toBe("stacks/python/3.1.0");
  });

  test("find a version that lies in the stack's own folder", async () => {
    const entry = {
      name: "solo",
      type: "stack",
      versions: [{ version: "1.0.0", resources: ["devfile.yaml"] }],
    };
    const build = await sampleBuild({
      index: [entry],
      files: { "stacks/solo/devfile.yaml": "a: b" },
      info: false,
    });
    expect(stackName(entry)).toBe("solo");
    expect(await versionFolder(build, entry, entry.versions[0] ?? {})).toBe("stacks/solo");
    const { artifacts } = await packStackArtifacts(build);
    expect(artifacts.map(({ repository, tag }) => [repository, tag])).toEqual([
      ["devfile-catalog/solo", "1.0.0"],
    ]);
  });
});
