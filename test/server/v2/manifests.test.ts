import { describe, expect, test } from "bun:test";
import { streamOf, utf8 } from "../../../src/bytes.ts";
import {
  type Descriptor,
  DOCKER_MANIFEST,
  describe as describeBytes,
  OCI_INDEX,
  OCI_MANIFEST,
  type ReadonlyRepository,
} from "../../../src/oci-client/index.ts";
import { answerManifest } from "../../../src/server/v2/manifests.ts";

const BLOB = describeBytes("application/octet-stream", utf8("x"));
const IMAGE = { schemaVersion: 2, config: BLOB, layers: [BLOB] };
const LIST = { schemaVersion: 2, manifests: [{ ...BLOB, mediaType: OCI_MANIFEST }] };

/** A repository that says of one document that it is a manifest of some type. */
function claiming(mediaType: string, document: unknown): ReadonlyRepository {
  const bytes = utf8(JSON.stringify(document));
  const descriptor: Descriptor = describeBytes(mediaType, bytes);
  return {
    exists: async () => true,
    fetch: async () => streamOf(bytes),
    resolveBlob: async () => undefined,
    resolve: async () => descriptor,
    tags: async function* none() {},
    referrers: async function* none() {},
  };
}

const { signal } = new AbortController();
const ask = (repository: ReadonlyRepository) =>
  answerManifest(new Request("http://localhost/v2/a/manifests/1"), repository, "1", signal);

describe("answerManifest()", () => {
  test.each([
    ["an image", OCI_MANIFEST, IMAGE],
    ["an image of docker", DOCKER_MANIFEST, { ...IMAGE, mediaType: DOCKER_MANIFEST }],
    ["a list", OCI_INDEX, LIST],
    ["a list with fields of its own", OCI_INDEX, { ...LIST, made: "up" }],
    ["what it does not know", "application/vnd.example.other+json", { any: "thing" }],
  ])("passes %s on", async (_, mediaType, document) => {
    const response = await ask(claiming(mediaType, document));
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe(mediaType);
    expect(await response.json()).toEqual(document);
  });

  test.each([
    ["an image that is a list too", OCI_MANIFEST, { ...IMAGE, ...LIST }],
    ["a list that is an image too", OCI_INDEX, { ...IMAGE, ...LIST }],
    ["a list with layers", OCI_INDEX, { ...LIST, layers: [] }],
    ["a list that is given as an image", OCI_MANIFEST, LIST],
    ["what calls itself something else", OCI_MANIFEST, { ...IMAGE, mediaType: OCI_INDEX }],
    ["what is no object", OCI_MANIFEST, "text"],
  ])("refuses %s", async (_, mediaType, document) => {
    await expect(ask(claiming(mediaType, document))).rejects.toMatchObject({
      code: "INPUT_INVALID",
    });
  });
});
