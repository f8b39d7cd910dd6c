import { describe, expect, test } from "bun:test";
import { createMetricsApp } from "../../src/server/index.ts";
import { SAMPLE_FILES, sampleBuild } from "../support/sample-build.ts";
import { type ServedApp, servedApp } from "../support/served-app.ts";

/**
 * Who wrote what is answered: nobody (data of ours that no browser shows), we (a page), or
 * somebody else (whatever a browser makes of it, it must not act in our name).
 */
type Author = "data" | "page" | "stranger";

interface Row {
  readonly path: string;
  readonly status: number;
  readonly author: Author;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const row = (path: string, status: number, author: Author, rest: Partial<Row> = {}): Row => ({
  path,
  status,
  author,
  ...rest,
});

const LAYER = "/v2/devfile-catalog/go";
const NO_DIGEST = `sha256:${"0".repeat(64)}`;
const html = { accept: "text/html" };

const TABLE: readonly Row[] = [
  row("/", 302, "data"),
  row("/", 302, "data", { headers: html }),
  row("/health", 200, "data"),
  row("/readyz", 200, "data"),
  row("/info", 200, "data"),
  row("/index", 200, "data"),
  row("/index", 200, "data", { headers: { "accept-encoding": "gzip" } }),
  row("/index", 204, "data", { method: "OPTIONS" }),
  row("/index", 405, "data", { method: "POST" }),
  row("/index", 400, "data", { headers: { host: "registry.example, other.example" } }),
  row("/index/all", 200, "data"),
  row("/index/sample", 200, "data"),
  row("/index/stack", 200, "data"),
  row("/index/nothing", 404, "data"),
  row("/index?icon=gif", 400, "data"),
  row("/v2index", 200, "data"),
  row("/v2index/all", 200, "data", { method: "HEAD" }),
  row("/v2index/sample", 200, "data"),
  row("/v2index/stack", 200, "data"),
  row("/v2index/nothing", 404, "data"),
  row("/v2index?minVersion=x", 400, "data"),
  row(`/index?name=${"x".repeat(9_000)}`, 414, "data"),
  row("/devfiles/index.json", 200, "data"),
  row("/devfiles/go", 200, "stranger"),
  row("/devfiles/go/2.0.0/logo.svg", 200, "stranger"),
  row("/devfiles/go/", 301, "data"),
  row("/devfiles/nothing", 404, "data"),
  row("/devfiles/go/starter-projects/nothing", 404, "data"),
  row("/stacks/go/2.0.0/logo.svg", 200, "stranger"),
  row("/stacks/go/2.0.0/logo.svg", 206, "stranger", { headers: { range: "bytes=0-1" } }),
  row("/stacks/go/2.0.0/logo.svg", 416, "stranger", { headers: { range: "bytes=9999-" } }),
  row("/stacks/go/2.0.0/page.html", 200, "stranger"),
  row("/stacks/go/2.0.0/nothing", 404, "data"),
  row("/samples/hello/devfile.yaml", 200, "stranger"),
  row("/icons/0a.svg", 200, "stranger"),
  row("/documents/0a/page.html", 200, "stranger"),
  row("/documents/nothing", 404, "data"),
  row("/search?q=go", 200, "data"),
  row(`/search?q=${"x".repeat(1_000)}`, 400, "data"),
  row("/openapi.json", 200, "data"),
  row("/artifacts", 200, "data"),
  row("/artifacts?type=nothing", 200, "data"),
  row("/badges/go.svg", 200, "stranger"),
  row("/badges/go/2.0.0.svg", 200, "stranger"),
  row("/badges/nothing.svg", 404, "data"),
  row("/favicon.svg", 200, "data"),
  row("/favicon.ico", 200, "data"),
  row("/robots.txt", 200, "data"),
  row("/sitemap.xml", 200, "data"),
  row("/viewer", 200, "page"),
  row("/viewer?search=go&page=2", 200, "page"),
  row("/viewer/artifacts", 200, "page"),
  row("/viewer/status", 200, "page"),
  row("/viewer/devfiles/test", 302, "data"),
  row("/viewer/devfiles/test/go", 200, "page"),
  row("/viewer/devfiles/test/nothing", 404, "page"),
  row("/viewer/nothing", 404, "page"),
  row("/viewer/icons/nothing", 404, "page"),
  row("/api/update", 404, "data", { method: "POST" }),
  row("/v2", 301, "data"),
  row("/v2/", 200, "stranger"),
  row("/v2/_catalog", 200, "stranger"),
  row(`${LAYER}/tags/list`, 200, "stranger"),
  row(`${LAYER}/manifests/2.0.0`, 200, "stranger"),
  row(`${LAYER}/manifests/nothing`, 404, "stranger"),
  row(`${LAYER}/blobs/${NO_DIGEST}`, 404, "stranger"),
  row(`${LAYER}/referrers/${NO_DIGEST}`, 200, "stranger"),
  row(`${LAYER}/manifests/2.0.0`, 405, "stranger", { method: "PUT" }),
  row("/v2/%zz/manifests/1", 400, "stranger"),
  row("/nothing", 404, "data"),
  row("/%00", 400, "data"),
  row("/..%2fetc/passwd", 404, "data"),
  row(`/${"x".repeat(9_000)}`, 414, "data"),
];

const FILES = {
  ...SAMPLE_FILES,
  "stacks/go/2.0.0/page.html": "<script>alert(1)</script>",
  "documents/0a/page.html": "<script>alert(1)</script>",
};

async function appWithFiles(): Promise<ServedApp> {
  return servedApp({ build: await sampleBuild({ files: FILES }) });
}

function expectHardened(headers: Headers, author: Author): void {
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("referrer-policy")).toBe("no-referrer");
  expect(headers.get("access-control-allow-origin")).toBe("*");
  expect(headers.get("access-control-expose-headers")).toBe("*");
  expect(headers.get("access-control-allow-credentials")).toBeNull();
  expect(headers.get("cross-origin-resource-policy")).toBe("cross-origin");
  expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
  expect(headers.get("permissions-policy")).toContain("geolocation=()");
  expect(headers.get("server")).toBeNull();
  expect(headers.get("x-powered-by")).toBeNull();
  expect(headers.get("strict-transport-security")).toBeNull();
  const policy = headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain("unsafe-eval");
  expect(policy).not.toContain("http");
  if (author === "stranger") expect(policy).toStartWith("sandbox;");
  if (author !== "stranger") expect(policy).not.toContain("unsafe-inline");
  if (author === "page") expect(policy).toContain("script-src 'self'");
  else expect(policy).not.toContain("script-src");
}

describe("every answer is hardened", () => {
  for (const { path, status, author, method = "GET", headers = {} } of TABLE) {
    const shown = `${method} ${path.slice(0, 60)} ${JSON.stringify(headers)}`;
    test(`${shown}: ${status}, as ${author}`, async () => {
      const { send } = await appWithFiles();
      const answer = await send(method, path, { host: "registry.example", ...headers });
      expect(answer.status).toBe(status);
      expectHardened(answer.headers, author);
    });
  }

  test("not modified ones, too", async () => {
    const { get } = await appWithFiles();
    for (const [path, author] of [
      ["/index", "data"],
      ["/viewer", "page"],
      ["/stacks/go/2.0.0/logo.svg", "stranger"],
      [`${LAYER}/manifests/2.0.0`, "stranger"],
    ] as const) {
      const etag = (await get(path)).headers.get("etag") ?? "";
      const answer = await get(path, { "if-none-match": etag });
      expect(answer.status).toBe(304);
      expectHardened(answer.headers, author);
    }
  });

  test("the table has a row for every route of the application", async () => {
    const { routes } = await appWithFiles();
    const asked = TABLE.map(({ path }) => path.split("?")[0] ?? "");
    const missing = routes
      .map(({ path }) => path)
      .filter((path) => path !== "/*")
      .filter((path) => !asked.some((each) => matcherOf(path).test(each)));
    // Styles, scripts and typefaces of pages have names that change with their content.
    expect(missing.filter((path) => !/^\/viewer\/[\w.-]+\.\w+$/.test(path))).toEqual([]);
  });

  test("styles, scripts and typefaces of pages", async () => {
    const { routes, get } = await appWithFiles();
    const assets = routes.filter(({ path }) => /^\/viewer\/[\w.-]+\.\w+$/.test(path));
    expect(assets.length).toBeGreaterThan(2);
    for (const { path } of assets) {
      const { status, headers } = await get(path);
      expect(status).toBe(200);
      expectHardened(headers, "data");
    }
  });

  test("answers while there is nothing to serve", async () => {
    const { get } = await servedApp({ loaded: false });
    for (const path of ["/index", "/devfiles/go", "/viewer", "/readyz", "/artifacts"]) {
      const { status, headers } = await get(path);
      expect(status).toBe(503);
      expectHardened(headers, headers.get("content-type")?.includes("html") ? "page" : "data");
    }
  });

  test("the viewer's refusal without a viewer", async () => {
    const { get } = await servedApp({ config: { headless: true } });
    const { status, headers } = await get("/viewer/devfiles/test/go");
    expect(status).toBe(400);
    expectHardened(headers, "data");
  });

  test("failures of the server itself", async () => {
    const state = {
      current: () => {
        throw new Error("broken");
      },
      reasons: () => [],
    };
    const { get } = await servedApp({ deps: { state } });
    for (const [path, author] of [
      ["/index", "data"],
      [`${LAYER}/manifests/1`, "stranger"],
    ] as const) {
      const { status, headers } = await get(path);
      expect(status).toBe(500);
      expectHardened(headers, author);
    }
  });

  test("the metrics port", async () => {
    const app = createMetricsApp((await appWithFiles()).metrics);
    for (const [path, status] of [
      ["/metrics", 200],
      ["/", 404],
    ] as const) {
      const answer = await app.request(path);
      expect(answer.status).toBe(status);
      expectHardened(answer.headers, "data");
    }
  });
});

test("browsers are told to come back by https where the server speaks it itself", async () => {
  const { get } = await servedApp({ config: { tlsOnly: true } });
  for (const path of ["/index", "/viewer", "/nothing", "/v2/"]) {
    const { headers } = await get(path);
    expect(headers.get("strict-transport-security")).toBe("max-age=31536000");
  }
});

/** "/viewer/:name" → what addresses it matches. */
function matcherOf(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+?^${}()|[\]\\]/g, "\\$&")
    .replace(/:[A-Za-z]+(?:\\\{[^/]*\\\})?/g, "[^/]+")
    .replace(/\*/g, ".*");
  return new RegExp(`^${source}$`);
}
