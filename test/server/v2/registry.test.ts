import { describe, expect, test } from "bun:test";
import { textOf, utf8 } from "../../../src/bytes.ts";
import {
  buildManifest,
  type Descriptor,
  describe as describeBytes,
  digestOf,
  MemoryRegistry,
  OCI_INDEX,
  OCI_MANIFEST,
} from "../../../src/oci-client/index.ts";
import { jsonOf } from "../../support/json-of.ts";
import { servedApp } from "../../support/served-app.ts";

const REPOSITORY = "devfile-catalog/go";
const MISSING = digestOf(utf8("missing"));
const registry = new MemoryRegistry();

async function push(tags: readonly string[], content: string, repository = REPOSITORY) {
  const target = registry.repository(repository);
  const config = describeBytes("application/vnd.example.config+json", utf8("{}"));
  const layer = describeBytes("text/plain", utf8(content));
  const { descriptor, bytes } = buildManifest({ config, layers: [layer] });
  await target.push(config, utf8("{}"));
  await target.push(layer, utf8(content));
  for (const tag of tags) await target.tag(descriptor, tag, bytes);
  return { descriptor, bytes, layer };
}

const { descriptor, bytes, layer } = await push(["2.0.0", "10.0.0", "1.0.0"], "0123456789");
const empty = await push(["1.0.0"], "", "devfile-catalog/empty");
await push(["1.0.0"], "x", "a/b/c");
const MANIFEST = `/v2/${REPOSITORY}/manifests`;
const BLOB = `/v2/${REPOSITORY}/blobs/${layer.digest}`;
const { get, send } = await servedApp({ deps: { registry } });

async function errorOf(response: Response): Promise<string> {
  expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
  const { errors } = await jsonOf(response);
  expect(errors).toHaveLength(1);
  expect(typeof errors[0].message).toBe("string");
  return errors[0].code;
}

describe("GET /v2/", () => {
  test("says that this is a registry", async () => {
    const response = await get("/v2/");
    expect(response.status).toBe(200);
    expect(response.headers.get("docker-distribution-api-version")).toBe("registry/2.0");
    expect(await response.text()).toBe("{}");
  });

  test("is where /v2 leads", async () => {
    const response = await get("/v2");
    expect([response.status, response.headers.get("location")]).toEqual([301, "/v2/"]);
  });
});

describe("manifests", () => {
  test.each([
    ["tag", "2.0.0", "no-cache"],
    ["digest", descriptor.digest, "public, max-age=31536000, immutable"],
  ])("by %s: HEAD and GET", async (_, reference, caching) => {
    const accept = "application/vnd.docker.distribution.manifest.v2+json";
    for (const method of ["HEAD", "GET"]) {
      const response = await send(method, `${MANIFEST}/${reference}`, { accept });
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toBe(OCI_MANIFEST);
      expect(response.headers.get("content-length")).toBe(String(bytes.byteLength));
      expect(response.headers.get("docker-content-digest")).toBe(descriptor.digest);
      expect(response.headers.get("etag")).toBe(`"${descriptor.digest}"`);
      expect(response.headers.get("cache-control")).toBe(caching);
      const body = new Uint8Array(await response.arrayBuffer());
      expect(textOf(body)).toBe(method === "HEAD" ? "" : textOf(bytes));
    }
  });

  test("are never compressed and answer 304 to their digest", async () => {
    const asked = await get(`${MANIFEST}/2.0.0`, { "accept-encoding": "gzip, zstd" });
    expect(asked.headers.get("content-encoding")).toBeNull();
    const tag = `"${descriptor.digest}"`;
    expect((await get(`${MANIFEST}/2.0.0`, { "if-none-match": tag })).status).toBe(304);
    expect((await get(`${MANIFEST}/2.0.0`, { "if-none-match": "*" })).status).toBe(304);
  });

  test.each([
    [`${MANIFEST}/nothing`, 404, "MANIFEST_UNKNOWN"],
    [`${MANIFEST}/${MISSING}`, 404, "MANIFEST_UNKNOWN"],
    // A blob is no manifest.
    [`${MANIFEST}/${layer.digest}`, 404, "MANIFEST_UNKNOWN"],
    ["/v2/not/here/manifests/1.0.0", 404, "MANIFEST_UNKNOWN"],
    [`${MANIFEST}/sha256:abc`, 400, "DIGEST_INVALID"],
    [`${MANIFEST}/sha256:${"A".repeat(64)}`, 400, "DIGEST_INVALID"],
    [`${MANIFEST}/md5:${"a".repeat(32)}`, 400, "DIGEST_INVALID"],
    [`${MANIFEST}/.hidden`, 400, "TAG_INVALID"],
    [`${MANIFEST}/${"t".repeat(129)}`, 400, "TAG_INVALID"],
    ["/v2/UPPER/manifests/1.0.0", 400, "NAME_INVALID"],
    ["/v2/-a/manifests/1.0.0", 400, "NAME_INVALID"],
    ["/v2/_catalog/x/manifests/1.0.0", 400, "NAME_INVALID"],
    [`/v2/${"a/".repeat(200)}b/manifests/1.0.0`, 400, "NAME_INVALID"],
    ["/v2/go/manifests/", 404, "NAME_UNKNOWN"],
    ["/v2/manifests/1.0.0", 404, "NAME_UNKNOWN"],
  ])("%s", async (path, status, code) => {
    const response = await get(path);
    expect(response.status).toBe(status);
    expect(response.headers.get("docker-distribution-api-version")).toBe("registry/2.0");
    expect(await errorOf(response)).toBe(code);
  });
});

describe("blobs", () => {
  test("HEAD and GET give them as untrusted bytes", async () => {
    for (const method of ["HEAD", "GET"]) {
      const response = await send(method, BLOB, { "accept-encoding": "gzip" });
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toBe("application/octet-stream");
      expect(response.headers.get("content-length")).toBe("10");
      expect(response.headers.get("docker-content-digest")).toBe(layer.digest);
      expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      expect(response.headers.get("content-security-policy")).toStartWith("sandbox;");
      expect(response.headers.get("content-encoding")).toBeNull();
      expect(await response.text()).toBe(method === "HEAD" ? "" : "0123456789");
    }
  });

  test("of no bytes and of two bytes are there", async () => {
    const nothing = await get(`/v2/devfile-catalog/empty/blobs/${empty.layer.digest}`);
    expect([nothing.status, await nothing.text()]).toEqual([200, ""]);
    expect(nothing.headers.get("content-length")).toBe("0");
    const two = await get(`/v2/${REPOSITORY}/blobs/${digestOf(utf8("{}"))}`);
    expect([two.status, await two.text()]).toEqual([200, "{}"]);
  });

  test.each([
    ["bytes=0-3", 206, "0123", "bytes 0-3/10"],
    ["bytes=7-", 206, "789", "bytes 7-9/10"],
    ["bytes=-4", 206, "6789", "bytes 6-9/10"],
    ["bytes=-40", 206, "0123456789", "bytes 0-9/10"],
    ["bytes=8-99", 206, "89", "bytes 8-9/10"],
    ["bytes=10-", 416, "", "bytes */10"],
    ["bytes=99-100", 416, "", "bytes */10"],
    ["bytes=5-2", 416, "", "bytes */10"],
    ["bytes=-0", 416, "", "bytes */10"],
    ["bytes=0-1,3-4", 200, "0123456789", null],
    ["lines=0-1", 200, "0123456789", null],
  ])("range %s", async (range, status, text, contentRange) => {
    const response = await get(BLOB, { range });
    expect(response.status).toBe(status);
    expect(response.headers.get("content-range")).toBe(contentRange);
    expect(response.headers.get("content-length")).toBe(String(text.length));
    expect(await response.text()).toBe(text);
    expect((await send("HEAD", BLOB, { range })).status).toBe(status);
  });

  test("ranges of an empty blob cannot be satisfied", async () => {
    const path = `/v2/devfile-catalog/empty/blobs/${empty.layer.digest}`;
    expect((await get(path, { range: "bytes=0-" })).status).toBe(416);
  });

  test("answer 304 and honour If-Range", async () => {
    const etag = `"${layer.digest}"`;
    expect((await get(BLOB, { "if-none-match": etag, range: "bytes=0-1" })).status).toBe(304);
    expect((await get(BLOB, { "if-range": etag, range: "bytes=0-1" })).status).toBe(206);
    expect((await get(BLOB, { "if-range": '"x"', range: "bytes=0-1" })).status).toBe(200);
  });

  test.each([
    [`/v2/${REPOSITORY}/blobs/${MISSING}`, 404, "BLOB_UNKNOWN"],
    // A manifest is no blob; a blob of another repository is not here.
    [`/v2/${REPOSITORY}/blobs/${descriptor.digest}`, 404, "BLOB_UNKNOWN"],
    [`/v2/a/b/c/blobs/${layer.digest}`, 404, "BLOB_UNKNOWN"],
    [`/v2/${REPOSITORY}/blobs/sha256:../../etc/passwd`, 404, "NAME_UNKNOWN"],
    [`/v2/${REPOSITORY}/blobs/latest`, 400, "DIGEST_INVALID"],
    [`/v2/${REPOSITORY}/blobs/uploads/`, 404, "NAME_UNKNOWN"],
    [`/v2/${REPOSITORY}/blobs/uploads/1`, 404, "NAME_UNKNOWN"],
  ])("%s", async (path, status, code) => {
    const response = await get(path);
    expect(response.status).toBe(status);
    expect(await errorOf(response)).toBe(code);
  });
});

describe("listings", () => {
  const TAGS = `/v2/${REPOSITORY}/tags/list`;
  const nextOf = (path: string) => `<${path}>; rel="next"`;

  test.each([
    ["", ["1.0.0", "10.0.0", "2.0.0"], null],
    ["?n=2", ["1.0.0", "10.0.0"], nextOf(`${TAGS}?n=2&last=10.0.0`)],
    ["?n=2&last=10.0.0", ["2.0.0"], null],
    ["?n=3", ["1.0.0", "10.0.0", "2.0.0"], null],
    ["?n=1&last=1.0.0", ["10.0.0"], nextOf(`${TAGS}?n=1&last=10.0.0`)],
    ["?last=1.5", ["10.0.0", "2.0.0"], null],
    ["?last=zzz", [], null],
    ["?n=0", [], null],
    ["?n=0&last=1.0.0", [], null],
    ["?n=999999999", ["1.0.0", "10.0.0", "2.0.0"], null],
  ])("tags%s", async (query, tags, link) => {
    const response = await get(`${TAGS}${query}`);
    expect(response.status).toBe(200);
    expect(await jsonOf(response)).toEqual({ name: REPOSITORY, tags });
    expect(response.headers.get("link")).toBe(link);
  });

  test.each(["?n=-1", "?n=two", "?n=1.5", "?n=9999999999999"])(
    "tags%s is refused",
    async (query) => {
      const response = await get(`${TAGS}${query}`);
      expect(response.status).toBe(400);
      expect(await errorOf(response)).toBe("PAGINATION_NUMBER_INVALID");
    },
  );

  test("catalog, page by page", async () => {
    const all: string[] = [];
    let path: string | undefined = "/v2/_catalog?n=1";
    for (let pages = 0; path !== undefined && pages < 10; pages++) {
      const response: Response = await get(path);
      const { repositories } = await jsonOf(response);
      all.push(...repositories);
      path = /<(.+)>; rel="next"/.exec(response.headers.get("link") ?? "")?.[1];
    }
    expect(all).toEqual(["a/b/c", "devfile-catalog/empty", "devfile-catalog/go"]);
    expect(await (await get("/v2/_catalog?n=0")).json()).toEqual({ repositories: [] });
  });

  test("tags of a repository that does not exist", async () => {
    const embedded = await servedApp();
    const response = await embedded.get("/v2/not/here/tags/list");
    expect(response.status).toBe(404);
    expect(await errorOf(response)).toBe("NAME_UNKNOWN");
  });
});

describe("referrers", () => {
  async function attach(artifactType: string, text: string): Promise<Descriptor> {
    const config = describeBytes("application/vnd.oci.empty.v1+json", utf8("{}"));
    const attached = utf8(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: OCI_MANIFEST,
        artifactType,
        config,
        layers: [],
        subject: { mediaType: OCI_MANIFEST, digest: descriptor.digest, size: descriptor.size },
        annotations: { text },
      }),
    );
    const pushed = describeBytes(OCI_MANIFEST, attached);
    await registry.repository(REPOSITORY).push(pushed, attached);
    return pushed;
  }

  test("are an image index, filtered by type, in pages", async () => {
    const path = `/v2/${REPOSITORY}/referrers/${descriptor.digest}`;
    const none = await get(path);
    expect(none.headers.get("content-type")).toBe(OCI_INDEX);
    expect(await none.json()).toEqual({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] });
    const signature = await attach("application/vnd.example.signature", "one");
    const other = await attach("application/vnd.example.sbom", "two");
    const digests = async (query: string) => {
      const response = await get(`${path}${query}`);
      expect(response.status).toBe(200);
      const { manifests } = await jsonOf(response);
      return { response, found: manifests.map((each: Descriptor) => each.digest) };
    };
    const all = [signature.digest, other.digest].sort();
    expect((await digests("")).found).toEqual(all);
    expect((await digests("")).response.headers.get("oci-filters-applied")).toBeNull();
    const filtered = await digests("?artifactType=application/vnd.example.sbom");
    expect(filtered.found).toEqual([other.digest]);
    expect(filtered.response.headers.get("oci-filters-applied")).toBe("artifactType");
    const first = await digests("?n=1");
    expect(first.found).toEqual(all.slice(0, 1));
    const next = /<[^?]+(\?.+)>/.exec(first.response.headers.get("link") ?? "")?.[1] ?? "";
    expect((await digests(next)).found).toEqual(all.slice(1));
  });

  test("of what is not here are none", async () => {
    for (const name of [REPOSITORY, "not/here"]) {
      const response = await get(`/v2/${name}/referrers/${MISSING}`);
      expect(response.status).toBe(200);
      expect((await jsonOf(response)).manifests).toEqual([]);
    }
    const wrong = await get(`/v2/${REPOSITORY}/referrers/latest`);
    expect([wrong.status, await errorOf(wrong)]).toEqual([400, "DIGEST_INVALID"]);
  });
});

describe("writes", () => {
  test.each(["POST", "PUT", "PATCH", "DELETE"])("%s is not supported", async (method) => {
    const paths = ["/v2/", `/v2/${REPOSITORY}/blobs/uploads/`, `${MANIFEST}/2.0.0`, BLOB];
    for (const path of paths) {
      const response = await send(method, path);
      expect(response.status).toBe(405);
      expect(await errorOf(response)).toBe("UNSUPPORTED");
    }
    expect((await send(method, "/v2")).status).toBe(404);
  });
});

describe("the embedded registry", () => {
  test("has the artifacts of the build and forgets names made up by clients", async () => {
    const { get: ask, generation } = await servedApp();
    for (const repository of ["made/up", "../x", "devfile-catalog/none"]) {
      await ask(`/v2/${repository}/manifests/latest`);
    }
    expect(await (await ask("/v2/_catalog")).json()).toEqual({
      repositories: ["devfile-catalog/go", "devfile-catalog/python"],
    });
    const manifest = await jsonOf(await ask("/v2/devfile-catalog/go/manifests/2.0.0"));
    expect(manifest.config.mediaType).toBe("application/vnd.devfileio.devfile.config.v2+json");
    const digest = generation.build.info?.stacks["go:2.0.0"];
    const head = await ask(`/v2/devfile-catalog/go/manifests/${digest}`);
    expect(head.headers.get("docker-content-digest")).toBe(digest ?? "");
  });
});
