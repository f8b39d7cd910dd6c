/**
 * Loads the home page of the viewer as over a slow line: `bun scripts/bench/viewer.ts [REGISTRY]`.
 * Prints bytes on the wire, when something was drawn, and when the page could be used.
 */
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { startBrowser } from "../../test/support/browser.ts";
import { startServe } from "../../test/support/devreg.ts";

const REGISTRY = process.argv[2] ?? join(import.meta.dir, "../../examples/registry");
const RUNS = 5;
/** 1.6 Mbit/s and 150 ms there and back: what tools that rate pages call a slow 4G line. */
const LINE = {
  offline: false,
  downloadThroughput: 200_000,
  uploadThroughput: 94_000,
  latency: 150,
};

interface Load {
  readonly bytes: number;
  readonly drawnMs: number;
  readonly usableMs: number;
}

async function load(browser: Browser, address: string): Promise<Load> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", LINE);
  let bytes = 0;
  session.on("Network.loadingFinished", ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await page.goto(address, { waitUntil: "networkidle" });
  const [drawnMs = 0, usableMs = 0]: number[] = await page.evaluate(`[
    performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
    performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd,
  ]`);
  await context.close();
  return { bytes, drawnMs, usableMs };
}

function median(values: readonly number[]): number {
  return Math.round([...values].sort((a, b) => a - b)[values.length >> 1] ?? 0);
}

const server = await startServe([REGISTRY, "--no-network"]);
const browser = await startBrowser();
const loads: Load[] = [];
for (let run = 0; run < RUNS; run++) loads.push(await load(browser, `${server.url}/viewer`));
await browser.close();
await server.stop();
console.log(`${RUNS} cold loads at 1.6 Mbit/s, 150 ms: medians`);
console.log(`on the wire      ${median(loads.map(({ bytes }) => bytes))} bytes`);
console.log(`first drawn      ${median(loads.map(({ drawnMs }) => drawnMs))} ms`);
console.log(`ready to be used ${median(loads.map(({ usableMs }) => usableMs))} ms`);
