import { describe, expect, test } from "bun:test";
import { Hono } from "hono";
import type { ServerConfig, ServerEnv } from "../../../src/server/index.ts";
import { parseHost, parsePrefix } from "../../../src/server/site/grammar.ts";
import {
  addressIn,
  cacheControlOf,
  registryHostOf,
  siteKey,
  siteOf,
  withSite,
} from "../../../src/server/site/index.ts";
import { PLAIN_CONFIG } from "../../support/served-app.ts";

/** Asks what the site of a request from an address is. */
async function siteFor(
  config: Partial<ServerConfig>,
  headers: Readonly<Record<string, string>>,
  { url = "http://listening/x", peer = "10.0.0.7" } = {},
): Promise<{ readonly status: number; readonly site: unknown }> {
  const app = new Hono<ServerEnv>();
  const all = { ...PLAIN_CONFIG, ...config };
  app.get("*", (c) =>
    withSite({ config: all }, c, (site) => c.json([site.origin, site.base, cacheControlOf(site)])),
  );
  const bindings = { requestIP: () => ({ address: peer }) };
  const response = await app.fetch(new Request(url, { headers }), bindings);
  return { status: response.status, site: await response.json() };
}

const OWN = "private, no-cache";

describe("siteOf()", () => {
  test("is the public URL whatever a request says", async () => {
    const config = { publicUrl: "https://devfiles.example/base", trustedProxies: ["10.0.0.0/8"] };
    const headers = { host: "evil.example", "x-forwarded-host": "evil.example" };
    const { site } = await siteFor(config, headers);
    expect(site).toEqual(["https://devfiles.example", "/base", "no-cache"]);
  });

  test.each([
    [{ host: "Devfiles.Example" }, ["http://devfiles.example", "", OWN]],
    [{ host: "devfiles.example:80" }, ["http://devfiles.example", "", OWN]],
    [{ host: "devfiles.example:8443" }, ["http://devfiles.example:8443", "", OWN]],
    [{ host: "[::1]:8080" }, ["http://[::1]:8080", "", OWN]],
    [{}, ["http://listening", "", OWN]],
    // Strangers say what they like.
    [
      { host: "a.example", "x-forwarded-host": "evil.example", "x-forwarded-proto": "https" },
      ["http://a.example", "", OWN],
    ],
  ])("%p", async (headers, expected) => {
    const given: Record<string, string> = { ...headers };
    expect((await siteFor({}, given)).site).toEqual(expected);
  });

  test("names the base path where the request came in below it", async () => {
    const config = { basePath: "/registry" };
    const below = await siteFor(config, { host: "a.example" }, { url: "http://l/registry/x" });
    expect(below.site).toEqual(["http://a.example", "/registry", OWN]);
    const beside = await siteFor(config, { host: "a.example" });
    expect(beside.site).toEqual(["http://a.example", "", OWN]);
  });

  test.each([
    [{ "x-forwarded-host": "p.example" }, ["http://p.example", "", OWN]],
    [{ "x-forwarded-proto": "HTTPS" }, ["https://a.example", "", OWN]],
    [
      { "x-forwarded-proto": "https", "x-forwarded-host": "p.example:443" },
      ["https://p.example", "", OWN],
    ],
    [{ "x-forwarded-proto": "https, https" }, ["https://a.example", "", OWN]],
    [{ "x-forwarded-prefix": "/dev/registry/" }, ["http://a.example", "/dev/registry", OWN]],
    [{ "x-forwarded-prefix": "/" }, ["http://a.example", "", OWN]],
  ])("believes a trusted proxy: %p", async (headers, expected) => {
    const given: Record<string, string> = { host: "a.example", ...headers };
    expect((await siteFor({ trustedProxies: ["10.0.0.0/8"] }, given)).site).toEqual(expected);
    const stranger = await siteFor({ trustedProxies: ["10.0.0.0/8"] }, given, { peer: "8.8.8.8" });
    expect(stranger.site).toEqual(["http://a.example", "", OWN]);
  });

  test.each([
    [{ host: 'a"><script>' }],
    [{ host: "user@a.example" }],
    [{ host: "a.example, b.example" }],
    [{ host: "a b.example" }],
    [{ host: "a.example/path" }],
    [{ host: "a.example:99999" }],
    [{ host: "a..example" }],
    [{ host: "-a.example" }],
    [{ host: `${"a".repeat(300)}.example` }],
    [{ host: "[::g]" }],
    [{ host: "" }],
    [{ "x-forwarded-host": "p.example, evil.example" }],
    [{ "x-forwarded-host": "javascript:alert(1)" }],
    [{ "x-forwarded-proto": "javascript" }],
    [{ "x-forwarded-proto": "https, http" }],
    [{ "x-forwarded-prefix": "//evil.example" }],
    [{ "x-forwarded-prefix": "/a/../b" }],
    [{ "x-forwarded-prefix": '/"><script>' }],
    [{ "x-forwarded-prefix": `/${"a".repeat(300)}` }],
  ])("answers 400 to %p", async (headers) => {
    const given: Record<string, string> = { host: "a.example", ...headers };
    const { status, site } = await siteFor({ trustedProxies: ["10.0.0.0/8"] }, given);
    expect(status).toBe(400);
    expect(JSON.stringify(site)).not.toContain("evil");
  });
});

describe("addresses of a site", () => {
  const site = { origin: "https://a.example:8443", base: "/base", isFixed: false };

  test("are absolute", () => {
    expect(addressIn(site, "viewer/status")).toBe("https://a.example:8443/base/viewer/status");
    expect(registryHostOf(site)).toBe("a.example:8443");
    expect(siteKey(site)).toBe("https://a.example:8443/base");
    expect(typeof siteOf).toBe("function");
  });
});

describe("parseHost()", () => {
  test("takes names with underscores, a final dot and punycode", () => {
    expect(parseHost("my_service.ns.svc.", "http")).toBe("my_service.ns.svc.");
    expect(parseHost("xn--bcher-kva.example", "https")).toBe("xn--bcher-kva.example");
    expect(parseHost("bücher.example", "https")).toBeUndefined();
  });
});

describe("parsePrefix()", () => {
  test("takes paths of plain characters", () => {
    expect(parsePrefix("")).toBe("");
    expect(parsePrefix("/a-b/c.d_e~f")).toBe("/a-b/c.d_e~f");
    expect(parsePrefix("a")).toBeUndefined();
    expect(parsePrefix("/a%2fb")).toBeUndefined();
  });
});
