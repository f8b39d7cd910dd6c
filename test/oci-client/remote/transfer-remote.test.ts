import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createTransportPool, type Transport, type TransportPool } from "../../../src/net/index.ts";
import {
  createTransfer,
  type Descriptor,
  type Digest,
  hexOf,
  type ImageGraph,
  isManifestType,
  MemoryRepository,
  type ReadonlyRepository,
  readImageGraph,
} from "../../../src/oci-client/index.ts";
import type { RemoteRegistry } from "../../../src/oci-client/remote/index.ts";
import { type DockerRegistry, startDockerRegistry } from "../../support/docker-registry.ts";
import { collect, failureOf, openRemote } from "../../support/remote.ts";
import { artifactOf, pushGraph, type SampleGraph } from "../../support/sample-content.ts";
import { imageFor, imageOf, platformOf, referrerTo } from "../../support/sample-images.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

setDefaultTimeout(60_000);

const NAME = "team/app";
const image = imageFor(["linux/amd64", "linux/arm64"]);
const child = image.below.find(({ descriptor }) => isManifestType(descriptor.mediaType));
const CHILD: Descriptor = child?.descriptor ?? image.root.descriptor;

let pool: TransportPool;
let peer: DockerRegistry;
let requests: string[];
beforeAll(async () => {
  pool = createTransportPool({ userAgent: "devreg/test" });
  requests = [];
});
beforeEach(async () => {
  await peer?.stop();
  peer = await startDockerRegistry();
});
afterAll(async () => {
  await pool.close();
  await peer.stop();
});

/** Opens the registry with nothing remembered. */
function open(): RemoteRegistry {
  requests.length = 0;
  const send: Transport = (request) => {
    requests.push(`${request.method} ${request.url.pathname}`);
    return pool.send(request);
  };
  return openRemote(`${peer.host}/mirror`, { send });
}

async function sourceOf(...samples: readonly SampleGraph[]): Promise<MemoryRepository> {
  const source = new MemoryRepository();
  for (const sample of samples) await pushGraph(source, sample);
  return source;
}

function graphOf(source: ReadonlyRepository, root = image.root.descriptor): Promise<ImageGraph> {
  return readImageGraph(source, root, { referrers: true });
}

async function copy(source: MemoryRepository, graph: ImageGraph) {
  const options = { name: NAME, keepAlive: "keep", tags: ["1.0"] };
  return createTransfer().copyImage(graph, source, open().repository(NAME), options);
}

const pathOf = (kind: string, digest: Digest) =>
  join(peer.dir, `docker/registry/v2/repositories/mirror/${NAME}/${kind}/sha256`, hexOf(digest));

describe("copyImage() to a docker-registry", () => {
  test("mounts what 40 repositories share, and reads it once", async () => {
    const images = Array.from({ length: 40 }, (_, at) =>
      imageOf(platformOf("linux/amd64"), ["the base", `layer ${at}`]),
    );
    const source = await sourceOf(...images);
    const base = images[0]?.below[1]?.descriptor.digest;
    let reads = 0;
    const fetch = source.fetch.bind(source);
    source.fetch = (target) => {
      reads += target.digest === base ? 1 : 0;
      return fetch(target);
    };
    const registry = open();
    const transfer = createTransfer();
    const results = await Promise.all(
      images.map(async ({ root }, at) => {
        const graph = await graphOf(source, root.descriptor);
        const name = `app-${at}`;
        return transfer.copyImage(graph, source, registry.repository(name), { name, tags: ["1"] });
      }),
    );
    expect(reads).toBe(1);
    expect(results.reduce((sum, { mounted }) => sum + mounted, 0)).toBe(39);
    for (const [at, { root }] of images.entries()) {
      const there = await open().repository(`app-${at}`).resolve("1");
      expect(there?.digest).toBe(root.descriptor.digest);
    }
  });

  test("brings all referrers along, and finds them there again", async () => {
    const sbom = referrerTo(CHILD, "sbom", "application/spdx+json");
    const signature = referrerTo(sbom.root.descriptor, "signed", "text/signature");
    const twins = ["a", "b"].map((text) => referrerTo(image.root.descriptor, text, "text/twin"));
    const cosign = artifactOf(["cosign"]);
    const source = await sourceOf(image, sbom, signature, ...twins, cosign);
    await source.tag(cosign.root.descriptor, `sha256-${hexOf(CHILD.digest)}.att`);
    const graph = await graphOf(source);
    expect(graph.referrers).toHaveLength(4);
    await copy(source, graph);
    const there = open().repository(NAME);
    expect(await graphOf(there)).toEqual(graph);
    expect(await there.resolve("keep")).toEqual(image.root.descriptor);
    expect(await there.resolve("1.0")).toEqual(image.root.descriptor);
    const again = await copy(source, graph);
    expect(again).toMatchObject({ copied: 0, bytes: 0 });
    expect(requests.filter((one) => /^(PUT|POST|PATCH)/.test(one))).toEqual([]);
  });

  const losses: readonly (readonly [string, (graph: ImageGraph) => readonly string[]])[] = [
    ["a layer", ({ blobs }) => [pathOf("_layers", blobs[1]?.digest ?? CHILD.digest)]],
    ["the config", ({ blobs }) => [pathOf("_layers", blobs[0]?.digest ?? CHILD.digest)]],
    ["a child manifest", () => [pathOf("_manifests/revisions", CHILD.digest)]],
    [
      "the list of referrers",
      () => [
        join(
          peer.dir,
          `docker/registry/v2/repositories/mirror/${NAME}/_manifests/tags/sha256-${hexOf(CHILD.digest)}`,
        ),
      ],
    ],
    [
      "a referrer and its layer",
      ({ referrers, blobs }) => [
        pathOf("_manifests/revisions", referrers[0]?.descriptor.digest ?? CHILD.digest),
        pathOf("_layers", blobs.at(-1)?.digest ?? CHILD.digest),
      ],
    ],
  ];
  for (const [what, paths] of losses) {
    test(`sends ${what} again that was lost below a tag that is there`, async () => {
      const source = await sourceOf(image, referrerTo(CHILD, "sbom", "application/spdx+json"));
      const graph = await graphOf(source);
      await copy(source, graph);
      for (const path of paths(graph)) await rm(path, { recursive: true });
      const result = await copy(source, graph);
      expect(result.copied).toBeGreaterThan(0);
      expect(result.copied).toBeLessThan(4);
      const there = open().repository(NAME);
      expect(await graphOf(there)).toEqual(graph);
      for (const blob of graph.blobs) expect(await there.exists(blob)).toBe(true);
    });
  }

  test("gives skopeo the very same image", async () => {
    await using folder = await temporaryFolder();
    const source = await sourceOf(image);
    await copy(source, await graphOf(source));
    const from = `docker://${peer.host}/mirror/${NAME}:1.0`;
    const to = `dir:${join(folder.path, "image")}`;
    const flags = ["--all", "--preserve-digests", "--src-tls-verify=false", "--insecure-policy"];
    const skopeo = Bun.spawnSync(["skopeo", "copy", ...flags, from, to]);
    expect(skopeo.stderr.toString()).not.toContain("level=fatal");
    expect(skopeo.exitCode).toBe(0);
    const manifest = await Bun.file(join(folder.path, "image/manifest.json")).bytes();
    expect(Buffer.from(manifest).equals(image.root.bytes)).toBe(true);
  });

  test("says when a registry takes no index with gaps", async () => {
    const source = await sourceOf(image);
    const graph = await readImageGraph(source, image.root.descriptor, {
      platforms: [platformOf("linux/arm64")],
      platformMode: "sparse",
      referrers: false,
    });
    const failure = await failureOf(copy(source, graph));
    expect(failure.message).toContain("MANIFEST_BLOB_UNKNOWN");
    expect(failure.hint).toContain("--platform-mode strip");
    expect(await open().repository(NAME).resolve("1.0")).toBeUndefined();
    expect(await failureOf(collect(open().repository(NAME).tags()))).toMatchObject({
      code: "NOT_FOUND",
    });
  });
});
