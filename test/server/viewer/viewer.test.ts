import { describe, expect, test } from "bun:test";
import type { IndexEntry } from "../../../src/generator/index.ts";
import { html } from "../../../src/server/viewer/html.ts";
import { sampleBuild } from "../../support/sample-build.ts";
import { servedApp } from "../../support/served-app.ts";

describe("html``", () => {
  test("escapes every value that is not markup itself", () => {
    const hostile = `<script>&"'`;
    expect(html`<a title="${hostile}">${hostile}</a>`.markup).toBe(
      '<a title="&lt;script&gt;&amp;&quot;&#39;">&lt;script&gt;&amp;&quot;&#39;</a>',
    );
  });

  test("takes markup, lists, numbers and nothing", () => {
    expect(html`${[html`<b>`, "<", [1]]}${undefined}${2}`.markup).toBe("<b>&lt;12");
  });
});

describe("GET /viewer", () => {
  test("shows what is worth telling of the state, as it is now", async () => {
    let notes: readonly string[] = [];
    const { get } = await servedApp({ notes: () => notes });
    expect(await (await get("/viewer")).text()).not.toContain('role="status"');
    notes = ["stepped back to <abc>, as was asked for"];
    const page = await (await get("/viewer")).text();
    expect(page).toContain('role="status">stepped back to &lt;abc&gt;, as was asked for<');
    notes = [];
    expect(await (await get("/viewer")).text()).not.toContain('role="status"');
  });

  test("is a page that clients recognise", async () => {
    const { get } = await servedApp();
    const response = await get("/viewer");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const page = await response.text();
    expect(page).toStartWith("<!DOCTYPE html>");
    expect(page).toMatch(/<title>[^<]*Devfile Registry[^<]*<\/title>/);
    expect(page).toContain('<meta name="keywords" content="Devfile, OpenShift, Kubernetes">');
  });

  test("lists and links every entry and version", async () => {
    const { get, generation } = await servedApp();
    const page = await (await get("/viewer")).text();
    const links = [...page.matchAll(/<a href="(devfiles\/[^"]+)"/g)].map(([, link]) => link);
    const expected = generation.build.index.flatMap(({ name, versions = [] }) => [
      `devfiles/${name}`,
      ...versions.map(({ version }) => `devfiles/${name}/${version}`),
    ]);
    expect(links).toEqual(expected);
    for (const link of expected) expect((await get(`/${link}`)).status).toBe(200);
    for (const text of ["Go Runtime", "Python", "Hello"]) expect(page).toContain(text);
  });

  test("uses files of ours only, all of them there, nothing inline", async () => {
    const { get } = await servedApp();
    const response = await get("/viewer");
    const page = await response.text();
    const used = [...page.matchAll(/<(?:img|link)[^>]+(?:src|href)="([^"]+)"/g)].map((m) => m[1]);
    expect(used).toContain("icons/0a.svg");
    for (const address of used.filter((each) => !each?.startsWith("data:"))) {
      const file = await get(`/${address}`);
      expect(file.status).toBe(200);
      expect(file.headers.get("cache-control")).toContain("immutable");
    }
    expect(page).not.toMatch(/<script|<style|style=|onload|https?:\/\//);
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
  });

  test("shows hostile texts as texts and hostile icons not at all", async () => {
    const hostile: IndexEntry = {
      name: 'x"><script>alert(1)</script>',
      displayName: "<img src=x onerror=alert(1)>",
      description: "a & b",
      tags: ["<i>"],
      type: "sample",
      icon: "javascript:alert(1)",
    };
    const { get } = await servedApp({
      build: await sampleBuild({ index: [hostile], info: false }),
    });
    const page = await (await get("/viewer")).text();
    expect(page).not.toMatch(/<script|<img src=x|<i>|javascript:/);
    expect(page).toContain("&lt;img src=x onerror=alert(1)&gt;");
    expect(page).toContain("a &amp; b");
  });

  test("is made once for a generation and answers 304", async () => {
    const { get } = await servedApp();
    const tag = (await get("/viewer")).headers.get("etag") ?? "";
    expect((await get("/viewer", { "if-none-match": tag })).status).toBe(304);
  });

  test("says that a registry is empty", async () => {
    const { get } = await servedApp({ build: await sampleBuild({ index: [], info: false }) });
    expect(await (await get("/viewer")).text()).toContain("This registry has none.");
  });

  test("answers a page of its own where there is none", async () => {
    const { get } = await servedApp();
    const response = await get("/viewer/devfiles/nothing");
    expect(response.status).toBe(404);
    const page = await response.text();
    expect(page).toContain('href="../../viewer"');
    expect(page).toContain('href="../../viewer/style-');
  });

  test("is off when headless", async () => {
    const { get } = await servedApp({ config: { headless: true } });
    for (const path of ["/viewer", "/viewer/anything"]) {
      const response = await get(path);
      expect(response.status).toBe(400);
      expect(await response.text()).toBe("registry viewer is not available in headless mode");
    }
  });
});
