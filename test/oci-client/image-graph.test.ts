import { describe, expect, test } from "bun:test";
import { textOf, utf8 } from "../../src/bytes.ts";
import { IMAGE_INDEX_DEPTH, IMAGE_REFERRERS } from "../../src/mirror-limits.ts";
import {
  type Descriptor,
  type Digest,
  DOCKER_MANIFEST_LIST,
  DOCKER_SCHEMA1,
  describe as describeContent,
  digestOf,
  hexOf,
  type ImageGraph,
  type ImageGraphOptions,
  MemoryRepository,
  readImageGraph,
} from "../../src/oci-client/index.ts";
import { failureOf } from "../support/remote.ts";
import {
  ABSENT_DIGEST,
  artifactOf,
  blobOf,
  imageIndexOf,
  manifestNaming,
  pushGraph,
  type SampleGraph,
} from "../support/sample-content.ts";
import {
  attestationOf,
  imageFor,
  imageOf,
  indexOf,
  platformOf,
  referrerTo,
} from "../support/sample-images.ts";

const EVERYTHING: ImageGraphOptions = { referrers: true };

async function graphOf(
  sample: SampleGraph,
  options: ImageGraphOptions = EVERYTHING,
): Promise<ImageGraph> {
  const source = new MemoryRepository();
  await pushGraph(source, sample);
  return readImageGraph(source, sample.root.descriptor, options);
}

function only(platforms: readonly string[], mode?: "sparse"): ImageGraphOptions {
  return {
    platforms: platforms.map(platformOf),
    ...(mode === undefined ? {} : { platformMode: mode }),
    referrers: false,
  };
}

const digestsOf = (graph: ImageGraph) => graph.manifests.map(({ descriptor }) => descriptor.digest);

describe("readImageGraph()", () => {
  test("gives all manifests, children first, and every blob once", async () => {
    const shared = imageOf(platformOf("linux/amd64"), ["base", "one"]);
    const other = imageOf(platformOf("linux/arm64"), ["base", "two"]);
    const sample = indexOf([
      { graph: shared, platform: platformOf("linux/amd64") },
      { graph: other, platform: platformOf("linux/arm64") },
    ]);
    const graph = await graphOf(sample);
    const { root } = sample;
    expect(graph.root).toEqual(root.descriptor);
    expect(graph.source).toEqual(root.descriptor);
    expect(digestsOf(graph)).toEqual(
      [shared.root, other.root, root].map(({ descriptor }) => descriptor.digest),
    );
    expect(graph.manifests.at(-1)?.bytes).toEqual(root.bytes);
    const blobs = [
      ...new Set([...shared.below, ...other.below].map((one) => one.descriptor.digest)),
    ];
    expect(graph.blobs.map(({ digest }) => digest)).toEqual(blobs);
    expect(graph.platforms).toEqual({
      "linux/amd64": shared.root.descriptor.digest,
      "linux/arm64": other.root.descriptor.digest,
    });
    const sizes = [...graph.manifests.map(({ descriptor }) => descriptor), ...graph.blobs];
    expect(graph.bytes).toBe(sizes.reduce((sum, { size }) => sum + size, 0));
    expect(graph).toMatchObject({ referrers: [], signatureTags: {}, leftOut: [] });
  });

  test("tells the platform of a single image by its config", async () => {
    const sample = imageOf({ ...platformOf("linux/arm/v7") }, ["one"]);
    const { digest } = sample.root.descriptor;
    expect((await graphOf(sample)).platforms).toEqual({ "linux/arm/v7": digest });
    expect(digestsOf(await graphOf(sample, only(["linux/arm"])))).toEqual([digest]);
    const failure = await failureOf(graphOf(sample, only(["linux/amd64"])));
    expect(failure.code).toBe("NOT_FOUND");
    expect(failure.message).toContain(`linux/amd64 in image ${digest}: it has linux/arm/v7`);
  });

  test("takes what is for no platform whatever is asked for", async () => {
    const sample = artifactOf(["chart"]);
    expect((await graphOf(sample, only(["linux/amd64"]))).platforms).toEqual({});
    const index = await graphOf(imageIndexOf([sample]), only(["linux/amd64"]));
    expect(index.manifests).toHaveLength(2);
  });

  test("tells versions of Windows apart, and takes the first of two alike", async () => {
    const windows = (version: string) => ({
      graph: imageOf({ os: "windows", architecture: "amd64" }, [version]),
      platform: { os: "windows", architecture: "amd64", "os.version": version },
    });
    const twin = { ...windows("10.0.2"), graph: imageOf(platformOf("windows/amd64"), ["twin"]) };
    const graph = await graphOf(indexOf([windows("10.0.1"), windows("10.0.2"), twin]));
    expect(Object.keys(graph.platforms)).toEqual([
      "windows(10.0.1)/amd64",
      "windows(10.0.2)/amd64",
    ]);
    expect(graph.manifests).toHaveLength(4);
  });

  test("leaves out layers that registries may not pass on, and says so", async () => {
    const foreign = blobOf("base", "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip");
    const config = blobOf("{}");
    const root = manifestNaming(config.descriptor, [foreign.descriptor]);
    const graph = await graphOf({ root, below: [config] });
    expect(graph.blobs.map(({ digest }) => digest)).toEqual([config.descriptor.digest]);
    expect(graph.leftOut).toEqual([
      `layer ${foreign.descriptor.digest}: its licence forbids registries to pass it on`,
    ]);
  });

  test("refuses Docker's schema 1 with what to do", async () => {
    const { descriptor } = blobOf('{"schemaVersion":1}', DOCKER_SCHEMA1);
    const failure = await failureOf(readImageGraph(new MemoryRepository(), descriptor, EVERYTHING));
    expect(failure.code).toBe("UNSUPPORTED");
    expect(failure.message).toContain("schema 1");
    expect(failure.hint).toContain("Build the image anew");
  });

  test("bounds how deep indexes are nested", async () => {
    let sample = imageIndexOf([artifactOf(["deep"])]);
    for (let depth = 0; depth < IMAGE_INDEX_DEPTH; depth += 1) sample = imageIndexOf([sample]);
    expect((await failureOf(graphOf(sample))).code).toBe("LIMIT_EXCEEDED");
  });
});

describe("readImageGraph() of some platforms", () => {
  const sample = imageFor(["linux/amd64", "linux/arm64", "linux/arm/v6", "linux/arm/v7"]);

  test("takes the others out of the index and leaves the rest of it as it is", async () => {
    const annotations = { "org.example.kept": "yes" };
    const arm = { graph: imageOf(platformOf("linux/arm64"), ["arm"]) };
    const amd = { graph: imageOf(platformOf("linux/amd64"), ["amd"]) };
    const index = indexOf(
      [
        { ...arm, platform: platformOf("linux/arm64"), annotations },
        { ...amd, platform: platformOf("linux/amd64"), annotations },
      ],
      { mediaType: DOCKER_MANIFEST_LIST, annotations, "x-unknown": [1, { a: null }] },
    );
    const graph = await graphOf(index, only(["linux/amd64"]));
    const bytes = graph.manifests.at(-1)?.bytes ?? new Uint8Array();
    const expected = JSON.parse(textOf(index.root.bytes));
    expected.manifests.splice(0, 1);
    expect(JSON.parse(textOf(bytes))).toEqual(expected);
    expect(graph.root).toEqual(describeContent(DOCKER_MANIFEST_LIST, bytes));
    expect(graph.source).toEqual(index.root.descriptor);
    expect(digestsOf(graph)).toEqual([amd.graph.root.descriptor.digest, graph.root.digest]);
    expect(graph.leftOut).toEqual(["platform linux/arm64: not asked for"]);
    expect((await graphOf(index, only(["linux/amd64"]))).root).toEqual(graph.root);
  });

  test("leaves the index alone when it holds nothing else", async () => {
    const all = ["linux/amd64", "linux/arm64", "linux/arm"];
    expect((await graphOf(sample, only(all))).root).toEqual(sample.root.descriptor);
  });

  test.each([
    ["linux/arm64/v8", ["linux/arm64"]],
    ["linux/arm", ["linux/arm/v6", "linux/arm/v7"]],
    ["linux/arm/v6", ["linux/arm/v6"]],
  ])("takes for %s what is meant by it", async (wanted, found) => {
    expect(Object.keys((await graphOf(sample, only([wanted]))).platforms)).toEqual(found);
  });

  test("keeps the index with its gaps when it is to be sparse", async () => {
    const graph = await graphOf(sample, only(["linux/arm64"], "sparse"));
    expect(graph.root).toEqual(sample.root.descriptor);
    expect(graph.manifests).toHaveLength(2);
    expect(graph.leftOut).toHaveLength(3);
  });

  test("takes the attestations of the platforms that it takes", async () => {
    const amd = { graph: imageOf(platformOf("linux/amd64"), ["amd"]) };
    const arm = { graph: imageOf(platformOf("linux/arm64"), ["arm"]) };
    const attests = attestationOf(amd.graph.root.descriptor);
    const index = indexOf([
      { ...amd, platform: platformOf("linux/amd64") },
      { ...arm, platform: platformOf("linux/arm64") },
      attests,
      attestationOf(arm.graph.root.descriptor),
    ]);
    const graph = await graphOf(index, only(["linux/amd64"]));
    expect(digestsOf(graph)).toEqual([
      amd.graph.root.descriptor.digest,
      attests.graph.root.descriptor.digest,
      graph.root.digest,
    ]);
    expect(Object.keys(graph.platforms)).toEqual(["linux/amd64"]);
    expect(graph.leftOut).toEqual(["platform linux/arm64: not asked for"]);
  });

  test("looks into nested indexes, and takes out one of which nothing is left", async () => {
    const index = indexOf([
      { graph: imageFor(["linux/amd64", "linux/arm64"], "first") },
      { graph: imageFor(["linux/s390x"], "second") },
    ]);
    const graph = await graphOf(index, only(["linux/arm64"]));
    expect(graph.manifests).toHaveLength(3);
    const root: { manifests: Descriptor[] } = JSON.parse(
      textOf(graph.manifests[2]?.bytes ?? utf8("")),
    );
    expect(root.manifests.map(({ digest }) => digest)).toEqual([
      digestsOf(graph)[1] ?? ABSENT_DIGEST,
    ]);
    expect(graph.leftOut).toEqual([
      "platform linux/amd64: not asked for",
      "platform linux/s390x: not asked for",
    ]);
  });

  test("fails when there is none of them, and names what there is", async () => {
    const failure = await failureOf(graphOf(sample, only(["linux/s390x", "linux/ppc64le"])));
    expect(failure.code).toBe("NOT_FOUND");
    expect(failure.message).toBe(
      `Cannot find linux/ppc64le, linux/s390x in image ${sample.root.descriptor.digest}: ` +
        "it has linux/amd64, linux/arm/v6, linux/arm/v7, linux/arm64",
    );
  });
});

describe("readImageGraph() with referrers", () => {
  const image = imageFor(["linux/amd64", "linux/arm64"]);
  const child = image.below.findLast(({ descriptor }) => descriptor.mediaType.includes("manifest"));
  const childDescriptor = child?.descriptor ?? image.root.descriptor;
  const sbom = referrerTo(childDescriptor, "sbom", "application/spdx+json");
  const signature = referrerTo(sbom.root.descriptor, "signed", "application/vnd.example.signature");
  const attestation = referrerTo(image.root.descriptor, "built", "application/vnd.in-toto+json");
  const cosign = artifactOf(["cosign"]);
  const tagOf = (digest: Digest, suffix: string) => `sha256-${hexOf(digest)}.${suffix}`;

  async function signedImage(): Promise<MemoryRepository> {
    const source = new MemoryRepository();
    for (const one of [image, sbom, signature, attestation, cosign]) await pushGraph(source, one);
    const { descriptor } = cosign.root;
    await source.tag(descriptor, tagOf(image.root.descriptor.digest, "sig"));
    await source.tag(descriptor, tagOf(attestation.root.descriptor.digest, "sbom"));
    await source.tag(descriptor, tagOf(image.root.descriptor.digest, "other"));
    return source;
  }

  test("finds what refers to root, children and referrers, and cosign's tags", async () => {
    const graph = await readImageGraph(await signedImage(), image.root.descriptor, EVERYTHING);
    const named = graph.referrers.map(({ subject, descriptor }) => [
      subject,
      descriptor.digest,
      descriptor.artifactType,
    ]);
    expect(named.sort()).toEqual(
      [
        [childDescriptor.digest, sbom.root.descriptor.digest, "application/spdx+json"],
        [
          sbom.root.descriptor.digest,
          signature.root.descriptor.digest,
          "application/vnd.example.signature",
        ],
        [
          image.root.descriptor.digest,
          attestation.root.descriptor.digest,
          "application/vnd.in-toto+json",
        ],
      ].sort(),
    );
    expect(graph.signatureTags).toEqual({
      [tagOf(image.root.descriptor.digest, "sig")]: cosign.root.descriptor,
      [tagOf(attestation.root.descriptor.digest, "sbom")]: cosign.root.descriptor,
    });
    const order = digestsOf(graph);
    expect(new Set(order).size).toBe(order.length);
    const place = ({ root }: SampleGraph) => order.indexOf(root.descriptor.digest);
    expect(place(image)).toBeLessThan(place(attestation));
    expect(place(sbom)).toBeLessThan(place(signature));
    expect(place(cosign)).toBeGreaterThan(0);
    for (const { descriptor } of [...sbom.below, ...signature.below, ...cosign.below]) {
      expect(graph.blobs.map(({ digest }) => digest)).toContain(descriptor.digest);
    }
  });

  test("looks for none when they stay behind", async () => {
    const source = await signedImage();
    const graph = await readImageGraph(source, image.root.descriptor, { referrers: false });
    expect(graph.manifests).toHaveLength(3);
    expect(graph).toMatchObject({ referrers: [], signatureTags: {} });
  });

  test("says which ones no longer hold for an index without all its platforms", async () => {
    const graph = await readImageGraph(await signedImage(), image.root.descriptor, {
      ...only(["linux/arm64"]),
      referrers: true,
    });
    const { digest } = image.root.descriptor;
    expect(graph.leftOut).toEqual([
      "platform linux/amd64: not asked for",
      `referrer ${attestation.root.descriptor.digest} (application/vnd.in-toto+json): it is for ${digest}, with all platforms`,
      `signature ${tagOf(digest, "sig")}: it is for ${digest}, with all platforms`,
    ]);
    expect(graph.signatureTags).toEqual({});
    expect(graph.referrers.map(({ subject }) => subject)).toEqual([
      childDescriptor.digest,
      sbom.root.descriptor.digest,
    ]);
  });

  test("does not ask for tags that are not listed, and asks where there is no list", async () => {
    const source = await signedImage();
    const asked: string[] = [];
    const resolve = source.resolve.bind(source);
    source.resolve = (reference) => {
      asked.push(reference);
      return resolve(reference);
    };
    await readImageGraph(source, image.root.descriptor, EVERYTHING);
    expect(asked).toHaveLength(2);
    asked.length = 0;
    source.tags = async function* () {
      for (let at = 0; ; at += 1) yield `endless-${at}`;
    };
    const graph = await readImageGraph(source, image.root.descriptor, EVERYTHING);
    expect(asked).toHaveLength(graph.manifests.length * 3);
    expect(Object.keys(graph.signatureTags)).toHaveLength(2);
  });

  test("leaves out what is listed wrongly, and says so", async () => {
    const source = await signedImage();
    const absent = { ...sbom.root.descriptor, digest: ABSENT_DIGEST };
    const typed = { mediaType: "text/plain", digest: digestOf(utf8("x")), size: 1 };
    source.referrers = async function* (subject) {
      if (subject === image.root.descriptor.digest) yield* [absent, sbom.root.descriptor, typed];
    };
    const graph = await readImageGraph(source, image.root.descriptor, EVERYTHING);
    expect(graph.referrers).toEqual([]);
    expect([...graph.leftOut].sort()).toEqual(
      [
        `referrer ${ABSENT_DIGEST}: it is listed but not there`,
        `referrer ${typed.digest}: its type "text/plain" is not known`,
        `referrer ${sbom.root.descriptor.digest}: it is listed for ${image.root.descriptor.digest} but does not refer to it`,
      ].sort(),
    );
  });

  test("gives the same graph in whatever order referrers are listed", async () => {
    const source = new MemoryRepository();
    await pushGraph(source, image);
    const { descriptor } = image.root;
    const many = ["a", "b", "c", "d"].map((text) => referrerTo(descriptor, text, "text/plain"));
    for (const one of many) await pushGraph(source, one);
    const list = source.referrers.bind(source);
    const graph = await readImageGraph(source, descriptor, EVERYTHING);
    source.referrers = async function* (subject) {
      yield* (await Array.fromAsync(list(subject))).reverse();
    };
    expect(await readImageGraph(source, descriptor, EVERYTHING)).toEqual(graph);
  });

  test("stops at a registry that lists referrers without end", async () => {
    const source = await signedImage();
    source.referrers = async function* () {
      for (let at = 0; ; at += 1) {
        yield { ...sbom.root.descriptor, digest: digestOf(utf8(String(at))) };
      }
    };
    const failure = await failureOf(readImageGraph(source, image.root.descriptor, EVERYTHING));
    expect(failure.code).toBe("LIMIT_EXCEEDED");
    expect(failure.message).toContain(String(IMAGE_REFERRERS));
  });
});
