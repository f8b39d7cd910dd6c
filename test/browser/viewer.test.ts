import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { startBrowser } from "../support/browser.ts";
import { type Serving, startServe } from "../support/devreg.ts";
import { visit } from "../support/visit.ts";

setDefaultTimeout(60_000);

const ROOT = join(import.meta.dir, "../..");
const SCREENSHOTS = join(ROOT, "dist/screenshots");
let server: Serving;
let browser: Browser;

beforeAll(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  server = await startServe([join(ROOT, "examples/registry"), "--no-network"]);
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

describe("the viewer in Chromium", () => {
  for (const width of [360, 768, 1280, 1920]) {
    for (const colorScheme of ["light", "dark"] as const) {
      test(`shows every entry at ${width} px, ${colorScheme}, without asking elsewhere`, async () => {
        const options = { viewport: { width, height: 800 }, colorScheme };
        await visit(browser, `${server.url}/viewer`, options, async (seen) => {
          const { page, foreign, complaints } = seen;
          await page.screenshot({
            path: join(SCREENSHOTS, `home-${width}-${colorScheme}.png`),
            fullPage: true,
          });
          const text = await page.textContent("body");
          for (const name of ["Go service", "Python web", "Static site", "Hello in Go"]) {
            expect(text).toContain(name);
          }
          const scroll = await page.evaluate("document.documentElement.scrollWidth");
          expect(scroll).toBeLessThanOrEqual(width);
          const broken = await page.evaluate(
            "[...document.images].filter((image) => image.complete && !image.naturalWidth).length",
          );
          expect(broken).toBe(0);
          expect(foreign).toEqual([]);
          expect(complaints).toEqual([]);
        });
      });
    }
  }

  test("looks again by itself while there is nothing to serve", async () => {
    const empty = await startServe(["--source", "http://127.0.0.1:9/nothing.git"]);
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      await page.clock.install();
      await page.goto(`${empty.url}/viewer`);
      expect(await page.locator("h1").textContent()).toBe("Nothing to serve yet");
      const again = page.waitForRequest(`${empty.url}/viewer`);
      await page.clock.fastForward(6_000);
      expect((await again).isNavigationRequest()).toBe(true);
    } finally {
      await context.close();
      await empty.stop();
    }
  });

  test("names its language, its title and what each picture shows", async () => {
    await visit(browser, `${server.url}/viewer`, {}, async ({ page }) => {
      expect(await page.getAttribute("html", "lang")).toBe("en");
      expect(await page.title()).toContain("Devfile Registry");
      expect(await page.locator("h1").count()).toBe(1);
      expect(await page.locator("img:not([alt])").count()).toBe(0);
      expect(await page.locator("main").count()).toBe(1);
    });
  });

  test("has its own typeface, and nothing that its policy forbids", async () => {
    await visit(browser, `${server.url}/viewer`, {}, async ({ page, complaints }) => {
      await page.evaluate("document.fonts.ready.then(() => undefined)");
      expect(await page.evaluate('document.fonts.check("16px Figtree")')).toBe(true);
      await page.evaluate(
        'document.body.insertAdjacentHTML("beforeend", "<img src=x onerror=\\"window.ran = true\\">")',
      );
      expect(await page.evaluate("window.ran")).toBeUndefined();
      expect(complaints.some((line) => line.includes("Content Security Policy"))).toBe(true);
    });
  });

  test("comes to under 100 KB, style, script and typeface included", async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    let bytes = 0;
    session.on("Network.loadingFinished", ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    await page.goto(`${server.url}/viewer`, { waitUntil: "networkidle" });
    await context.close();
    expect(bytes).toBeGreaterThan(20_000);
    expect(bytes).toBeLessThan(100_000);
  });
});

describe("the theme in Chromium", () => {
  const background = "getComputedStyle(document.body).backgroundColor";

  test("changes at once, is remembered, and is that of the system again when asked", async () => {
    const light = { colorScheme: "light" } as const;
    await visit(browser, `${server.url}/viewer`, light, async ({ page }) => {
      const before = await page.evaluate(background);
      await page.getByRole("link", { name: "dark theme" }).click();
      const dark = await page.evaluate(background);
      expect(dark).not.toBe(before);
      expect(page.url()).toBe(`${server.url}/viewer`);
      await page.reload();
      expect(await page.getAttribute("html", "data-theme")).toBe("dark");
      expect(await page.evaluate(background)).toBe(dark);
      await page.getByRole("link", { name: "system theme" }).click();
      expect(await page.evaluate(background)).toBe(before);
      await page.reload();
      expect(await page.getAttribute("html", "data-theme")).toBeNull();
    });
  });

  test("is remembered without JavaScript too, and comes back to the same page", async () => {
    const address = `${server.url}/viewer?search=go`;
    await visit(browser, address, { javaScriptEnabled: false }, async ({ page }) => {
      await page.getByRole("link", { name: "dark theme" }).click();
      await page.waitForURL(address);
      expect(await page.getAttribute("html", "data-theme")).toBe("dark");
    });
  });
});
