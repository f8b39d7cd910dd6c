import { describe, expect, test } from "bun:test";
import { textOf } from "../../../src/bytes.ts";
import { RegistryResponseError } from "../../../src/errors.ts";
import { MANIFEST_BYTES } from "../../../src/limits.ts";
import {
  DOCKER_MANIFEST,
  DOCKER_SCHEMA1,
  OCI_INDEX,
  OCI_MANIFEST,
} from "../../../src/oci-client/index.ts";
import { collect, failureOf, openRemote } from "../../support/remote.ts";
import { artifactOf, blobOf, imageIndexOf } from "../../support/sample-content.ts";
import { type StubAnswer, type StubRequest, stubTransport } from "../../support/stub-transport.ts";

const { root } = artifactOf(["one"]);
const text = textOf(root.bytes);
const HEADERS = {
  "content-type": OCI_MANIFEST,
  "content-length": String(root.bytes.byteLength),
  "docker-content-digest": root.descriptor.digest,
};

function answering(answer: (request: StubRequest) => StubAnswer) {
  const stub = stubTransport(answer);
  return { ...stub, repository: openRemote("a.example", { send: stub.send }).repository("r") };
}

describe("resolve()", () => {
  test("needs one HEAD where the registry tells everything", async () => {
    const { repository, requests } = answering(() => ({ status: 200, headers: HEADERS }));
    expect(await repository.resolve("latest")).toEqual(root.descriptor);
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "HEAD https://a.example/v2/r/manifests/latest",
    ]);
    expect(requests[0]?.headers["accept"]).toContain("*/*");
  });

  const silent: readonly (readonly [name: string, headers: Record<string, string>])[] = [
    ["the digest", { ...HEADERS, "docker-content-digest": "" }],
    ["a digest of the right form", { ...HEADERS, "docker-content-digest": "sha256:../../x" }],
    ["the size", { ...HEADERS, "content-length": "0" }],
    ["the type", { ...HEADERS, "content-type": "application/octet-stream" }],
  ];
  for (const [name, headers] of silent) {
    test(`reads the manifest where HEAD does not tell ${name}`, async () => {
      const { repository, requests } = answering(({ method }) =>
        method === "HEAD"
          ? { status: 200, headers }
          : { status: 200, headers: { "content-type": OCI_MANIFEST }, body: text },
      );
      expect(await repository.resolve("latest")).toEqual(root.descriptor);
      expect(requests.map(({ method }) => method)).toEqual(["HEAD", "GET"]);
    });
  }

  test("reads the type in the document where the registry only says JSON", async () => {
    const { repository } = answering(({ method }) => ({
      status: 200,
      headers: { "content-type": "application/json; charset=utf-8" },
      body: method === "HEAD" ? "" : text,
    }));
    expect((await repository.resolve("latest"))?.mediaType).toBe(OCI_MANIFEST);
  });

  test("gives undefined for what is absent, and for what is no reference without asking", async () => {
    const { repository, requests } = answering(() => ({ status: 404 }));
    expect(await repository.resolve("absent")).toBeUndefined();
    for (const reference of [
      "",
      "..",
      "../../other/manifests/x",
      "a/b",
      "sha256:XYZ",
      "a?b",
      "%2e",
    ]) {
      expect(await repository.resolve(reference)).toBeUndefined();
    }
    expect(requests).toHaveLength(1);
  });

  test.each([
    ["signed", "application/vnd.docker.distribution.manifest.v1+prettyjws", "{}"],
    ["plain", "application/vnd.docker.distribution.manifest.v1+json", "{}"],
    ["only called JSON", "application/json", '{"schemaVersion":1,"fsLayers":[]}'],
  ])("refuses Docker's schema 1 with what to do, %s", async (_, type, body) => {
    const headers = { "content-type": type };
    const { repository } = answering(() => ({ status: 200, headers, body }));
    const failure = await failureOf(repository.resolve("old"));
    expect(failure.code).toBe("UNSUPPORTED");
    expect(failure.message).toBe("Cannot read manifest r@old: it is of Docker's schema 1");
    expect(failure.hint).toContain("Build the image anew");
  });

  test("refuses other types that are no manifest, by their name", async () => {
    const headers = { "content-type": "application/vnd.example" };
    const { repository } = answering(() => ({ status: 200, headers, body: "{}" }));
    const failure = await failureOf(repository.resolve("odd"));
    expect(failure.code).toBe("UNSUPPORTED");
    expect(failure.message).toContain('its type is "application/vnd.example"');
  });
});

describe("fetch() of a manifest", () => {
  const fetching = (answer: StubAnswer) =>
    answering(() => answer).repository.fetch(root.descriptor);

  test("fails when the bytes are not those of the digest", async () => {
    for (const body of [text.replace("one", "two"), text.slice(1), `${text} `]) {
      const failure = await failureOf(fetching({ status: 200, headers: HEADERS, body }));
      expect(["DIGEST_MISMATCH", "SIZE_MISMATCH"]).toContain(failure.code);
    }
  });

  test("fails when the header names another digest than the bytes have", async () => {
    const headers = { ...HEADERS, "docker-content-digest": blobOf("x").descriptor.digest };
    const failure = await failureOf(fetching({ status: 200, headers, body: text }));
    expect(failure.code).toBe("DIGEST_MISMATCH");
  });

  test("fails when it is given as another type than it is named", async () => {
    const headers = { ...HEADERS, "content-type": DOCKER_MANIFEST };
    const failure = await failureOf(fetching({ status: 200, headers, body: text }));
    expect(failure.message).toContain(DOCKER_MANIFEST);
  });

  test("refuses Docker's schema 1 without looking for a blob", async () => {
    const { repository, requests } = answering(() => ({ status: 404 }));
    const fetch = repository.fetch({ ...root.descriptor, mediaType: DOCKER_SCHEMA1 });
    expect((await failureOf(fetch)).message).toContain("schema 1");
    expect(requests).toEqual([]);
  });

  test("stops reading at four MiB", async () => {
    const body = "x".repeat(MANIFEST_BYTES + 1);
    const failure = await failureOf(fetching({ status: 200, headers: HEADERS, body }));
    expect(failure.code).toBe("LIMIT_EXCEEDED");
  });
});

describe("a manifest that can be read in two ways", () => {
  const both = text.replace(/}$/, ',"manifests":[]}');
  test.each([
    ["with layers and manifests", OCI_MANIFEST, both],
    ["whose type is that of the other kind", OCI_INDEX, text],
    ["that is none", OCI_MANIFEST, "[]"],
  ])("%s is refused", async (_, type, body) => {
    const { repository } = answering(({ method }) => ({
      status: 200,
      headers: { "content-type": type },
      body: method === "HEAD" ? "" : body,
    }));
    await expect(repository.resolve("latest")).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });
});

describe("tag()", () => {
  test("writes nothing when the tag is right already", async () => {
    const { repository, requests } = answering(() => ({ status: 200, headers: HEADERS }));
    await repository.tag(root.descriptor, "latest");
    expect(requests.map(({ method }) => method)).toEqual(["HEAD"]);
  });

  test("with content is one PUT of those very bytes and their type", async () => {
    const { repository, requests } = answering(() => ({ status: 201 }));
    await repository.tag(root.descriptor, "latest", root.bytes);
    expect(requests).toEqual([
      {
        method: "PUT",
        url: "https://a.example/v2/r/manifests/latest",
        headers: { "content-type": OCI_MANIFEST },
        body: text,
      },
    ]);
  });

  test("fails when the registry stored it under another digest", async () => {
    const headers = { "docker-content-digest": blobOf("x").descriptor.digest };
    const { repository } = answering(() => ({ status: 201, headers }));
    const failure = await failureOf(repository.tag(root.descriptor, "latest", root.bytes));
    expect(failure.code).toBe("DIGEST_MISMATCH");
  });

  test("refuses what is no tag", async () => {
    const { repository, requests } = answering(() => ({ status: 201 }));
    expect((await failureOf(repository.tag(root.descriptor, "../x", root.bytes))).code).toBe(
      "INPUT_INVALID",
    );
    expect(requests).toEqual([]);
  });

  test("shows what the registry misses", async () => {
    const body =
      '{"errors":[{"code":"MANIFEST_BLOB_UNKNOWN","message":"blob\\nunknown","detail":1}]}';
    const { repository } = answering(() => ({ status: 400, body }));
    const failure = await failureOf(repository.tag(root.descriptor, "latest", root.bytes));
    if (!(failure instanceof RegistryResponseError)) throw failure;
    expect(failure.message).toContain(
      "a.example answered 400 (MANIFEST_BLOB_UNKNOWN: blob unknown)",
    );
    expect(failure.exchange).toEqual({
      method: "PUT",
      url: "https://a.example/v2/r/manifests/latest",
      status: 400,
      errors: [{ code: "MANIFEST_BLOB_UNKNOWN", message: "blob unknown" }],
    });
  });
});

describe("referrers()", () => {
  const index = imageIndexOf([artifactOf(["a"]), artifactOf(["b"])]);
  const subject = root.descriptor.digest;

  test("follows the pages of the API", async () => {
    const { repository, requests } = answering(({ url }) => ({
      status: 200,
      headers: {
        "content-type": OCI_INDEX,
        ...(url.includes("page=2") ? {} : { link: `<?page=2>; rel="next"` }),
      },
      body: textOf(index.root.bytes),
    }));
    expect(await collect(repository.referrers(subject))).toHaveLength(4);
    expect(requests[0]?.url).toBe(`https://a.example/v2/r/referrers/${subject}`);
  });

  test("reads the tag that stands in where there is no API", async () => {
    const { repository, requests } = answering(({ url }) =>
      url.includes("/referrers/")
        ? { status: 404 }
        : { status: 200, headers: { "content-type": OCI_INDEX }, body: textOf(index.root.bytes) },
    );
    expect(await collect(repository.referrers(subject))).toHaveLength(2);
    expect(requests[1]?.url).toBe(`https://a.example/v2/r/manifests/${subject.replace(":", "-")}`);
  });

  test("is empty where neither knows the manifest", async () => {
    const { repository } = answering(() => ({ status: 404 }));
    expect(await collect(repository.referrers(subject))).toEqual([]);
  });
});
