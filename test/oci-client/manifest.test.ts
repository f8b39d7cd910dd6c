import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { textOf, utf8 } from "../../src/bytes.ts";
import { MANIFEST_BYTES } from "../../src/limits.ts";
import {
  buildManifest,
  type Descriptor,
  DOCKER_MANIFEST,
  DOCKER_MANIFEST_LIST,
  fetchManifest,
  MemoryRepository,
  OCI_INDEX,
  OCI_MANIFEST,
  parseManifest,
  referrerOf,
  successors,
} from "../../src/oci-client/index.ts";
import { artifactOf, blobOf, imageIndexOf } from "../support/sample-content.ts";
import { codeOf } from "./behaviour.ts";

const CONFIG = blobOf("{}", "application/vnd.example.config.v1+json").descriptor;
const LAYER = blobOf("layer", "text/plain").descriptor;
const CHILD = artifactOf(["child"]).root.descriptor;
const IMAGE = { schemaVersion: 2, config: CONFIG, layers: [LAYER] };
const INDEX = { schemaVersion: 2, manifests: [CHILD] };

const parse = (document: unknown, mediaType: string) =>
  parseManifest(utf8(JSON.stringify(document)), mediaType);

describe("parseManifest()", () => {
  test("reads image manifests and image indexes, with and without mediaType, of both kinds", () => {
    for (const mediaType of [OCI_MANIFEST, DOCKER_MANIFEST]) {
      const image = parse(IMAGE, mediaType);
      expect(image).toEqual({ kind: "image", config: CONFIG, layers: [LAYER] });
      expect(parse({ ...IMAGE, mediaType }, mediaType)).toEqual(image);
      expect(successors(image)).toEqual([CONFIG, LAYER]);
    }
    for (const mediaType of [OCI_INDEX, DOCKER_MANIFEST_LIST]) {
      const index = parse({ ...INDEX, mediaType }, mediaType);
      expect(index).toEqual({ kind: "index", manifests: [CHILD] });
      expect(successors(index)).toEqual([CHILD]);
    }
  });

  test("reads subject, artifact type, annotations and platform, and drops what it does not know", () => {
    const platform = { architecture: "arm64", os: "linux", variant: "v8" };
    const manifests = [{ ...CHILD, platform: { ...platform, "os.features": ["x"] }, data: "e30=" }];
    const more = { subject: CHILD, artifactType: "a/b", annotations: { k: "v" }, unknown: [1] };
    expect(parse({ ...INDEX, ...more, manifests }, OCI_INDEX)).toEqual({
      kind: "index",
      manifests: [{ ...CHILD, platform }],
      subject: CHILD,
      artifactType: "a/b",
      annotations: { k: "v" },
    });
  });

  test("takes null where Go writers leave it", () => {
    const loose = { ...IMAGE, subject: null, annotations: null, artifactType: null, mediaType: "" };
    expect(parse(loose, OCI_MANIFEST)).toEqual({ kind: "image", config: CONFIG, layers: [LAYER] });
  });

  const layer = (change: object) => ({ ...IMAGE, layers: [{ ...LAYER, ...change }] });
  const refused: readonly (readonly [string, unknown, string])[] = [
    ["an image manifest that also lists manifests", { ...IMAGE, ...INDEX }, OCI_MANIFEST],
    ["an image index that also has layers", { ...INDEX, layers: [LAYER] }, OCI_INDEX],
    ["an image index that also has a config", { ...INDEX, config: CONFIG }, OCI_INDEX],
    ["an image manifest that lists null manifests", { ...IMAGE, manifests: null }, OCI_MANIFEST],
    ["an index given as an image manifest", INDEX, OCI_MANIFEST],
    ["an image manifest given as an index", IMAGE, OCI_INDEX],
    ["another mediaType inside", { ...IMAGE, mediaType: DOCKER_MANIFEST }, OCI_MANIFEST],
    ["an index that calls itself a manifest", { ...INDEX, mediaType: OCI_MANIFEST }, OCI_INDEX],
    ["a mediaType that is no text", { ...IMAGE, mediaType: 5 }, OCI_MANIFEST],
    ["no schemaVersion", { config: CONFIG, layers: [] }, OCI_MANIFEST],
    ["schemaVersion 1", { ...IMAGE, schemaVersion: 1 }, OCI_MANIFEST],
    ["no config", { schemaVersion: 2, layers: [LAYER] }, OCI_MANIFEST],
    ["no layers", { schemaVersion: 2, config: CONFIG }, OCI_MANIFEST],
    ["null layers", { ...IMAGE, layers: null }, OCI_MANIFEST],
    ["no manifests", { schemaVersion: 2 }, OCI_INDEX],
    ["a negative size", layer({ size: -1 }), OCI_MANIFEST],
    ["a broken size", layer({ size: 1.5 }), OCI_MANIFEST],
    ["a size that no number can hold", layer({ size: 2 ** 53 }), OCI_MANIFEST],
    ["an immense size", layer({ size: 1e300 }), OCI_MANIFEST],
    ["a size as text", layer({ size: "5" }), OCI_MANIFEST],
    ["a layer without a size", layer({ size: undefined }), OCI_MANIFEST],
    ["a layer without a digest", layer({ digest: undefined }), OCI_MANIFEST],
    ["a digest that climbs", layer({ digest: "sha256:../../x" }), OCI_MANIFEST],
    ["a digest of an unknown algorithm", layer({ digest: "md5:00" }), OCI_MANIFEST],
    ["an empty mediaType of a layer", layer({ mediaType: "" }), OCI_MANIFEST],
    ["annotations that are no text", layer({ annotations: { a: 1 } }), OCI_MANIFEST],
    ["a list", [], OCI_MANIFEST],
    ["null", null, OCI_MANIFEST],
    ["text", "manifest", OCI_INDEX],
  ];
  for (const [what, document, mediaType] of refused) {
    test(`refuses ${what}`, () => {
      expect(() => parse(document, mediaType)).toThrow(
        expect.objectContaining({ code: "INPUT_INVALID" }),
      );
    });
  }

  test("refuses what is not JSON, and JSON with something after it", () => {
    for (const text of ["", "{", `${JSON.stringify(IMAGE)}x`, "\ufeff{}"]) {
      expect(() => parseManifest(utf8(text), OCI_MANIFEST)).toThrow("it is not JSON");
    }
  });

  test("names the field that is wrong", () => {
    expect(() => parse(layer({ size: -1 }), OCI_MANIFEST)).toThrow("layers.0.size");
  });

  const unsupported = [
    "application/vnd.docker.distribution.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v1+prettyjws",
    "application/json",
    `${OCI_MANIFEST}; charset=utf-8`,
    "",
  ];
  for (const mediaType of unsupported) {
    test(`does not support the type "${mediaType}"`, () => {
      expect(() => parse(IMAGE, mediaType)).toThrow(
        expect.objectContaining({ code: "UNSUPPORTED" }),
      );
    });
  }

  test("throws nothing but its own errors, whatever the document", () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(OCI_MANIFEST, OCI_INDEX), (text, mediaType) => {
        try {
          parseManifest(utf8(text), mediaType);
        } catch (error) {
          expect(error).toMatchObject({ code: "INPUT_INVALID" });
        }
      }),
    );
  });
});

describe("buildManifest()", () => {
  test("writes the same bytes whatever the order of annotations, and parses back", () => {
    const parts = { config: CONFIG, layers: [LAYER], artifactType: "a/b" };
    const one = buildManifest({ ...parts, annotations: { b: "2", a: "1" } });
    const two = buildManifest({ ...parts, annotations: { a: "1", b: "2" } });
    expect(one).toEqual(two);
    expect(one.descriptor).toMatchObject({ mediaType: OCI_MANIFEST, artifactType: "a/b" });
    expect(parseManifest(one.bytes, OCI_MANIFEST)).toEqual({
      kind: "image",
      config: CONFIG,
      layers: [LAYER],
      artifactType: "a/b",
      annotations: { a: "1", b: "2" },
    });
  });

  test("writes the fields in the order of the specification", () => {
    const { bytes } = buildManifest({ config: CONFIG, layers: [], annotations: { a: "1" } });
    const fields = Object.keys(JSON.parse(textOf(bytes)));
    expect(fields).toEqual(["schemaVersion", "mediaType", "config", "layers", "annotations"]);
  });
});

describe("referrerOf()", () => {
  test("takes the config's type for an image manifest that names none, nothing for an index", () => {
    const image = artifactOf(["x"], { subject: CHILD });
    const manifest = parseManifest(image.root.bytes, OCI_MANIFEST);
    expect(referrerOf(image.root.descriptor, manifest).artifactType).toBe(CONFIG.mediaType);
    const index = imageIndexOf([image]).root;
    const parsed = parseManifest(index.bytes, OCI_INDEX);
    expect(referrerOf(index.descriptor, parsed)).toEqual(index.descriptor);
  });
});

describe("fetchManifest()", () => {
  test("refuses one over the bound while it is read, whatever size was promised", async () => {
    const endless: Descriptor = { ...CHILD, size: Number.MAX_SAFE_INTEGER };
    const source = {
      exists: async () => true,
      fetch: async function* () {
        for (;;) yield new Uint8Array(MANIFEST_BYTES / 4);
      },
    };
    const asked = { ...source, fetch: async () => source.fetch() };
    expect(await codeOf(fetchManifest(asked, endless))).toBe("LIMIT_EXCEEDED");
  });

  test("gives the bytes beside the view", async () => {
    const { root, below } = artifactOf(["x"]);
    const source = new MemoryRepository();
    await source.push(root.descriptor, root.bytes);
    const fetched = await fetchManifest(source, root.descriptor);
    expect(fetched.bytes).toEqual(root.bytes);
    expect(successors(fetched.manifest)).toEqual(below.map(({ descriptor }) => descriptor));
  });
});
