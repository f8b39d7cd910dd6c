import { describe, expect, test } from "bun:test";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { SEARCH_TEXT_CHARS } from "../../src/api-limits.ts";
import { ARTIFACT_NAME_CHARS } from "../../src/artifact-limits.ts";
import { PATH_CHARS, QUERY_CHARS } from "../../src/limits.ts";
import { jsonOf } from "../support/json-of.ts";
import { servedApp } from "../support/served-app.ts";
import { PARITY_BUILD } from "./registry.ts";

/**
 * Requests that the recordings of the Go server do not cover, against the same small registry: what
 * the contract says of parameters, encodings, methods and sizes.
 */
const { get, send } = await servedApp({ build: PARITY_BUILD });
const strict = await servedApp({ build: PARITY_BUILD, config: { strictCompat: true } });

async function namesOf(path: string): Promise<readonly string[]> {
  const response = await get(path);
  expect(response.status).toBe(200);
  const entries: readonly { readonly name: string }[] = await jsonOf(response);
  return entries.map(({ name }) => name);
}

describe("parameters of the index", () => {
  test.each([
    // Repeated: all values of a list must match, of anything else the first counts.
    ["/v2index/all?tags=Go&tags=Web", ["go"]],
    ["/v2index/all?tags=Go&tags=Java", []],
    ["/v2index/all?name=go&name=hello", ["go"]],
    ["/v2index/all?arch=amd64&arch=arm64", ["go", "hello"]],
    ["/v2index/all?default=true&default=nonsense", ["go"]],
    // A list with commas is one value.
    ["/v2index/all?tags=Go,Web", []],
    // Empty and unknown ones are ignored.
    ["/v2index/all?name=", ["go", "hello"]],
    ["/v2index/all?name", ["go", "hello"]],
    ["/v2index/all?minVersion=&arch=&icon=&deprecated=", ["go", "hello"]],
    ["/v2index/all?tags=&tags=Java", ["hello"]],
    ["/v2index/all?nothing=x&NAME=hello", ["go", "hello"]],
    ["/v2index/all?=&&&;", ["go", "hello"]],
    ["/v2index/all?", ["go", "hello"]],
    // Percent encodings of every kind.
    ["/v2index/all?name=%67%6F", ["go"]],
    ["/v2index/all?n%61me=hello", ["hello"]],
    ["/v2index/all?displayName=go+%26+friends", ["go"]],
    ["/v2index/all?displayName=go%20%20%26%09friends", ["go"]],
    ["/v2index/all?description=%3Cfast%3E", ["go"]],
    ["/v2index/all?displayName=%2526", []],
    ["/v2index/all?name=%", []],
    ["/v2index/all?name=%zz", []],
    ["/v2index/all?name=%ff", []],
    ["/v2index/all?name=%00", []],
    ["/v2index/all?name=go%23x", []],
    // Parameters of the other form are unknown in this one.
    ["/index/all?minVersion=nonsense&default=nonsense", ["go", "hello"]],
    // Links are matched by name, in both spellings.
    ["/v2index/all?links=self", ["go"]],
    ["/v2index/all?linkNames=self", ["go"]],
    ["/v2index/all?links=devfile-catalog", []],
    // Git of samples.
    ["/v2index/all?gitRemoteNames=origin&gitRemotes=hello.git", ["hello"]],
    ["/v2index/all?gitUrl=x", []],
    // Both ends are part of a range; versions may have any major.
    ["/v2index/all?minVersion=1.1&maxVersion=1.1.0", ["go"]],
    ["/v2index/all?minVersion=0.1", ["go"]],
    ["/v2index/all?minVersion=10.0", []],
    ["/v2index/all?minLastModified=2025-03-01&maxLastModified=2025-03-01", ["go"]],
    ["/v2index/all?deprecated=true", []],
    ["/v2index/all?deprecated=false", ["go", "hello"]],
    ["/v2index/all?commandGroups=build&commandGroups=RUN", ["go"]],
    ["/v2index/all?commandGroups=debug", []],
  ])("%s", async (path, names) => {
    expect(await namesOf(path)).toEqual(names);
  });

  test("keep the versions that match all of them", async () => {
    const versionsOf = async (query: string) => {
      const [entry] = await jsonOf(await get(`/v2index?${query}`));
      return entry.versions.map((each: { version: string }) => each.version);
    };
    expect(await versionsOf("name=go")).toEqual(["1.1.0", "1.0.0"]);
    expect(await versionsOf("default=false")).toEqual(["1.0.0"]);
    expect(await versionsOf("arch=amd64")).toEqual(["1.1.0", "1.0.0"]);
    expect(await versionsOf("maxSchemaVersion=2.1&resources=devfile")).toEqual(["1.0.0"]);
    expect(await versionsOf("starterProjects=go&tags=Go")).toEqual(["1.1.0"]);
  });

  test.each([
    ["minVersion", "1"],
    ["minVersion", "1.x"],
    ["minVersion", "v1.0"],
    ["minVersion", "1.0.0.0"],
    ["maxVersion", "-1.0"],
    ["maxVersion", " 1.0"],
    ["minSchemaVersion", "1.0"],
    ["minSchemaVersion", "2"],
    ["maxSchemaVersion", "2.2.0-beta"],
    ["default", "yes"],
    ["default", "TRUE"],
    ["deprecated", "1"],
    ["arch", "x86"],
    ["arch", "amd64,arm64"],
    ["arch", "AMD64"],
    ["minLastModified", "2025-02-30"],
    ["minLastModified", "2025-1-1"],
    ["maxLastModified", "2025-13-01"],
    ["maxLastModified", "yesterday"],
    ["maxLastModified", "2025-01-01T00:00:00Z"],
  ])("%s cannot be %p", async (parameter, value) => {
    const response = await get(`/v2index/all?${parameter}=${encodeURIComponent(value)}`);
    expect(response.status).toBe(400);
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    // One object, which today's clients read the status of.
    expect(await jsonOf(response)).toEqual({
      error: expect.stringContaining(`"${parameter}"`),
      status: expect.stringContaining(`${parameter} ${value} is not valid`),
    });
  });

  test.each(["nonsense", "BASE64", "base64,x"])("icon cannot be %p", async (icon) => {
    const response = await get(`/index?icon=${icon}`);
    expect(response.status).toBe(400);
    expect(await jsonOf(response)).toEqual({ status: `the icon type ${icon} is not supported` });
  });

  test("leave nothing as a list, as an object with --strict-compat where the Go server does", async () => {
    const path = "/v2index?minVersion=9.0";
    expect(await (await get(path)).text()).toBe("[]");
    expect(await jsonOf(await strict.get(path))).toEqual({
      status: "No stacks or samples found in the registry",
    });
    expect(await (await strict.get("/v2index?name=nothing")).text()).toBe("[]");
  });
});

describe("addresses", () => {
  test.each([
    ["//index", "/index"],
    ["/v2index///all", "/v2index/all"],
    ["//devfiles//go//1.1.0", "/devfiles/go/1.1.0"],
    ["/devfiles/%67o", "/devfiles/go"],
    ["/devfiles/go/1%2E1%2E0", "/devfiles/go/1.1.0"],
    ["/index?name=go#fragment", "/index?name=go"],
    ["//v2//devfile-catalog//go//tags//list", "/v2/devfile-catalog/go/tags/list"],
  ])("%s is %s", async (path, plain) => {
    const [response, expected] = [await get(`http://localhost${path}`), await get(plain)];
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(await expected.text());
  });

  test.each([
    ["/devfiles/go%2f1.1.0", 404],
    ["/devfiles/go%5c1.1.0", 404],
    ["/devfiles/%2e%2e/index.json", 404],
    ["/stacks/go/%2e%2e/%2e%2e/index.json", 404],
    ["/stacks/go/..%2f..%2findex.json", 404],
    ["/devfiles/go/%252e%252e/devfile.yaml", 404],
    ["/devfiles/go%00", 400],
    ["/devfiles/go%", 400],
    ["/devfiles/%c0%ae%c0%ae/go", 400],
    ["/devfiles/go%0a", 400],
    ["/index/%ff", 400],
    [`/devfiles/${"a".repeat(PATH_CHARS)}`, 414],
    [`/index?name=${"a".repeat(QUERY_CHARS)}`, 414],
    [`/search?q=${"a".repeat(QUERY_CHARS)}`, 414],
    ["/INDEX", 404],
    ["/index/stack/x", 404],
  ])("%p is answered %d", async (path, status) => {
    const response = await get(path);
    expect(response.status).toBe(status);
    expect(await jsonOf(response)).toEqual({ status: expect.any(String) });
  });
});

const ADDRESSES = [
  "/health",
  "/readyz",
  "/info",
  "/openapi.json",
  "/index",
  "/index/all?name=go",
  "/v2index/sample",
  "/devfiles/index.json",
  "/devfiles/go",
  "/devfiles/go/1",
  "/devfiles/go/1.0.0/devfile.yaml",
  "/devfiles/nothing",
  "/stacks/go/1.1.0/devfile.yaml",
  "/samples/hello/devfile.yaml",
  "/devfiles/go/starter-projects/nothing",
  "/devfiles/go/starter-projects/go-starter",
  "/index/nothing",
  "/index?arch=nothing",
  "/search?q=go",
  "/artifacts",
  "/badges/go.svg",
  "/badges/nothing.svg",
  "/robots.txt",
  "/sitemap.xml",
  "/favicon.ico",
  "/v2/",
  "/v2/_catalog",
  "/v2/devfile-catalog/go/tags/list",
  "/v2/devfile-catalog/go/manifests/1.1.0",
  "/v2/devfile-catalog/go/manifests/nothing",
  "/viewer",
  "/viewer/devfiles/Community/go",
  "/nothing",
];

describe("content encodings", () => {
  const compressed = ["/index", "/v2index/all", "/v2index?name=go", "/devfiles/index.json"];
  const decoders = { gzip: gunzipSync, zstd: zstdDecompressSync };

  test.each(compressed)("%s comes as the client likes best", async (path) => {
    const plain = await (await get(path)).bytes();
    for (const [accept, encoding] of [
      ["gzip", "gzip"],
      ["zstd", "zstd"],
      ["GZIP", "gzip"],
      ["gzip;q=0.5, zstd;q=0.1", "gzip"],
      ["br, deflate, gzip", "gzip"],
      ["x-gzip", "gzip"],
    ] as const) {
      const response = await get(path, { "accept-encoding": accept });
      expect([accept, response.headers.get("content-encoding")]).toEqual([accept, encoding]);
      expect(response.headers.get("vary")).toBe("accept-encoding");
      const decoded = new Uint8Array(decoders[encoding](await response.arrayBuffer()));
      expect(plain).toEqual(decoded);
    }
    for (const accept of ["", "identity", "br", "gzip;q=0", "*;q=0", ";;q=,"]) {
      const response = await get(path, { "accept-encoding": accept });
      expect(response.status).toBe(200);
      expect([accept, response.headers.get("content-encoding")]).toEqual([accept, null]);
      expect(await response.bytes()).toEqual(plain);
    }
  });

  test.each([
    "/v2/_catalog",
    "/v2/devfile-catalog/go/tags/list",
    "/v2/devfile-catalog/go/manifests/1.1.0",
    "/stacks/go/1.1.0/devfile.yaml",
  ])("%s is never compressed", async (path) => {
    const response = await get(path, { "accept-encoding": "gzip, zstd" });
    expect(response.status).toBe(200);
    expect(response.headers.has("content-encoding")).toBe(false);
  });
});

describe("parameters of other addresses", () => {
  test.each([
    ["/devfiles/go/latest?minSchemaVersion=2", "minSchemaVersion"],
    ["/devfiles/go/latest?maxSchemaVersion=1.0", "maxSchemaVersion"],
    ["/devfiles/go/1.1.0?maxSchemaVersion=nonsense", "maxSchemaVersion"],
    ["/search?limit=0", "limit"],
    ["/search?limit=101", "limit"],
    ["/search?limit=-1", "limit"],
    ["/search?limit=1e1", "limit"],
    ["/search?type=Stack", "type"],
    [`/search?q=${"a".repeat(SEARCH_TEXT_CHARS + 1)}`, "q"],
    ["/artifacts?n=0", "n"],
    ["/artifacts?n=1001", "n"],
    ["/artifacts?page=0", "page"],
    ["/artifacts?page=1.5", "page"],
    ["/artifacts?scan=everything", "scan"],
    [`/artifacts?type=${"a".repeat(65)}`, "type"],
    [`/artifacts?name=${"a".repeat(ARTIFACT_NAME_CHARS + 1)}`, "name"],
  ])("%s is refused", async (path, parameter) => {
    const response = await get(path);
    expect(response.status).toBe(400);
    expect(await jsonOf(response)).toEqual({
      error: expect.stringContaining(`"${parameter}"`),
      status: expect.stringContaining(`${parameter} `),
    });
  });

  test.each([
    ["/search?q=go&q=hello", "go"],
    ["/search?q=&q=go", "go"],
    ["/search?q=go&limit=&type=&nothing=x", "go"],
    ["/search?q=%67%6F", "go"],
  ])("%s finds what the first text says", async (path, query) => {
    const found = await jsonOf(await get(path));
    expect([found.query, found.results[0].name]).toEqual([query, "go"]);
  });

  test.each(["n=-1", "n=x", "n=1.5"])("/v2/_catalog?%s is refused as OCI has it", async (query) => {
    const response = await get(`/v2/_catalog?${query}`);
    expect(response.status).toBe(400);
    expect((await jsonOf(response)).errors).toHaveLength(1);
  });

  test("the first schema version counts, and one that is empty does not", async () => {
    const path = "/devfiles/go/latest?maxSchemaVersion=&maxSchemaVersion=2.1&maxSchemaVersion=2.2";
    expect(await (await get(path)).text()).toContain("schemaVersion: 2.1.0");
  });
});

describe("methods", () => {
  test.each(ADDRESSES)("HEAD %s says what GET would", async (path) => {
    const [head, whole] = [await send("HEAD", path), await get(path)];
    expect(head.status).toBe(whole.status);
    expect(await head.bytes()).toBeEmpty();
    expect(Object.fromEntries(head.headers)).toEqual(Object.fromEntries(whole.headers));
    expect(head.headers.get("content-length")).toBe(String((await whole.bytes()).byteLength));
  });

  test.each(ADDRESSES)("OPTIONS %s lets pages of every origin read", async (path) => {
    const response = await send("OPTIONS", path, {
      origin: "https://che.example",
      "access-control-request-method": "GET",
      "access-control-request-headers": "user, client",
    });
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("access-control-allow-headers")).toBe("*");
    expect(response.headers.get("allow")).toBe("GET, HEAD, OPTIONS");
  });

  test.each(ADDRESSES)("GET %s may be read by every origin", async (path) => {
    expect((await get(path)).headers.get("access-control-allow-origin")).toBe("*");
  });

  test.each(
    ADDRESSES.filter((path) => !path.startsWith("/v2/")).flatMap((path) =>
      ["POST", "PUT", "DELETE", "PATCH"].map((method) => [method, path] as const),
    ),
  )("%s %s is refused in the words of the Go server", async (method, path) => {
    const response = await send(method, path);
    expect(response.status).toBe(405);
    expect(await jsonOf(response)).toEqual({ message: "Only GET requests are supported." });
  });
});

describe("telemetry hints", () => {
  test.each([
    [{ user: "somebody" }],
    [{ client: "\u00e9\u00ff" }],
    [{ locale: "x".repeat(4096), "accept-language": ";;;q=nonsense" }],
    [{ cookie: "a".repeat(8192) }],
  ])("are never refused: %#", async (headers) => {
    const given: Record<string, string> = { ...headers };
    expect((await get("/index", given)).status).toBe(200);
  });
});
