import { describe, expect, test } from "bun:test";
import { SAMPLE_FILES, sampleBuild } from "../../support/sample-build.ts";
import { SINCE, servedApp } from "../../support/served-app.ts";

const { get, send } = await servedApp();
const LOGO = "/stacks/go/2.0.0/logo.svg";

describe("GET /stacks/…, /samples/…, /icons/…", () => {
  test.each([
    ["/stacks/go/2.0.0/devfile.yaml", "application/x-yaml", "no-cache"],
    [LOGO, "image/svg+xml", "no-cache"],
    ["/stacks/go/1.0.0/archive.tar", "application/x-tar", "no-cache"],
    ["/stacks/python/3.1.0/python.vsx", "text/plain; charset=utf-8", "no-cache"],
    ["/stacks/python/3.1.0/flask-offline.zip", "application/zip", "no-cache"],
    ["/samples/hello/devfile.yaml", "application/x-yaml", "no-cache"],
    ["/icons/0a.svg", "image/svg+xml", "public, max-age=31536000, immutable"],
  ])("%s", async (path, type, caching) => {
    const response = await get(path, { "accept-encoding": "gzip" });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe(type);
    expect(response.headers.get("cache-control")).toBe(caching);
    expect(response.headers.get("accept-ranges")).toBe("bytes");
    // Files in memory have no date of their own; nothing of a build changes after it was loaded.
    expect(response.headers.get("last-modified")).toBe(SINCE.toUTCString());
    expect(response.headers.get("content-encoding")).toBeNull();
    expect(response.headers.get("content-security-policy")).toStartWith("sandbox;");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  });

  test.each([
    "/stacks/",
    "/stacks",
    "/stacks/go",
    "/stacks/go/",
    "/stacks/go/2.0.0/",
    "/stacks/go/2.0.0/nothing",
    "/stacks/..%2findex.json",
    "/stacks/%2e%2e/index.json",
    "/stacks/../index.json",
    "/icons/",
    "/samples/..%5cx",
  ])("%s is not found and lists nothing", async (path) => {
    const response = await get(path);
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain("devfile.yaml");
  });

  test.each([
    ["bytes=0-3", 206, "<svg", "bytes 0-3/6"],
    ["bytes=4-", 206, "/>", "bytes 4-5/6"],
    ["bytes=-2", 206, "/>", "bytes 4-5/6"],
    ["bytes=0-99", 206, "<svg/>", "bytes 0-5/6"],
    ["bytes=6-", 416, "", "bytes */6"],
    ["bytes=3-1", 416, "", "bytes */6"],
    ["bytes=0-1,3-4", 200, "<svg/>", null],
  ])("range %s", async (range, status, text, contentRange) => {
    const response = await get(LOGO, { range });
    expect(response.status).toBe(status);
    expect(response.headers.get("content-range")).toBe(contentRange);
    expect(response.headers.get("content-length")).toBe(String(text.length));
    expect(await response.text()).toBe(text);
    const head = await send("HEAD", LOGO, { range });
    expect(head.headers.get("content-length")).toBe(String(text.length));
  });

  test("honours a range only for the representation the client has", async () => {
    const tag = (await get(LOGO)).headers.get("etag") ?? "";
    const range = "bytes=0-3";
    expect((await get(LOGO, { range, "if-range": tag })).status).toBe(206);
    expect((await get(LOGO, { range, "if-range": '"older"' })).status).toBe(200);
    expect((await get(LOGO, { range, "if-none-match": tag })).status).toBe(304);
  });
});

describe("GET /documents/…", () => {
  const folder = `documents/${"a".repeat(64)}`;
  const files = Object.fromEntries(
    ["deploy.yaml", "Dockerfile", "page.html"].map((name) => [`${folder}/${name}`, "kind: x\n"]),
  );

  test.each(Object.keys(files))(
    "%s is text that runs nothing, at the base path too",
    async (path) => {
      const build = await sampleBuild({ files: { ...SAMPLE_FILES, ...files } });
      const { get } = await servedApp({ build, config: { basePath: "/base" } });
      for (const base of ["", "/base"]) {
        const response = await get(`${base}/${path}`);
        expect(response.status).toBe(200);
        expect(await response.text()).toBe("kind: x\n");
        expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
        expect(response.headers.get("cache-control")).toContain("immutable");
        expect(response.headers.get("content-security-policy")).toStartWith("sandbox;");
        expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      }
      expect((await get(`/${folder}/`)).status).toBe(404);
    },
  );
});
