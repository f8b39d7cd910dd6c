import { describe, expect, test } from "bun:test";
import { Hono } from "hono";
import { silentLogger } from "../../../src/log.ts";
import type { AppDeps, ServerApp } from "../../../src/server/index.ts";
import { addressIn } from "../../../src/server/site/index.ts";
import { html } from "../../../src/server/viewer/html.ts";
import { addSitePage } from "../../../src/server/viewer/page.ts";
import { parseTheme, themeOf } from "../../../src/server/viewer/theme.ts";
import { PLAIN_CONFIG, servedApp } from "../../support/served-app.ts";

describe("a page", () => {
  test("is one that clients recognise", async () => {
    const { get } = await servedApp();
    const response = await get("/viewer");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const page = await response.text();
    expect(page).toStartWith("<!DOCTYPE html>");
    expect(page).toMatch(/<title>[^<]*Devfile Registry[^<]*<\/title>/);
    expect(page).toContain('<meta name="keywords" content="Devfile, OpenShift, Kubernetes">');
  });

  test("uses files of ours only, all of them there, nothing inline", async () => {
    const { get } = await servedApp();
    const response = await get("/viewer");
    const page = await response.text();
    const used = [...page.matchAll(/<(?:img|link|script)[^>]+(?:src|href)="([^"]+)"/g)].map(
      ([, address]) => address ?? "",
    );
    expect(used).toContain("icons/0a.svg");
    expect(used.some((address) => /^viewer\/script-[0-9a-f]{12}\.js$/.test(address))).toBe(true);
    for (const address of used) {
      const file = await get(`/${address}`);
      expect([address, file.status]).toEqual([address, 200]);
      expect(file.headers.get("cache-control")).toMatch(/immutable|max-age=86400/);
    }
    expect(page).not.toMatch(/<script(?! type="module" src=)|<style|style=| on\w+=/);
    expect(page).not.toMatch(/(?:src|href|action|content)="(?:https?:)?\/\//);
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe");
  });

  test("shows what is worth telling of the state, as it is now", async () => {
    let notes: readonly string[] = [];
    const { get } = await servedApp({ notes: () => notes });
    expect(await (await get("/viewer")).text()).not.toContain("stepped back");
    notes = ["stepped back to <abc>, as was asked for"];
    const page = await (await get("/viewer")).text();
    expect(page).toContain('role="status">stepped back to &lt;abc&gt;, as was asked for<');
    notes = [];
    expect(await (await get("/viewer")).text()).not.toContain("stepped back");
  });

  test("is made once for a generation and answers 304 to who has it", async () => {
    const { get } = await servedApp();
    const tag = (await get("/viewer")).headers.get("etag") ?? "";
    const again = await get("/viewer", { "if-none-match": tag });
    expect(again.status).toBe(304);
    expect(again.headers.get("vary")).toBe("accept-encoding, cookie");
    const dark = { "if-none-match": tag, cookie: "devreg-theme=dark" };
    expect((await get("/viewer", dark)).status).toBe(200);
  });

  test("names itself where the public address is known, and only there", async () => {
    const publicUrl = "https://registry.example/base";
    const { get } = await servedApp({ config: { publicUrl } });
    const page = await (await get("/viewer")).text();
    expect(page).toContain('<link rel="canonical" href="https://registry.example/base/viewer">');
    expect(page).toContain('property="og:url" content="https://registry.example/base/viewer"');
    const { get: other } = await servedApp();
    const hostile = { host: "near.example", "x-forwarded-host": "evil.example" };
    const plain = await other("/viewer", hostile);
    const text = await plain.text();
    expect(text).not.toMatch(/evil\.example|canonical|og:url/);
    // Commands to copy name the server as the visitor does, and nobody else is given that page.
    expect(text.replace(/<details class="connect"[\s\S]*?<\/details>/, "")).not.toContain("near.");
    expect(plain.headers.get("cache-control")).toBe("private, no-cache");
  });

  test("answers 404 with ways on where there is none, at any depth", async () => {
    const { get } = await servedApp();
    for (const [path, up] of [
      ["/viewer/nothing", "../"],
      ["/viewer/a/b/c/d", "../../../../"],
      ["/viewer/icons/none.svg", "../../"],
    ] as const) {
      const response = await get(path);
      expect(response.status).toBe(404);
      const page = await response.text();
      expect(page).toStartWith("<!DOCTYPE html>");
      expect(page).toContain(`<a class="button primary" href="${up}viewer">`);
      expect(page).toContain(`href="${up}viewer/style-`);
    }
  });

  test("is there before there is a generation, as 503, and what is missing as 404", async () => {
    const { get } = await servedApp({ loaded: false });
    for (const path of ["/viewer?search=x", "/viewer/artifacts", "/viewer/devfiles/any/go"]) {
      const waiting = await get(path, { host: "a.example" });
      expect([waiting.status, waiting.headers.get("retry-after")]).toEqual([503, "1"]);
      const page = await waiting.text();
      expect(page).toStartWith("<!DOCTYPE html>");
      expect(page).toContain("Nothing to serve yet");
      expect(page).toMatch(/href="[./]*viewer\/status">See the status/);
    }
    expect((await get("/viewer/nothing/at/all")).status).toBe(404);
  });

  test("leads from an address with a slash at its end to the one without", async () => {
    const { get } = await servedApp();
    const response = await get("/viewer/a/b/?c=d");
    expect(response.status).toBe(302);
    expect(response.headers.get("location")).toBe("../b?c=d");
    expect((await get("/viewer/")).headers.get("location")).toBe("/viewer");
  });

  test("leads from a registry to all registries", async () => {
    const { get } = await servedApp();
    const response = await get("/viewer/devfiles/community");
    expect(response.status).toBe(302);
    expect(response.headers.get("location")).toBe("../../viewer");
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

describe("a page with absolute addresses", () => {
  async function sited(publicUrl?: string) {
    let made = 0;
    const { generation, metrics } = await servedApp();
    const app: ServerApp = new Hono();
    const deps: AppDeps = {
      state: { current: () => generation, reasons: () => [] },
      config: { ...PLAIN_CONFIG, publicUrl },
      log: silentLogger,
      metrics,
      nowMs: () => 0,
      requestId: () => "id",
    };
    addSitePage(app, deps, {
      path: "/viewer/x",
      make: ({ site }) => {
        made += 1;
        return { title: "x", description: "x", main: html`${addressIn(site, "y")}` };
      },
    });
    const ask = (host: string) => app.request("/viewer/x", { headers: { host } });
    return { ask, made: () => made };
  }

  test("is kept apart for each name of the server, and out of shared caches", async () => {
    const { ask, made } = await sited();
    const first = await ask("a.example");
    expect(first.headers.get("cache-control")).toBe("private, no-cache");
    expect(await first.text()).toContain("http://a.example/y");
    expect(await (await ask("b.example")).text()).toContain("http://b.example/y");
    expect(await (await ask("A.example:80")).text()).toContain("http://a.example/y");
    expect(made()).toBe(2);
    expect((await ask("<script>")).status).toBe(400);
  });

  test("is there without them where a request names no server, if it can be", async () => {
    const { get } = await servedApp();
    const page = await get("/viewer", { host: "<script>" });
    expect(page.status).toBe(200);
    expect(await page.text()).not.toContain('id="connect"');
    const known = await servedApp({ config: { publicUrl: "https://public.example/base" } });
    for (const host of ["a.example", "<script>"]) {
      const text = await (await known.get("/viewer", { host })).text();
      expect(text).toContain(
        'data-copy="odo preference add registry test https://public.example/base"',
      );
    }
  });

  test("is one for all where the public address is known", async () => {
    const { ask, made } = await sited("https://public.example/base");
    for (const host of ["a.example", "<script>"]) {
      const answer = await ask(host);
      expect(answer.headers.get("cache-control")).toBe("no-cache");
      expect(await answer.text()).toContain("https://public.example/base/y");
    }
    expect(made()).toBe(1);
  });
});

describe("the theme of a page", () => {
  test("is remembered by a plain link, which comes back to the same page", async () => {
    const { get } = await servedApp();
    const chosen = await get("/viewer?search=go&theme=dark&types=stack");
    expect(chosen.status).toBe(302);
    expect(chosen.headers.get("location")).toBe("./viewer?search=go&types=stack");
    expect(chosen.headers.get("set-cookie")).toBe(
      "devreg-theme=dark; Path=/; Max-Age=31536000; SameSite=Lax",
    );
    const forgotten = await get("/viewer?theme=system");
    expect(forgotten.headers.get("location")).toBe("./viewer");
    expect(forgotten.headers.get("set-cookie")).toContain("Max-Age=0");
  });

  test("is in the page, and its links keep the query", async () => {
    const { get } = await servedApp();
    const page = await (await get("/viewer?search=go&x=y", { cookie: "devreg-theme=dark" })).text();
    expect(page).toContain('<html lang="en" data-theme="dark">');
    expect(page).toContain('href="./viewer?search=go&amp;theme=light"');
    const plain = await (await get("/viewer")).text();
    expect(plain).toContain('<html lang="en">');
  });

  test("that is none is ignored", async () => {
    const { get } = await servedApp();
    expect((await get("/viewer?theme=%3Cx%3E")).status).toBe(200);
    expect(parseTheme("<x>")).toBeUndefined();
  });

  test.each([
    [null, "system"],
    ["", "system"],
    ["devreg-theme=dark", "dark"],
    ["a=b; devreg-theme=light; c=d", "light"],
    ["xdevreg-theme=dark", "system"],
    ["devreg-theme=blue", "system"],
  ] as const)("of the cookies %p is %p", (cookies, theme) => {
    expect(themeOf(cookies)).toBe(theme);
  });
});
