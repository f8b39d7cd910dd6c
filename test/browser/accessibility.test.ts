import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { seriousViolations } from "../support/axe.ts";
import { startBrowser } from "../support/browser.ts";
import { type Serving, startServe } from "../support/devreg.ts";
import { visit } from "../support/visit.ts";

setDefaultTimeout(60_000);

/** Every kind of page of the viewer. */
const PAGES: Readonly<Record<string, string>> = {
  "the catalog": "/viewer",
  "the catalog narrowed down": "/viewer?search=go&types=stack,sample&languages=Go",
  "the catalog with nothing found": "/viewer?search=nothing-is-called-this",
  "the artifacts": "/viewer/artifacts",
  "the artifacts narrowed down": "/viewer/artifacts?type=devfile-stack&scan=files&name=go",
  "the artifacts with nothing found": "/viewer/artifacts?name=nothing-is-called-this",
  "the status": "/viewer/status",
  "the page for what is missing": "/viewer/nothing/here",
  "a stack": "/viewer/devfiles/any/go-service",
  "an old version of a stack": "/viewer/devfiles/any/go-service?devfile-version=1.0.0",
  "two versions compared": "/viewer/devfiles/any/go-service?compare=1.0.0",
  "a sample": "/viewer/devfiles/any/go-hello",
  "a stack that is not there": "/viewer/devfiles/any/go-servise",
  "a version that is not there": "/viewer/devfiles/any/go-service?devfile-version=9",
};

/** What there is while there is nothing to serve. */
const WAITING: typeof PAGES = {
  "the catalog while there is nothing": "/viewer",
  "the status while there is nothing": "/viewer/status",
};

let server: Serving;
let waiting: Serving;
let browser: Browser;

beforeAll(async () => {
  const away = [{ name: "Away", url: "http://127.0.0.1:9" }];
  server = await startServe([
    join(import.meta.dir, "../../examples/registry"),
    "--no-network",
    `--devfile-registries=${JSON.stringify(away)}`,
  ]);
  waiting = await startServe(["--source", "http://127.0.0.1:9/nothing.git"]);
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  await waiting.stop();
});

describe("axe", () => {
  const addressOf = (path: string, name: string) =>
    `${(Object.hasOwn(WAITING, name) ? waiting : server).url}${path}`;
  for (const [name, path] of Object.entries({ ...PAGES, ...WAITING })) {
    for (const colorScheme of ["light", "dark"] as const) {
      test(`finds nothing serious on ${name}, ${colorScheme}`, async () => {
        await visit(browser, addressOf(path, name), { colorScheme }, async ({ page }) => {
          expect(await seriousViolations(page)).toEqual([]);
        });
      });
    }
    test(`finds nothing serious on ${name} at 360 px`, async () => {
      const options = { viewport: { width: 360, height: 740 } };
      await visit(browser, addressOf(path, name), options, async ({ page }) => {
        expect(await seriousViolations(page)).toEqual([]);
      });
    });
  }
});
