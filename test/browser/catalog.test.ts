import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { startBrowser } from "../support/browser.ts";
import { type Serving, startServe } from "../support/devreg.ts";
import { until } from "../support/until.ts";
import { visit } from "../support/visit.ts";

setDefaultTimeout(60_000);

const REGISTRY = join(import.meta.dir, "../../examples/registry");
let server: Serving;
let browser: Browser;
let home: string;

beforeAll(async () => {
  server = await startServe([REGISTRY, "--no-network"]);
  browser = await startBrowser();
  home = `${server.url}/viewer`;
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

const titles = (page: Page) => page.locator(".card h3").allTextContents();

async function untilShown(page: Page, count: number): Promise<void> {
  await until(
    `${count} cards are shown`,
    async () => (await page.locator(".card").count()) === count,
  );
}

describe("the catalog in Chromium", () => {
  test("searches while one types, in the address too, and tells how much it found", async () => {
    await visit(browser, home, {}, async ({ page, complaints }) => {
      const before = await page.evaluate("history.length");
      await page.getByRole("searchbox").pressSequentially("python");
      await untilShown(page, 1);
      expect(await titles(page)).toEqual(["Python web application"]);
      await page.waitForURL(`${home}?search=python`);
      expect(await page.locator("#count").textContent()).toBe("1 of 5");
      expect(await page.evaluate("history.length")).toBe(before);
      expect(await page.evaluate("document.activeElement.id")).toBe("search");
      expect(complaints).toEqual([]);
    });
  });

  test("narrows down by several facets and takes each back", async () => {
    await visit(browser, home, {}, async ({ page, complaints }) => {
      await page.getByLabel(/^Sample/).check();
      await untilShown(page, 1);
      await page.waitForURL(`${home}?types=sample`);
      await page.getByLabel(/^Stack/).check();
      await untilShown(page, 5);
      await page.getByRole("group", { name: "Language" }).getByLabel(/^Go /).check();
      await untilShown(page, 2);
      expect(
        await page.getByRole("group", { name: "Language" }).getByLabel(/^Go /).isChecked(),
      ).toBe(true);
      await page.getByRole("link", { name: "Remove Type Stack" }).click();
      await untilShown(page, 1);
      await page.getByRole("link", { name: "Clear all" }).click();
      await untilShown(page, 5);
      expect(page.url()).toBe(home);
      await page.goBack();
      await untilShown(page, 1);
      expect(complaints).toEqual([]);
    });
  });

  test("is put in order", async () => {
    await visit(browser, home, {}, async ({ page }) => {
      const byName = await titles(page);
      expect(byName).toEqual([...byName].sort((a, b) => a.localeCompare(b)));
      await page.getByLabel("Sort by").selectOption("provider");
      await page.waitForURL(`${home}?sort=provider`);
      expect([...(await titles(page))].sort()).toEqual([...byName].sort());
    });
  });

  test("is a plain form without JavaScript", async () => {
    await visit(browser, home, { javaScriptEnabled: false }, async ({ page }) => {
      await page.getByRole("searchbox").fill("go");
      await page.getByRole("button", { name: "Search" }).click();
      await page.waitForURL(/search=go/);
      expect(await titles(page)).toContain("Go service");
      await page.getByLabel(/^Sample/).check();
      await page.getByRole("button", { name: "Apply" }).click();
      await page.waitForURL(/types=sample/);
      expect(await titles(page)).toEqual(["Hello in Go"]);
      await page.getByRole("link", { name: "Remove Type Sample" }).click();
      expect(await titles(page)).toContain("Go service");
    });
  });

  test("is used with the keyboard alone", async () => {
    await visit(browser, home, {}, async ({ page }) => {
      await page.keyboard.press("Tab");
      expect(await page.evaluate("document.activeElement.className")).toBe("skip");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      expect(await page.evaluate("document.activeElement.id")).toBe("search");
      const focused = () => page.evaluate("document.activeElement.value");
      for (let tabs = 0; tabs < 20 && (await focused()) !== "sample"; tabs += 1) {
        await page.keyboard.press("Tab");
      }
      await page.keyboard.press("Space");
      await untilShown(page, 1);
      expect(await focused()).toBe("sample");
      await page.keyboard.press("Space");
      await untilShown(page, 5);
    });
  });

  test("folds its facets away at 360 px, and works there", async () => {
    await visit(browser, home, { viewport: { width: 360, height: 740 } }, async ({ page }) => {
      const box = page.getByLabel(/^Sample/);
      expect(await box.isVisible()).toBe(false);
      await page.locator("#filters > summary").click();
      await box.check();
      await untilShown(page, 1);
      expect(await page.getByLabel(/^Sample/).isVisible()).toBe(true);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    });
  });
});
