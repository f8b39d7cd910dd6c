import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { createTransportPool } from "../../src/net/index.ts";
import { startBrowser } from "../support/browser.ts";
import { type Serving, startServe } from "../support/devreg.ts";
import { startDockerRegistry } from "../support/docker-registry.ts";
import { pushMixedArtifacts } from "../support/mixed-artifacts.ts";
import { openRemote } from "../support/remote.ts";
import { visit } from "../support/visit.ts";

setDefaultTimeout(60_000);

const ROOT = join(import.meta.dir, "../..");
const SCREENSHOTS = join(ROOT, "dist/screenshots");
const closing = new AsyncDisposableStack();
let server: Serving;
let browser: Browser;

beforeAll(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  const registry = await startDockerRegistry();
  closing.defer(() => registry.stop());
  const pool = createTransportPool({ userAgent: "devreg-tests" });
  await pushMixedArtifacts(openRemote(registry.host, { send: pool.send }));
  await pool.close();
  const example = join(ROOT, "examples/registry");
  server = await startServe([example, "--no-network", "--registry", registry.host]);
  closing.defer(async () => {
    await server.stop();
  });
  browser = await startBrowser();
  closing.defer(() => browser.close());
});
afterAll(() => closing.disposeAsync());

describe("artifacts and status in Chromium", () => {
  for (const path of ["artifacts", "status"]) {
    for (const width of [360, 768, 1280, 1920]) {
      for (const colorScheme of ["light", "dark"] as const) {
        test(`${path} fits ${width} px, ${colorScheme}, and asks nobody else`, async () => {
          const options = { viewport: { width, height: 800 }, colorScheme };
          await visit(browser, `${server.url}/viewer/${path}`, options, async (seen) => {
            const { page, foreign, complaints } = seen;
            for (const each of await page.locator("details.more summary").all()) await each.click();
            const file = join(SCREENSHOTS, `${path}-${width}-${colorScheme}.png`);
            await page.screenshot({ path: file, fullPage: true });
            const scroll = await page.evaluate("document.documentElement.scrollWidth");
            expect(scroll).toBeLessThanOrEqual(width);
            const cut = await page.evaluate(
              "[...document.querySelectorAll('.command code')].filter((code) => code.scrollWidth > code.clientWidth).length",
            );
            expect(cut).toBe(0);
            expect([foreign, complaints]).toEqual([[], []]);
          });
        });
      }
    }
  }

  test("copies the command of an artifact", async () => {
    const options = { permissions: ["clipboard-read", "clipboard-write"] };
    await visit(browser, `${server.url}/viewer/artifacts?name=app`, options, async ({ page }) => {
      await page.locator("td[data-label=Action] button.copy").click();
      await page.locator("td[data-label=Action] button.copy.done").waitFor();
      const host = server.url.slice("http://".length);
      const copied = await page.evaluate("navigator.clipboard.readText()");
      expect(copied).toBe(`docker pull ${host}/team/app:2.1.0`);
    });
  });

  test("finds and unfolds without a script", async () => {
    const options = { javaScriptEnabled: false };
    await visit(browser, `${server.url}/viewer/artifacts`, options, async ({ page }) => {
      await page.locator("a.chip", { hasText: "Helm chart" }).click();
      expect(new URL(page.url()).search).toBe("?type=helm-chart");
      await page.fill("#name", "web");
      await page.keyboard.press("Enter");
      await page.waitForURL("**/viewer/artifacts?name=web&type=helm-chart");
      const details = page.locator("details.more");
      expect(await details.count()).toBe(1);
      await details.locator("summary").click();
      expect(await details.textContent()).toContain("sha256:");
    });
  });

  test("puts the status anew while somebody looks at it", async () => {
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      await page.clock.install();
      await page.goto(`${server.url}/viewer/status`);
      await page.evaluate("document.querySelector('#status h1').textContent = 'Old'");
      const answered = page.waitForResponse(
        (response) => response.request().resourceType() === "fetch",
      );
      await page.clock.fastForward(20_000);
      await answered;
      await page.locator("#status h1", { hasText: "Status" }).waitFor();
    } finally {
      await context.close();
    }
  });
});
