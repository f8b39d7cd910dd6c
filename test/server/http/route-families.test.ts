import { describe, expect, test } from "bun:test";
import { jsonOf } from "../../support/json-of.ts";
import { servedApp } from "../../support/served-app.ts";

const { get, send, generation } = await servedApp();
const digest = generation.build.info?.stacks["go:2.0.0"];
const manifest = await jsonOf(await get("/v2/devfile-catalog/go/manifests/2.0.0"));
const layer: string = manifest.layers[0].digest;

/** What a family of addresses promises beside what all do. */
interface Family {
  readonly path: string;
  /** Has an entity tag, so that a copy can be asked for again at the price of a 304. */
  readonly tagged?: boolean;
  readonly ranges?: boolean;
}

const FAMILIES: readonly Family[] = [
  { path: "/" },
  { path: "/health" },
  { path: "/readyz" },
  { path: "/info" },
  { path: "/index", tagged: true },
  { path: "/index/all", tagged: true },
  { path: "/v2index/all", tagged: true },
  { path: "/v2index?name=go", tagged: true },
  { path: "/v2index?icon=base64", tagged: true },
  { path: "/v2index?arch=none" },
  { path: "/index/other" },
  { path: "/devfiles/index.json", tagged: true },
  { path: "/devfiles/go", tagged: true },
  { path: "/devfiles/go/1.0.0", tagged: true },
  { path: "/devfiles/go/latest", tagged: true },
  { path: "/devfiles/nothing" },
  { path: "/devfiles/go/2.0.0/logo.svg", tagged: true, ranges: true },
  { path: "/stacks/go/2.0.0/devfile.yaml", tagged: true, ranges: true },
  { path: "/stacks/nothing" },
  { path: "/search?q=go", tagged: true },
  { path: "/openapi.json", tagged: true },
  { path: "/viewer", tagged: true },
  { path: "/viewer/devfiles/nothing/nothing" },
  { path: "/artifacts", tagged: true },
  { path: "/robots.txt", tagged: true },
  { path: "/sitemap.xml", tagged: true },
  { path: "/favicon.ico", tagged: true },
  { path: "/badges/go.svg", tagged: true },
  { path: "/viewer/devfiles/Community/go", tagged: true },
  { path: "/icons/0a.svg", tagged: true, ranges: true },
  { path: "/favicon.svg", tagged: true },
  { path: "/v2" },
  { path: "/v2/" },
  { path: "/v2/_catalog" },
  { path: "/v2/devfile-catalog/go/tags/list" },
  { path: "/v2/devfile-catalog/go/manifests/2.0.0", tagged: true },
  { path: `/v2/devfile-catalog/go/manifests/${digest}`, tagged: true },
  { path: `/v2/devfile-catalog/go/blobs/${layer}`, tagged: true, ranges: true },
  { path: `/v2/devfile-catalog/go/referrers/${digest}` },
  { path: "/v2/devfile-catalog/go/manifests/nothing" },
  { path: "/v2/devfile-catalog/go/blobs/sha256:short" },
  { path: "/nothing/here" },
];
const PATHS = FAMILIES.map(({ path }) => [path] as const);
const TAGGED = FAMILIES.filter(({ tagged }) => tagged).map(({ path }) => [path] as const);
const WITH_RANGES = FAMILIES.filter(({ ranges }) => ranges).map(({ path }) => [path] as const);
const WITHOUT = FAMILIES.filter(({ ranges }) => !ranges).map(({ path }) => [path] as const);

const TAG = "etag";

function headersOf(response: Response): Record<string, string> {
  const { "x-request-id": _id, ...headers } = Object.fromEntries(response.headers);
  return headers;
}

describe("HEAD", () => {
  test.each(PATHS)("%s has the status and headers of GET", async (path) => {
    for (const encoding of ["identity", "gzip", "zstd"]) {
      const accept = { "accept-encoding": encoding };
      const [got, head] = [await get(path, accept), await send("HEAD", path, accept)];
      expect(head.status).toBe(got.status);
      expect(headersOf(head)).toEqual(headersOf(got));
      expect((await head.arrayBuffer()).byteLength).toBe(0);
      const { byteLength } = await got.arrayBuffer();
      expect(got.headers.get("content-length")).toBe(String(byteLength));
    }
  });
});

describe("conditions", () => {
  test.each(TAGGED)("%s", async (path) => {
    const first = await get(path);
    const tag = first.headers.get(TAG) ?? "";
    expect(tag).toMatch(/^"[^"]+"$/);
    for (const method of ["GET", "HEAD"]) {
      for (const list of [tag, `W/${tag}`, `"other", ${tag}`, "*"]) {
        const unchanged = await send(method, path, { "if-none-match": list });
        expect(unchanged.status).toBe(304);
        expect(unchanged.headers.get(TAG)).toBe(tag);
        expect(unchanged.headers.get("cache-control")).toBe(first.headers.get("cache-control"));
        expect(unchanged.headers.get("vary")).toBe(first.headers.get("vary"));
        expect(unchanged.headers.has("content-length")).toBe(false);
        expect((await unchanged.arrayBuffer()).byteLength).toBe(0);
      }
      expect((await send(method, path, { "if-none-match": '"other"' })).status).toBe(200);
    }
    const modified = first.headers.get("last-modified");
    if (modified === null) return;
    const before = new Date(Date.parse(modified) - 1000).toUTCString();
    expect((await get(path, { "if-modified-since": modified })).status).toBe(304);
    expect((await get(path, { "if-modified-since": before })).status).toBe(200);
    // A tag says more than a date.
    const both = { "if-modified-since": modified, "if-none-match": '"other"' };
    expect((await get(path, both)).status).toBe(200);
  });

  test.each(TAGGED)("%s has a tag of its own in each form", async (path) => {
    const tags = new Map<string | null, string | null>();
    for (const encoding of ["identity", "gzip", "zstd"]) {
      const { headers } = await get(path, { "accept-encoding": encoding });
      tags.set(headers.get("content-encoding"), headers.get(TAG));
    }
    expect(new Set(tags.values()).size).toBe(tags.size);
  });
});

describe("ranges", () => {
  test.each(WITH_RANGES)("%s", async (path) => {
    const whole = await get(path);
    const bytes = new Uint8Array(await whole.arrayBuffer());
    const size = bytes.byteLength;
    expect(whole.headers.get("accept-ranges")).toBe("bytes");
    const table: readonly [string, number, number][] = [
      ["0-0", 0, 1],
      ["1-", 1, size],
      ["-2", size - 2, size],
      ["1-99999999", 1, size],
    ];
    for (const method of ["GET", "HEAD"]) {
      for (const [range, start, end] of table) {
        const part = await send(method, path, { range: `bytes=${range}` });
        expect(part.status).toBe(206);
        expect(part.headers.get("content-range")).toBe(`bytes ${start}-${end - 1}/${size}`);
        expect(part.headers.get("content-length")).toBe(String(end - start));
        const body = new Uint8Array(await part.arrayBuffer());
        expect(body).toEqual(method === "HEAD" ? new Uint8Array() : bytes.slice(start, end));
      }
      for (const range of [`${size}-`, "2-1", "-0"]) {
        const refused = await send(method, path, { range: `bytes=${range}` });
        expect(refused.status).toBe(416);
        expect(refused.headers.get("content-range")).toBe(`bytes */${size}`);
      }
      const otherCopy = { range: "bytes=0-0", "if-range": '"other"' };
      expect((await send(method, path, otherCopy)).status).toBe(200);
      const sameCopy = { range: "bytes=0-0", "if-range": whole.headers.get(TAG) ?? "" };
      expect((await send(method, path, sameCopy)).status).toBe(206);
      expect((await send(method, path, { range: "bytes=0-0,1-1" })).status).toBe(200);
    }
  });

  test.each(WITHOUT)("%s has none and ignores the header", async (path) => {
    const [plain, asked] = [await get(path), await get(path, { range: "bytes=0-0" })];
    expect(asked.status).toBe(plain.status);
    expect(headersOf(asked)).toEqual(headersOf(plain));
    expect(asked.headers.has("accept-ranges")).toBe(false);
    expect(await asked.text()).toBe(await plain.text());
  });
});
