import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { startBrowser } from "../support/browser.ts";
import { type Serving, startServe } from "../support/devreg.ts";

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

interface Visit {
  readonly page: Page;
  /** Addresses asked for on other hosts. */
  readonly foreign: readonly string[];
  /** Messages of the console and failures of the page. */
  readonly complaints: readonly string[];
}

async function visit(
  width: number,
  colorScheme: "light" | "dark",
  run: (visit: Visit) => Promise<void>,
  javaScriptEnabled = true,
): Promise<void> {
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    colorScheme,
    javaScriptEnabled,
  });
  try {
    const page = await context.newPage();
    const foreign: string[] = [];
    const complaints: string[] = [];
    page.on("request", (request) => {
      if (!/^data:/.test(request.url()) && !request.url().startsWith(server.url)) {
        foreign.push(request.url());
      }
    });
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(`${server.url}/viewer`);
    await run({ page, foreign, complaints });
  } finally {
    await context.close();
  }
}

describe("the viewer in Chromium", () => {
  for (const width of [360, 1280]) {
    for (const scheme of ["light", "dark"] as const) {
      test(`shows every entry at ${width} px, ${scheme}, without asking elsewhere`, async () => {
        await visit(width, scheme, async ({ page, foreign, complaints }) => {
          await page.screenshot({
            path: join(SCREENSHOTS, `viewer-${width}-${scheme}.png`),
            fullPage: true,
          });
          const text = await page.textContent("body");
          for (const name of [
            "Go service",
            "Python web application",
            "Static site",
            "Hello in Go",
          ]) {
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

  test("reaches a devfile by keyboard, without JavaScript", async () => {
    await visit(
      1280,
      "light",
      async ({ page }) => {
        const link = page.locator('a[href$="devfiles/go-service"]').first();
        await link.focus();
        await page.keyboard.press("Enter");
        await page.waitForURL("**/devfiles/go-service**");
        expect(await page.content()).toContain("schemaVersion");
      },
      false,
    );
  });

  test("names its language, its title and what each picture shows", async () => {
    await visit(1280, "light", async ({ page }) => {
      expect(await page.getAttribute("html", "lang")).toBe("en");
      expect(await page.title()).toContain("Devfile Registry");
      expect(await page.locator("h1").count()).toBe(1);
      expect(await page.locator("img:not([alt])").count()).toBe(0);
      expect(await page.locator("main").count()).toBe(1);
    });
  });
});
