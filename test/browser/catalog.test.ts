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

  test("keeps what stays shown as it is, and says the count where it was said before", async () => {
    await visit(browser, home, {}, async ({ page, complaints }) => {
      await page.evaluate(`
        window.kept = [...document.querySelectorAll(".card")].find((each) => each.textContent.includes("Python web"));
        window.told = document.getElementById("count");
        window.gone = 0;
        new MutationObserver((changes) => {
          for (const { removedNodes } of changes) {
            for (const node of removedNodes) if (node.contains(window.told)) window.gone += 1;
          }
        }).observe(document.body, { childList: true, subtree: true });
      `);
      await page.getByRole("searchbox").fill("python");
      await untilShown(page, 1);
      expect(await page.evaluate("window.kept.isConnected")).toBe(true);
      expect(await page.evaluate("window.told.textContent")).toBe("1 of 5");
      expect(await page.evaluate("[window.told.isConnected, window.gone]")).toEqual([true, 0]);
      expect(await page.getAttribute("#results", "aria-busy")).toBeNull();
      await page.getByRole("searchbox").fill("");
      await untilShown(page, 5);
      expect(await page.evaluate("window.kept.isConnected")).toBe(true);
      expect(complaints).toEqual([]);
    });
  });

  test("goes back and on through what was chosen", async () => {
    await visit(browser, home, {}, async ({ page }) => {
      await page.getByRole("searchbox").fill("go");
      await page.keyboard.press("Enter");
      await page.waitForURL(/search=go$/);
      const found = await titles(page);
      await page.getByLabel(/^Sample/).check();
      await untilShown(page, 1);
      await page.goBack();
      await untilShown(page, found.length);
      expect(await page.getByRole("searchbox").inputValue()).toBe("go");
      expect(await page.getByLabel(/^Sample/).isChecked()).toBe(false);
      await page.goForward();
      await untilShown(page, 1);
      expect(await page.getByLabel(/^Sample/).isChecked()).toBe(true);
    });
  });

  test("is found by its keys, and takes no key that is pressed alone", async () => {
    await visit(browser, home, {}, async ({ page }) => {
      const focused = () => page.evaluate("document.activeElement.id");
      for (const key of ["k", "/", "s"]) await page.keyboard.press(key);
      expect(await focused()).toBe("");
      await page.keyboard.press("Control+k");
      expect(await focused()).toBe("search");
      await page.keyboard.type("kit/k");
      expect(await page.getByRole("searchbox").inputValue()).toBe("kit/k");
    });
  });

  test("leads to the page of a card wherever on it one clicks", async () => {
    await visit(browser, home, {}, async ({ page }) => {
      const card = page.locator(".card", { hasText: "Python web" });
      const { height } = (await card.boundingBox()) ?? { height: 0 };
      await card.click({ position: { x: 12, y: height - 12 } });
      await page.waitForURL(/\/viewer\/devfiles\//);
    });
  });

  test("tells how tools learn of this registry, in a line to copy", async () => {
    const options = { permissions: ["clipboard-read", "clipboard-write"] };
    await visit(browser, home, options, async ({ page }) => {
      await page.getByRole("button", { name: "Copy the odo command" }).click();
      const odo = / (http:\/\/\S+)$/;
      await until("the command is copied", async () => {
        const copied = String(await page.evaluate("navigator.clipboard.readText()"));
        return odo.exec(copied)?.[1] === server.url;
      });
      const card = await page.locator(".card").first().boundingBox();
      expect(card?.y).toBeLessThan(500);
    });
    const narrow = { viewport: { width: 360, height: 740 }, javaScriptEnabled: false };
    await visit(browser, home, narrow, async ({ page }) => {
      expect(await page.locator("#connect .command").first().isVisible()).toBe(false);
      await page.locator("#connect summary").click();
      expect(await page.locator("#connect .command").first().isVisible()).toBe(true);
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
