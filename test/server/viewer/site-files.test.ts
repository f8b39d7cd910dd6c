import { describe, expect, test } from "bun:test";
import { sampleBuild } from "../../support/sample-build.ts";
import { servedApp } from "../../support/served-app.ts";

describe("files of the site", () => {
  test("are icons for browsers old and new", async () => {
    const { get } = await servedApp();
    const svg = await get("/favicon.svg");
    expect(svg.headers.get("content-type")).toBe("image/svg+xml");
    expect(await svg.text()).toStartWith("<svg ");
    const ico = await get("/favicon.ico");
    expect(ico.headers.get("content-type")).toBe("image/x-icon");
    expect([...(await ico.bytes()).subarray(0, 4)]).toEqual([0, 0, 1, 0]);
  });

  test("are rules for robots and a map, by the name that the visitor knows", async () => {
    const { get } = await servedApp();
    const host = { host: "a.example" };
    const rules = await get("/robots.txt", host);
    expect(rules.headers.get("cache-control")).toBe("private, no-cache");
    const lines = (await rules.text()).split("\n");
    expect(lines[0]).toBe("User-agent: *");
    expect(lines).toContain("Sitemap: http://a.example/sitemap.xml");
    const map = await get("/sitemap.xml", host);
    expect(map.headers.get("cache-control")).toBe("private, no-cache");
    expect(await map.text()).toContain("<loc>http://a.example/viewer</loc>");
    const other = await get("/sitemap.xml", { host: "b.example" });
    expect(await other.text()).not.toContain("a.example");
  });

  test("name no site that a hostile Host makes up", async () => {
    const { get } = await servedApp();
    for (const path of ["/robots.txt", "/sitemap.xml"]) {
      expect((await get(path, { host: "a.example</loc>" })).status).toBe(400);
    }
  });

  test("are a map of all pages under the public address", async () => {
    const publicUrl = "https://registry.example";
    const { get } = await servedApp({ config: { publicUrl, name: "My Registry" } });
    expect(await (await get("/robots.txt")).text()).toContain(`Sitemap: ${publicUrl}/sitemap.xml`);
    const map = await get("/sitemap.xml");
    expect(map.headers.get("content-type")).toBe("application/xml; charset=utf-8");
    const addresses = [...(await map.text()).matchAll(/<loc>([^<]*)<\/loc>/g)].map((m) => m[1]);
    expect(addresses).toEqual([
      `${publicUrl}/viewer`,
      `${publicUrl}/viewer/devfiles/my-registry/go`,
      `${publicUrl}/viewer/devfiles/my-registry/python-web`,
      `${publicUrl}/viewer/devfiles/my-registry/hello`,
    ]);
  });

  test("are icons that an index holds as data, where they can run nothing", async () => {
    const script = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
    const icons = {
      base64: `data:image/svg+xml;base64,${btoa(script)}`,
      escaped: `data:image/svg+xml;utf8,${encodeURIComponent(script)}`,
      broken: "data:image/png,%zz",
    };
    const index = Object.entries(icons).map(([name, icon]) => ({ name, icon, type: "sample" }));
    const { get } = await servedApp({ build: await sampleBuild({ index, info: false }) });
    const page = await (await get("/viewer")).text();
    const used = [...page.matchAll(/<img src="([^"]+)"/g)].map(([, address]) => `/${address}`);
    expect(used).toHaveLength(3);
    expect(page).not.toContain("data:");
    for (const address of used) {
      const icon = await get(address);
      expect(icon.status).toBe(200);
      expect(icon.headers.get("content-security-policy")).toStartWith("sandbox;");
      expect(icon.headers.get("x-content-type-options")).toBe("nosniff");
      expect(icon.headers.get("cache-control")).toContain("immutable");
    }
    const texts = await Promise.all(used.map(async (address) => (await get(address)).text()));
    expect(texts.sort()).toEqual(["%zz", script, script]);
  });
});
