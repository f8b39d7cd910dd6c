import type { Browser, BrowserContextOptions, Page } from "playwright-core";

/** One page of a server in a browser of its own, and what it did besides. */
export interface Visit {
  readonly page: Page;
  /** Addresses asked for on other hosts. */
  readonly foreign: readonly string[];
  /** Messages of the console and failures of the page. */
  readonly complaints: readonly string[];
}

/** Opens a page in a context of its own and closes it when the work is done. */
export async function visit(
  browser: Browser,
  address: string,
  options: BrowserContextOptions,
  run: (visit: Visit) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: "reduce",
    ...options,
  });
  try {
    const page = await context.newPage();
    const foreign: string[] = [];
    const complaints: string[] = [];
    const { origin } = new URL(address);
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith("data:") && !url.startsWith(`${origin}/`)) foreign.push(url);
    });
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(address);
    await run({ page, foreign, complaints });
  } finally {
    await context.close();
  }
}
