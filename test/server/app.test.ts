import { describe, expect, test } from "bun:test";
import { createLogger } from "../../src/log.ts";
import type { Reason } from "../../src/server/index.ts";
import { sampleBuild } from "../support/sample-build.ts";
import { servedApp } from "../support/served-app.ts";

const DOWN: Reason = {
  part: "registry",
  kind: "unreachable",
  detail: "Cannot ask 10.0.0.7: no route",
};
const { get, send } = await servedApp();

describe("status routes", () => {
  test("/ leads browsers to the viewer and others to the index", async () => {
    const browser = await get("/", { accept: "text/html,application/xhtml+xml" });
    expect([browser.status, browser.headers.get("location")]).toEqual([302, "/viewer"]);
    expect(await browser.text()).toBe('<a href="/viewer">Found</a>.\n\n');
    const client = await get("/", { accept: "*/*" });
    expect([client.status, client.headers.get("location")]).toEqual([302, "/index"]);
  });

  test("/health is fine as soon as the server listens", async () => {
    const { get: ask } = await servedApp({ loaded: false });
    const response = await ask("/health");
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('{"message":"the server is up and running"}');
  });

  test.each([
    [{ loaded: false }, 503, { status: "unavailable", reasons: [] }],
    [{ reasons: [DOWN] }, 200, { status: "degraded", reasons: ["registry: unreachable"] }],
    [
      { reasons: [DOWN], config: { statusDetails: true } },
      200,
      { status: "degraded", reasons: ["registry: Cannot ask 10.0.0.7: no route"] },
    ],
    [{}, 200, { status: "ready", reasons: [] }],
  ])("/readyz of %j is %i", async (options, status, body) => {
    const { get: ask } = await servedApp(options);
    const response = await ask("/readyz");
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual(body);
  });

  test("/info tells sources, counts and version", async () => {
    const sources = [{ url: "https://git.example/registry.git", commit_hash: "abc" }];
    const { get: ask } = await servedApp({ build: await sampleBuild({ sources }) });
    expect(await (await ask("/info")).json()).toMatchObject({
      name: "Test",
      version: "1.2.3",
      since: "2026-01-02T03:04:05.000Z",
      sources,
      counts: { stacks: 2, stackVersions: 3, samples: 1 },
    });
  });

  test("/info keeps paths of folders and credentials of addresses to itself", async () => {
    const build = await sampleBuild();
    const { info } = build;
    if (info === undefined) throw new Error("the sample build has no build.json");
    const sources = [
      { url: "/home/somebody/registry", commit_hash: "a".repeat(40) },
      { url: "https://user:secret@git.example/registry.git" },
    ];
    const { get: ask } = await servedApp({ build: { ...build, info: { ...info, sources } } });
    expect(await (await ask("/info")).json()).toMatchObject({
      sources: [{ commit_hash: "a".repeat(40) }, { url: "https://git.example/registry.git" }],
    });
    expect(await (await ask("/info")).text()).not.toMatch(/somebody|secret/);
  });

  test("/info counts a build of the Go tools itself", async () => {
    const { get: ask } = await servedApp({ build: await sampleBuild({ info: false }) });
    expect(await (await ask("/info")).json()).toMatchObject({
      sources: [],
      counts: { stacks: 2, stackVersions: 3, samples: 1, sampleVersions: 0 },
    });
  });

  test("routes that need an index say when there is none", async () => {
    const { get: ask } = await servedApp({ loaded: false });
    for (const path of ["/index", "/devfiles/go", "/stacks/go/x", "/viewer", "/v2/_catalog"]) {
      const response = await ask(path);
      expect(response.status).toBe(503);
      expect(response.headers.get("retry-after")).toBe("1");
    }
    expect((await ask("/v2/")).status).toBe(200);
  });
});

describe("methods", () => {
  test.each(["POST", "PUT", "DELETE", "PATCH"])("%s is refused everywhere", async (method) => {
    for (const path of ["/", "/index", "/v2index/all", "/health", "/devfiles/go", "/nothing"]) {
      const response = await send(method, path);
      expect(response.status).toBe(405);
      expect(response.headers.get("allow")).toBe("GET, HEAD, OPTIONS");
      expect(await response.text()).toBe('{"message":"Only GET requests are supported."}');
    }
  });

  test("OPTIONS answers preflights of any origin", async () => {
    for (const path of ["/index", "/devfiles/go", "/v2/_catalog"]) {
      const response = await send("OPTIONS", path, { origin: "https://editor.example" });
      expect(response.status).toBe(204);
      expect(response.headers.get("access-control-allow-origin")).toBe("*");
      expect(response.headers.get("access-control-allow-methods")).toBe("GET, HEAD, OPTIONS");
    }
  });

  test("HEAD is answered like GET without its body", async () => {
    for (const path of [
      "/",
      "/health",
      "/readyz",
      "/info",
      "/index",
      "/viewer",
      "/nothing",
      "/v2/",
    ]) {
      const [head, full] = [await send("HEAD", path), await get(path)];
      expect(head.status).toBe(full.status);
      const length = (await full.arrayBuffer()).byteLength;
      expect(head.headers.get("content-length")).toBe(String(length));
      expect((await head.arrayBuffer()).byteLength).toBe(0);
    }
  });
});

describe("hostile addresses", () => {
  test.each([
    ["/devfiles/%00", 400],
    ["/devfiles/go%0d%0aX: y", 400],
    ["/devfiles/%", 400],
    ["/devfiles/%c3%28", 400],
    ["/devfiles/..%2f..%2fetc%2fpasswd", 404],
    ["/devfiles/..%5c..%5cetc", 404],
    ["/stacks/%2e%2e%2findex.json", 404],
    [`/devfiles/${"a".repeat(5000)}`, 414],
    [`/index?name=${"a".repeat(9000)}`, 414],
    [`/v2/${"a".repeat(5000)}/tags/list`, 414],
    ["/v2/%00/tags/list", 400],
    ["/v2/a%2fb/tags/list", 404],
    ["/index/%C3%A9", 404],
    ["/constructor", 404],
    ["/devfiles/__proto__", 404],
    ["/devfiles/toString/latest", 404],
    ["/index?__proto__=1&constructor=2&name=go", 200],
    ["/v2index?tags=%ff%fe&name=%", 200],
    [`/v2index?${"tags=a&".repeat(1000)}`, 200],
    [`/devfiles/${"a/".repeat(2000)}b`, 404],
  ])("%s", async (path, status) => {
    const response = await get(path);
    expect(response.status).toBe(status);
    const isV2 = path.startsWith("/v2/");
    if (status >= 400) expect(await response.json()).toHaveProperty(isV2 ? "errors" : "status");
  });
});

describe("every answer", () => {
  const paths = ["/", "/health", "/info", "/index", "/nothing", "/devfiles/go", "/viewer", "/v2/"];
  test.each(paths)("%s carries the security headers", async (path) => {
    const { headers } = await get(path);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(headers.get("access-control-allow-origin")).toBe("*");
  });

  test("slashes too many are redirected away or collapsed", async () => {
    for (const path of ["/index/", "/v2index/all/", "/viewer/", "/health/"]) {
      const response = await get(path);
      expect([response.status, response.headers.get("location")]).toEqual([301, path.slice(0, -1)]);
    }
    expect((await get("//index//all")).status).toBe(200);
  });
});

describe("base path", () => {
  test("everything but /health, /readyz and /v2 answers below it too", async () => {
    const { get: ask } = await servedApp({ config: { basePath: "/base" } });
    for (const path of [
      "/index",
      "/devfiles/go",
      "/viewer",
      "/info",
      "/stacks/go/2.0.0/logo.svg",
    ]) {
      expect((await ask(path)).status).toBe(200);
      expect((await ask(`/base${path}`)).status).toBe(200);
    }
    for (const path of ["/health", "/readyz", "/v2/"]) {
      expect((await ask(path)).status).toBe(200);
      expect((await ask(`/base${path}`)).status).toBe(404);
    }
  });

  test("redirects stay below it", async () => {
    const { get: ask } = await servedApp({ config: { basePath: "/base" } });
    expect((await ask("/base")).headers.get("location")).toBe("/base/index");
    expect((await ask("/base/devfiles/go/")).headers.get("location")).toBe("/base/devfiles/go");
    expect((await ask("/")).headers.get("location")).toBe("/index");
  });
});

describe("failures", () => {
  async function failingApp() {
    const lines: string[] = [];
    const log = createLogger({
      format: "json",
      level: "info",
      write: (line) => lines.push(line),
      now: () => new Date(0),
    });
    const fail = () => {
      throw new Error("secret path /etc/devreg");
    };
    const app = await servedApp({
      deps: { log, registry: { repositories: fail, repository: fail }, starters: { open: fail } },
    });
    return { app, lines };
  }

  test("are answered with the request id and nothing of the inside", async () => {
    const { app, lines } = await failingApp();
    const response = await app.get("/v2/a/tags/list", { "x-request-id": "client-7" });
    expect(response.status).toBe(500);
    expect(response.headers.get("x-request-id")).toBe("client-7");
    const text = await response.text();
    expect(JSON.parse(text)).toEqual({
      errors: [{ code: "UNKNOWN", message: "something went wrong (request client-7)" }],
    });
    expect(text).not.toContain("secret");
    expect(lines.join("\n")).toContain("secret path");
    expect(lines.map((line) => JSON.parse(line).requestId)).toEqual(["client-7", "client-7"]);
  });

  test("get an id of ours when the client's is none", async () => {
    const { app } = await failingApp();
    for (const id of ["", "a b", "x".repeat(200), "<script>"]) {
      const response = await app.get("/v2/_catalog", { "x-request-id": id });
      expect(response.headers.get("x-request-id")).toBe("made-id");
    }
  });

  test("under REST answer a REST body", async () => {
    const build = await sampleBuild();
    const files = {
      paths: build.files.paths.bind(build.files),
      list: build.files.list.bind(build.files),
      stat: build.files.stat.bind(build.files),
      read: async (path: string) => {
        if (path.startsWith("samples/")) throw new Error("secret disk");
        return build.files.read(path);
      },
    };
    const { get: ask } = await servedApp({ build: { ...build, files } });
    const response = await ask("/devfiles/hello");
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      error: "internal server error",
      status: "something went wrong (request made-id)",
    });
  });
});

describe("log", () => {
  test("tells refused requests with where they came from, as far as that is believed", async () => {
    const lines: string[] = [];
    const log = createLogger({
      format: "json",
      level: "info",
      write: (line) => lines.push(line),
      now: () => new Date(0),
    });
    const { request } = await servedApp({
      deps: { log },
      config: { trustedProxies: ["10.0.0.0/8"] },
    });
    const bindings = (address: string) => ({ requestIP: () => ({ address }) });
    const headers = { "x-forwarded-for": "6.6.6.6, 192.0.2.1, 10.2.2.2" };
    await request("/nothing?token=s3cret", { headers }, bindings("::ffff:10.1.1.1"));
    await request("/nothing", { headers }, bindings("203.0.113.9"));
    await request("/index", { headers }, bindings("203.0.113.9"));
    const records = lines.map((line) => JSON.parse(line));
    expect(records).toHaveLength(2);
    expect(records[0]).toMatchObject({
      message: "request",
      method: "GET",
      route: "other",
      status: 404,
      path: "/nothing",
      from: "192.0.2.1",
    });
    expect(records[1].from).toBe("203.0.113.9");
    expect(lines.join("")).not.toContain("s3cret");
  });
});
