import { beforeEach, describe, expect, test } from "bun:test";
import type { LockedImage } from "../../../src/airgap/lock.ts";
import { type VerifyLevel, verifyImages } from "../../../src/airgap/verify/index.ts";
import { DevregError } from "../../../src/errors.ts";
import { MemoryRepository, type ReadonlyRepository } from "../../../src/oci-client/index.ts";
import { type Damage, damagedRepository } from "../../support/damaged-repository.ts";
import {
  ABSENT_DIGEST,
  artifactOf,
  imageIndexOf,
  pushGraph,
} from "../../support/sample-content.ts";
import { sampleImage } from "../../support/sample-lock.ts";

const IMAGE = "quay.io/devfile/udi:ubi9";
const amd64 = artifactOf(["amd64", "shared"]);
const arm64 = artifactOf(["arm64", "shared"]);
const image = imageIndexOf([amd64, arm64]);
const ROOT = image.root.descriptor.digest;
const sbom = artifactOf(["sbom"], { subject: image.root.descriptor, artifactType: "test/sbom" });
const SBOM = sbom.root.descriptor.digest;
const signature = artifactOf(["signature"]);
const SIGNATURE_TAG = `sha256-${ROOT.slice(7)}.sig`;
const [, ONLY_ARM64] = arm64.below.map(({ descriptor }) => descriptor.digest);

const locked: LockedImage = {
  ...sampleImage(IMAGE),
  digest: ROOT,
  mirrored: ROOT,
  platforms: {
    "linux/amd64": amd64.root.descriptor.digest,
    "linux/arm64": arm64.root.descriptor.digest,
  },
  referrers: [{ digest: SBOM, subject: ROOT, artifactType: "test/sbom" }],
  signatureTags: { [SIGNATURE_TAG]: signature.root.descriptor.digest },
};

let repository: MemoryRepository;

beforeEach(async () => {
  repository = new MemoryRepository();
  for (const graph of [image, sbom, signature]) await pushGraph(repository, graph);
  await repository.tag(image.root.descriptor, "ubi9");
  await repository.tag(signature.root.descriptor, SIGNATURE_TAG);
});

function verify(
  level: VerifyLevel,
  source: ReadonlyRepository = repository,
  images: readonly LockedImage[] = [locked],
  sparse = false,
) {
  const lock = {
    images,
    platforms: [],
    ...(sparse ? { platformMode: "sparse" as const } : {}),
  };
  return verifyImages(lock, () => source, { level });
}

async function problems(level: VerifyLevel, damage: Damage) {
  const { problems } = await verify(level, damagedRepository(repository, damage));
  return problems.map(({ what, problem }) => `${what}: ${problem}`);
}

describe("verifyImages()", () => {
  test("counts what it looks at, more at each level", async () => {
    const tag = await verify("tag");
    expect(tag.problems).toEqual([]);
    expect(tag.checked).toEqual({ images: 1, artifacts: 0, manifests: 0, blobs: 0, bytes: 0 });
    const graph = await verify("graph");
    expect(graph.problems).toEqual([]);
    // Both platforms share their config and a layer.
    expect(graph.checked).toMatchObject({ images: 1, manifests: 5, blobs: 6, bytes: 0 });
    const blob = await verify("blob");
    expect(blob.problems).toEqual([]);
    expect(blob.checked.bytes).toBe("{}amd64arm64sharedsbomsignature".length);
  });

  test("tells a tag that is gone, and one that points elsewhere", async () => {
    const expected = `${IMAGE}: tag "ubi9"`;
    expect(await problems("tag", { untagged: ["ubi9"] })).toEqual([`${expected} is not there`]);
    await repository.tag(amd64.root.descriptor, "ubi9");
    expect(await problems("tag", {})).toEqual([
      `${expected} points to ${amd64.root.descriptor.digest}, planned was ${ROOT}`,
    ]);
    expect(await problems("graph", {})).toHaveLength(1);
  });

  test("finds an image that is named by digest alone", async () => {
    const pinned = { ...locked, image: `quay.io/devfile/udi@${ROOT}` };
    const untagged = damagedRepository(repository, { untagged: ["ubi9"] });
    expect((await verify("graph", untagged, [pinned])).problems).toEqual([]);
    const absent = { ...pinned, mirrored: ABSENT_DIGEST };
    expect((await verify("tag", repository, [absent])).problems).toEqual([
      {
        what: pinned.image,
        digest: ABSENT_DIGEST,
        problem: `manifest ${ABSENT_DIGEST} is not there`,
      },
    ]);
  });

  test("names a child manifest, config or layer that is gone", async () => {
    const child = arm64.root.descriptor.digest;
    expect(await problems("graph", { without: [child] })).toEqual([
      `${IMAGE}: manifest ${child} is not there`,
    ]);
    const [config, layer] = amd64.below.map(({ descriptor }) => descriptor.digest);
    if (config === undefined || layer === undefined) throw new Error("a sample has both");
    const found = await problems("graph", { without: [config, layer] });
    expect(found).toContain(`${IMAGE}: config ${config} is not there`);
    expect(found).toContain(`${IMAGE}: layer ${layer} is not there`);
    expect(await problems("tag", { without: [config, layer] })).toEqual([]);
  });

  test("names a referrer or signature that is gone or not listed", async () => {
    expect(await problems("graph", { without: [SBOM] })).toEqual([
      `${IMAGE}: referrer test/sbom ${SBOM} is not there`,
    ]);
    expect(await problems("graph", { unlisted: true })).toEqual([
      `${IMAGE}: referrer test/sbom ${SBOM} is not listed at ${ROOT}`,
    ]);
    expect(await problems("graph", { untagged: [SIGNATURE_TAG] })).toEqual([
      `${IMAGE}: signature tag "${SIGNATURE_TAG}" is not there`,
    ]);
  });

  test("finds other bytes only where it reads them", async () => {
    const [, layer] = amd64.below.map(({ descriptor }) => descriptor.digest);
    if (layer === undefined) throw new Error("a sample has a layer");
    expect(await problems("graph", { broken: [layer] })).toEqual([]);
    expect(await problems("blob", { broken: [layer] })).toEqual([
      expect.stringContaining(`layer ${layer} cannot be read: Cannot accept ${layer}`),
    ]);
    expect(await problems("graph", { broken: [ROOT] })).toEqual([
      expect.stringContaining(`manifest ${ROOT} cannot be read`),
    ]);
  });

  test("reads what several images share once, and names each that needs it", async () => {
    await repository.tag(amd64.root.descriptor, "amd64");
    const second = {
      ...sampleImage("quay.io/devfile/udi:amd64"),
      mirrored: amd64.root.descriptor.digest,
      referrers: [],
      signatureTags: {},
    };
    const both = await verify("blob", repository, [locked, second]);
    expect(both.checked).toMatchObject({ images: 2, manifests: 5, blobs: 6 });
    const [, layer] = amd64.below.map(({ descriptor }) => descriptor.digest);
    const damaged = damagedRepository(repository, { without: layer === undefined ? [] : [layer] });
    const { problems } = await verify("graph", damaged, [locked, second]);
    expect(problems.map(({ what }) => what)).toEqual(["quay.io/devfile/udi:amd64", IMAGE]);
  });

  test("lets platforms be absent that a sparse index was not asked for", async () => {
    const amd64Only = {
      ...locked,
      platforms: { "linux/amd64": amd64.root.descriptor.digest },
    };
    const without = [arm64.root.descriptor.digest, ...(ONLY_ARM64 ? [ONLY_ARM64] : [])];
    const damaged = damagedRepository(repository, { without });
    expect((await verify("blob", damaged, [amd64Only], true)).problems).toEqual([]);
    expect((await verify("blob", damaged, [amd64Only], false)).problems).toHaveLength(1);
    const wanted = damagedRepository(repository, { without: [amd64.root.descriptor.digest] });
    expect((await verify("graph", wanted, [amd64Only], true)).problems).toHaveLength(1);
  });

  test("keeps a refusal as the reason, and ends when nothing can be reached", async () => {
    const failing = (code: "UNAUTHORIZED" | "NETWORK"): ReadonlyRepository => ({
      ...damagedRepository(repository, {}),
      resolve: async () => {
        throw new DevregError(code, "Cannot read: no");
      },
    });
    const denied = await verify("graph", failing("UNAUTHORIZED"));
    expect(denied.problems).toEqual([
      {
        what: IMAGE,
        problem: "Cannot read: no",
        error: expect.objectContaining({ code: "UNAUTHORIZED" }),
      },
    ]);
    expect(verify("graph", failing("NETWORK"))).rejects.toMatchObject({ code: "NETWORK" });
  });

  test("ends when it is told to", async () => {
    const lock = { images: [locked], platforms: [] };
    const done = verifyImages(lock, () => repository, {
      level: "tag",
      signal: AbortSignal.abort(),
    });
    expect(done).rejects.toMatchObject({ code: "ABORTED" });
  });
});
