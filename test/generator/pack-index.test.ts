import { describe, expect, test } from "bun:test";
import { readAll, textOf } from "../../src/bytes.ts";
import {
  type Build,
  generationTag,
  type IndexArtifact,
  packIndexArtifact,
  packStackArtifacts,
} from "../../src/generator/index.ts";
import { type Descriptor, fetchManifest, type ImageManifest } from "../../src/oci-client/index.ts";
import { SAMPLE_FILES, type SampleBuildParts, sampleBuild } from "../support/sample-build.ts";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const OTHER = "fedcba9876543210fedcba9876543210fedcba98";
const CLEAN = {
  url: "https://user:secret@git.example/registry.git",
  commit_hash: COMMIT,
  commit_time: "2024-05-02T08:00:00Z",
};

async function packed(
  parts: SampleBuildParts = {},
): Promise<{ build: Build; index: IndexArtifact }> {
  const build = await sampleBuild(parts);
  return { build, index: await packIndexArtifact(build, await packStackArtifacts(build)) };
}

async function imageOf({
  registry,
  repository,
  descriptor,
}: IndexArtifact): Promise<ImageManifest> {
  const { manifest } = await fetchManifest(registry.repository(repository), descriptor);
  if (manifest.kind !== "image") throw new Error("the index artifact is an image manifest");
  return manifest;
}

async function bytesOf(index: IndexArtifact, target: Descriptor): Promise<Uint8Array> {
  const repository = index.registry.repository(index.repository);
  return readAll(await repository.fetch(target), target.size, target.digest);
}

function listTar(bytes: Uint8Array): string[] {
  const tar = Bun.spawnSync(["tar", "-tf", "-"], { stdin: bytes });
  return tar.stdout.toString().trim().split("\n");
}

describe("packIndexArtifact()", () => {
  test("carries the index and the files that a replica serves", async () => {
    const { build, index } = await packed();
    const { layers } = await imageOf(index);
    const titles = layers.map(({ annotations }) => annotations?.["org.opencontainers.image.title"]);
    expect(titles).toEqual(["index.json", "icons.tar", "samples.tar"]);
    const [json, icons, samples] = await Promise.all(layers.map((layer) => bytesOf(index, layer)));
    expect(json).toEqual(build.indexBytes);
    expect(listTar(icons ?? new Uint8Array())).toEqual(["icons/", "icons/0a.svg"]);
    expect(listTar(samples ?? new Uint8Array())).toEqual([
      "samples/",
      "samples/hello/",
      "samples/hello/devfile.yaml",
    ]);
  });

  test("names the stack artifacts it belongs to by digest", async () => {
    const { build, index } = await packed({ sources: [CLEAN] });
    const { config } = await imageOf(index);
    expect(config.mediaType).toBe("application/vnd.devreg.index.v1+json");
    expect(JSON.parse(textOf(await bytesOf(index, config)))).toEqual({
      format: "1.0",
      commit_hash: COMMIT,
      commit_time: "2024-05-02T08:00:00Z",
      sources: [{ ...CLEAN, url: "https://git.example/registry.git" }],
      counts: build.info?.counts,
      stacks: build.info?.stacks,
      icons: build.info?.icons,
    });
    expect(Object.keys(build.info?.stacks ?? {})).toEqual(["go:1.0.0", "go:2.0.0", "python:3.1.0"]);
  });

  test("is tagged and annotated with its commit", async () => {
    const { index } = await packed({ sources: [CLEAN] });
    expect(index.tags).toEqual([COMMIT, "latest"]);
    const { artifactType, annotations } = await imageOf(index);
    expect(artifactType).toBe("application/vnd.devreg.index.v1+json");
    expect(annotations).toEqual({
      "org.opencontainers.image.revision": COMMIT,
      "org.opencontainers.image.source": "https://git.example/registry.git",
    });
    const repository = index.registry.repository(index.repository);
    for (const tag of index.tags) {
      expect((await repository.resolve(tag))?.digest).toBe(index.descriptor.digest);
    }
  });

  test("has the same digest wherever the folder lies and whatever version packs it", async () => {
    const at = async (url: string, version: string) => {
      const { build } = await packed({ sources: [{ ...CLEAN, url }] });
      const info = build.info && { ...build.info, tool: { name: "devreg" as const, version } };
      const again = { ...build, info };
      return (await packIndexArtifact(again, await packStackArtifacts(again))).descriptor.digest;
    };
    const first = await at("/home/one/registry", "0.1.0");
    expect(await at("./registry", "0.2.0")).toBe(first);
    expect(await at("file:///srv/registry", "0.2.0")).toBe(first);
    expect(await at("git@git.example:registry.git", "0.1.0")).not.toBe(first);
  });

  test("changes with an icon alone", async () => {
    const files = { ...SAMPLE_FILES, "icons/0a.svg": "<svg></svg>" };
    const digests = [(await packed()).index, (await packed({ files })).index];
    expect(digests[0]?.descriptor.digest).not.toBe(digests[1]?.descriptor.digest);
  });

  test("packs a build of the Go tools, with what it lacks left out", async () => {
    const files = Object.fromEntries(
      Object.entries(SAMPLE_FILES).filter(([path]) => path.startsWith("stacks/")),
    );
    const { index } = await packed({ files, info: false });
    expect(index.tags).toEqual(["latest"]);
    const { layers, annotations, config } = await imageOf(index);
    expect(layers).toHaveLength(1);
    expect(annotations).toBeUndefined();
    expect(JSON.parse(textOf(await bytesOf(index, config)))).toMatchObject({
      sources: [],
      counts: { stacks: 2, stackVersions: 3, samples: 1, sampleVersions: 1 },
    });
  });
});

describe("generationTag()", () => {
  const one = { url: "https://a.example/r", commit_hash: COMMIT };
  const two = { url: "https://b.example/r", commit_hash: OTHER };

  test("is the commit of the only source", () => expect(generationTag([one])).toBe(COMMIT));

  test("is a hash of several sources, whatever their order", () => {
    const lines = `https://a.example/r ${COMMIT}\nhttps://b.example/r ${OTHER}\n`;
    const expected = new Bun.CryptoHasher("sha256").update(lines).digest("hex").slice(0, 40);
    expect(generationTag([one, two])).toBe(expected);
    expect(generationTag([two, one])).toBe(expected);
  });

  test("is absent when a commit is not known", () => {
    expect(generationTag([])).toBeUndefined();
    expect(generationTag([{ url: "." }])).toBeUndefined();
    expect(generationTag([one, { url: "https://b.example/r" }])).toBeUndefined();
  });
});
