import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { startBrowser } from "../support/browser.ts";
import { type Serving, startServe } from "../support/devreg.ts";
import { until } from "../support/until.ts";
import { visit } from "../support/visit.ts";

setDefaultTimeout(60_000);

const ROOT = join(import.meta.dir, "../..");
const REGISTRY = join(ROOT, "examples/registry");
const SCREENSHOTS = join(ROOT, "dist/screenshots");
const DEVFILE = readFileSync(join(REGISTRY, "stacks/go-service/1.1.0/devfile.yaml"), "utf8");
const PAGES = {
  stack: "/viewer/devfiles/any/go-service?devfile-version=1.1.0",
  comparison: "/viewer/devfiles/any/go-service?devfile-version=1.1.0&compare=1.0.0",
  sample: "/viewer/devfiles/any/go-hello",
  missing: "/viewer/devfiles/any/go-servise",
} as const;

let server: Serving;
let browser: Browser;
let stack: string;

beforeAll(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  server = await startServe([REGISTRY, "--no-network"]);
  browser = await startBrowser();
  stack = `${server.url}${PAGES.stack}`;
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

describe("the pages of stacks and samples in Chromium", () => {
  for (const [name, path] of Object.entries(PAGES)) {
    for (const width of [360, 768, 1280, 1920]) {
      for (const colorScheme of ["light", "dark"] as const) {
        test(`the ${name} fits ${width} px, ${colorScheme}, and asks nobody else`, async () => {
          const options = { viewport: { width, height: 800 }, colorScheme };
          await visit(browser, `${server.url}${path}`, options, async (seen) => {
            const { page, foreign, complaints } = seen;
            await page.screenshot({
              path: join(SCREENSHOTS, `${name}-${width}-${colorScheme}.png`),
              fullPage: true,
            });
            const scroll = await page.evaluate("document.documentElement.scrollWidth");
            expect(scroll).toBeLessThanOrEqual(width);
            // A label of one word stands on one line.
            const broken = await page.evaluate(
              "[...document.querySelectorAll('.part td .chip')].filter((chip) => chip.clientHeight > 30).length",
            );
            expect(broken).toBe(0);
            expect(foreign).toEqual([]);
            const unexpected = complaints.filter((line) => !line.includes("404 (Not Found)"));
            expect(unexpected).toEqual([]);
          });
        });
      }
    }
  }

  test("copy the devfile as it is, and commands with the address of this server", async () => {
    const options = { permissions: ["clipboard-read", "clipboard-write"] };
    await visit(browser, stack, options, async ({ page, complaints }) => {
      const copied = () => page.evaluate("navigator.clipboard.readText()");
      await page.locator(".yaml").getByRole("button", { name: "Copy the code" }).click();
      await until("the devfile is copied", async () => (await copied()) === DEVFILE);
      await page.getByRole("radio", { name: "curl" }).check({ force: true });
      await page.getByRole("button", { name: "Copy the curl command" }).click();
      const curl = `curl -fsSL -o devfile.yaml ${server.url}/devfiles/go-service/1.1.0`;
      await until("the command is copied", async () => (await copied()) === curl);
      expect(await page.locator("#said").textContent()).toBe("Copied");
      expect(complaints).toEqual([]);
    });
  });

  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? "with" : "without";
    test(`show the commands of one tool at a time, ${how} JavaScript, by keyboard too`, async () => {
      await visit(browser, stack, { javaScriptEnabled }, async ({ page, complaints }) => {
        const tools = await page.getByRole("radio").count();
        expect(tools).toBeGreaterThan(5);
        const seen: string[] = [];
        await page.getByRole("radio").first().focus();
        for (let tool = 0; tool < tools; tool += 1) {
          const shown = page.locator(".way:visible");
          expect(await shown.count()).toBe(1);
          seen.push((await shown.locator("h3").textContent()) ?? "");
          expect(await shown.locator(".command").count()).toBeGreaterThan(0);
          await page.keyboard.press("ArrowRight");
        }
        expect(seen).toEqual(["odo", "VS Code", "Eclipse Che", "curl", "oras", "skopeo", "devreg"]);
        expect(complaints).toEqual([]);
      });
    });
  }

  test("print the commands of all tools", async () => {
    await visit(browser, stack, {}, async ({ page }) => {
      await page.emulateMedia({ media: "print" });
      expect(await page.locator(".way:visible").count()).toBe(7);
    });
  });

  test("keep the links to their sections in view, and mark the one that is read", async () => {
    await visit(browser, stack, {}, async ({ page, complaints }) => {
      const current = () => page.locator("#jumps a[aria-current]").allTextContents();
      const links = page.locator("#jumps a");
      const titles = await links.allTextContents();
      expect(titles.slice(0, 1)).toEqual(["Use it"]);
      for (const title of ["What is in it", "Devfile"]) {
        await links.filter({ hasText: title }).click();
        await until(`${title} is marked`, async () => (await current()).join() === title);
        const covered = await page.evaluate(
          "document.querySelector(location.hash).getBoundingClientRect().top >= document.getElementById('jumps').getBoundingClientRect().bottom - 1",
        );
        expect(covered).toBe(true);
      }
      await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)");
      await until("the last is marked", async () => (await current()).join() === titles.at(-1));
      expect(await links.first().isVisible()).toBe(true);
      await page.evaluate("scrollTo(0, 0)");
      await until("none but the first is", async () =>
        ["", "Use it"].includes((await current()).join()),
      );
      expect(complaints).toEqual([]);
    });
  });

  test("download the devfile and files of the chosen version", async () => {
    await visit(browser, stack, { acceptDownloads: true }, async ({ page }) => {
      const waiting = page.waitForEvent("download");
      await page.locator(".yaml").getByRole("link", { name: "Download" }).click();
      const download = await waiting;
      expect(readFileSync(await download.path(), "utf8")).toBe(DEVFILE);
      const file = page.getByRole("link", { name: "docker/Dockerfile" });
      const address = new URL((await file.getAttribute("href")) ?? "", page.url());
      const answer = await page.request.get(address.href);
      expect(await answer.text()).toBe(
        readFileSync(join(REGISTRY, "stacks/go-service/1.1.0/docker/Dockerfile"), "utf8"),
      );
    });
  });

  test("lead to a line of the devfile", async () => {
    await visit(browser, `${stack}#L5`, {}, async ({ page }) => {
      expect(await page.locator(".line:target").textContent()).toBe(`${DEVFILE.split("\n")[4]}\n`);
    });
  });

  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? "with" : "without";
    test(`compare and change versions ${how} JavaScript`, async () => {
      await visit(browser, stack, { javaScriptEnabled }, async ({ page, complaints }) => {
        await page.getByLabel("Compare with").selectOption("1.0.0");
        await page.getByRole("button", { name: "Compare" }).click();
        await page.waitForURL(`${server.url}${PAGES.comparison}`);
        expect(await page.locator("h2").first().textContent()).toContain("from 1.0.0 to 1.1.0");
        expect(await page.locator(".changes").textContent()).toContain("changed version");
        expect(await page.locator(".diff .come mark").count()).toBeGreaterThan(0);
        await page.getByRole("link", { name: "The other way round" }).click();
        expect(await page.locator("h2").first().textContent()).toContain("from 1.1.0 to 1.0.0");
        await page.getByRole("link", { name: "Back to 1.0.0" }).click();
        const current = page.locator(".version[aria-current]");
        expect(await current.textContent()).toContain("1.0.0");
        expect((await page.getByRole("button", { name: /^Copy/ }).count()) > 0).toBe(
          javaScriptEnabled,
        );
        expect(complaints).toEqual([]);
      });
    });
  }

  test("show the badge where it is unfolded", async () => {
    await visit(browser, stack, {}, async ({ page }) => {
      await page.locator(".badge-of summary").click();
      const width = "document.querySelector('.badge-of img').naturalWidth";
      await page.getByRole("img", { name: "devfile: go-service" }).scrollIntoViewIfNeeded();
      await until("the badge is drawn", async () => Number(await page.evaluate(width)) > 80);
    });
  });
});
