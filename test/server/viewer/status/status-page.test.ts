import { describe, expect, test } from "bun:test";
import type { AppDeps, Reason, ServedState } from "../../../../src/server/index.ts";
import { duration } from "../../../../src/server/viewer/status/ago.ts";
import { sampleBuild } from "../../../support/sample-build.ts";
import { prepare, SINCE, servedApp } from "../../../support/served-app.ts";
import { SAMPLE_LOG } from "../../../support/update-log.ts";

const COMMIT_SHORT = "0123456789ab";
const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const DOWN: Reason = {
  part: "source",
  kind: "unreachable",
  detail: "Cannot fetch https://git.corp.internal/<x>: no route to 10.0.0.7",
};
const SECRETS = /internal|10\.0\.0\.7|registry\.svc/;

interface Options {
  readonly details?: boolean;
  readonly loaded?: boolean;
  readonly deps?: Partial<AppDeps>;
  readonly url?: string;
}

async function page({ details = false, loaded, deps, url }: Options = {}) {
  const sources = [
    { url: url ?? "https://git.example/team/stacks.git", commit_hash: COMMIT },
    { url: "https://git.corp.internal/more.git", commit_hash: COMMIT },
  ];
  const generation = await prepare(await sampleBuild({ sources }));
  const state: ServedState = {
    current: () => (loaded === false ? undefined : generation),
    reasons: () => [DOWN],
    notes: () => ["stepped back to <b>, as was asked for"],
    updates: () => SAMPLE_LOG,
  };
  const { get } = await servedApp({
    config: { statusDetails: details },
    deps: {
      state,
      now: () => new Date(SINCE.getTime() + 3 * 60_000 + 30_000),
      upstream: {
        address: "registry.svc:5000/devfiles",
        role: "followed",
        trouble: () => "unreachable",
      },
      ...deps,
    },
  });
  const response = await get("/viewer/status");
  expect(response.status).toBe(200);
  return { response, text: await response.text() };
}

/** What a visitor reads of a piece of markup. */
function wordsOf(markup: string): string {
  return markup
    .replace(/<[^>]+>/g, "")
    .replace(/\s+/g, " ")
    .trim();
}

/** The lists of names and values of a page. */
function factsOf(text: string): Readonly<Record<string, string>> {
  const rows = text.matchAll(/<div><dt>(.*?)<\/dt><dd>(.*?)<\/dd><\/div>/gs);
  return Object.fromEntries([...rows].map(([, name = "", value = ""]) => [name, wordsOf(value)]));
}

/** The cells of a table, row by row. */
function rowsOf(text: string, caption: string): readonly (readonly string[])[] {
  const table = text.slice(text.indexOf(caption), text.indexOf("</table>", text.indexOf(caption)));
  return [...table.matchAll(/<tr>(<td.*?)<\/tr>/gs)].map(([, cells = ""]) =>
    [...cells.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, cell = ""]) => wordsOf(cell)),
  );
}

describe("/viewer/status", () => {
  test("shows what is served, from where, how it is, and what failed", async () => {
    const { text } = await page();
    expect(text).toContain('<a href="../viewer/status" aria-current="page">');
    expect(text).toContain("Serving, with something to mend");
    expect(text).toContain("<strong>The repository of the registry</strong>: unreachable");
    expect(text).toContain("</a> in 3 versions");
    expect(text).toContain("stepped back to &lt;b&gt;");
    expect(text).toContain('<a class="external" href="https://git.example/team/stacks.git"');
    expect(text).toContain(`<code title="${COMMIT}">0123456789ab</code>`);
    expect(text).toContain('<span class="chip bad">Failed</span>');
    expect(text).toContain('<time datetime="2026-01-02T03:04:05.000Z">2026-01-02 03:04 UTC</time>');
    expect(text).toContain("(3 minutes ago)");
    expect(text).toContain("Follows");
  });

  test("says when it looked, when something changed, and when it looks next", async () => {
    const textOf = async (options?: Options) => (await page(options)).text;
    const rows = factsOf(await textOf());
    expect(rows["Last update"]).toBe("Failed 2026-01-02 03:04 UTC (3 minutes ago)");
    expect(rows["Last changed"]).toBe("2026-01-02 03:00 UTC (7 minutes ago)");
    expect(rowsOf(await textOf(), "Where it looks for news")).toEqual([
      [
        "The repository of the registry",
        "2026-01-02 03:04 UTC (3 minutes ago)",
        "until 2026-01-02 03:00 UTC (7 minutes ago)",
        "When it is started again",
      ],
      [
        "The OCI registry",
        "2026-01-02 03:04 UTC (3 minutes ago)",
        "yes",
        "2026-01-02 03:09 UTC (in 1 minute)",
      ],
    ]);
    const late = new Date("2026-01-02T03:09:06Z");
    const port = { request: () => Promise.reject(new Error("nobody asks")), sources: () => [] };
    const { signal: stopped } = new AbortController();
    const updates = { port, secret: async () => undefined, now: () => late, stopped };
    const later = await textOf({ deps: { updates, now: () => late } });
    const next = rowsOf(later, "Where it looks for news").map((cells) => cells.at(-1));
    expect(next).toEqual(["When a webhook tells it to", "Now"]);
  });

  test("tells how updates went, the newest first", async () => {
    const { text } = await page();
    const [newest = [], oldest = [], ...others] = rowsOf(text, "Updates, the newest first");
    expect(newest).toEqual([
      "2026-01-02 03:04 UTC (3 minutes ago)",
      "Regular look, Webhook",
      "Failed unreachable 12 times since 2026-01-02 03:00 UTC",
      "1.3 s",
      "not known",
    ]);
    expect(oldest.slice(1)).toEqual(["Start of the server", "Updated", "&lt; 0.1 s", COMMIT_SHORT]);
    expect(others).toEqual([]);
    const { text: told } = await page({ details: true });
    expect(told).toContain("no route to &lt;b&gt;10.0.0.7");
  });

  test("does not call a registry well that the server itself cannot reach", async () => {
    const upstream = {
      address: "registry.svc:5000",
      role: "behind",
      trouble: () => undefined,
    } as const;
    const answersOf = async (kind: Reason["kind"]) => {
      const reasons: readonly Reason[] = [{ part: "follow", kind, detail: "it is said" }];
      const { get } = await servedApp({ reasons, deps: { upstream } });
      return factsOf(await (await get("/viewer/status")).text())["Answers of that registry"];
    };
    expect(await answersOf("unreachable")).toBe("unreachable");
    expect(await answersOf("missing")).toBe("well");
  });

  test("has no table of updates where there were none", async () => {
    const { get } = await servedApp();
    const text = await (await get("/viewer/status")).text();
    expect(text).not.toContain("What happened");
    expect(text).not.toContain("looks for news");
    expect(text).toContain("It serves what it was started with.");
  });

  test("names nothing inside the network, unless it was asked for", async () => {
    expect((await page()).text).not.toMatch(SECRETS);
    const { text } = await page({ details: true });
    expect(text).toContain(
      "Cannot fetch https://git.corp.internal/&lt;x&gt;: no route to 10.0.0.7",
    );
    expect(text).toContain("<code>registry.svc:5000/devfiles</code>");
    expect(text).toContain("https://git.corp.internal/more.git");
  });

  test("tells a folder from an address that is not told", async () => {
    const page = async (details: boolean) => {
      const sources = [{ commit_hash: COMMIT }, { url: "https://git.corp.internal/more.git" }];
      const build = await sampleBuild({ sources });
      const { get } = await servedApp({ build, config: { statusDetails: details } });
      return (await get("/viewer/status")).text();
    };
    const told = await page(true);
    expect(told).toContain("A folder of the machine");
    expect(told).toContain("https://git.corp.internal/more.git");
    const text = await page(false);
    expect(text.match(/A folder of the machine/g)).toHaveLength(1);
    expect(text.match(/A repository inside a network/g)).toHaveLength(1);
    expect(text).not.toMatch(SECRETS);
  });

  test("is there while there is nothing to serve", async () => {
    const { text } = await page({ loaded: false });
    expect(text).toContain("Nothing to serve yet");
    expect(text).not.toMatch(SECRETS);
  });

  test("says when another registry is down", async () => {
    const other = { address: "https://away.example", entries: [] };
    const list = [
      { ...other, name: "Away <b>", state: "down" as const },
      { ...other, name: "Near", state: "up" as const },
    ];
    const { text } = await page({ deps: { others: { ownName: undefined, list: () => list } } });
    expect(text).toContain("Away &lt;b&gt;");
    expect(text).toContain('<span class="chip bad">down</span>');
  });

  test("is not made into a link where an address is none", async () => {
    const { text } = await page({ url: "git@git.example:team/stacks.git", details: true });
    expect(text).toContain("git.example:team/stacks.git");
    expect(text).not.toContain('href="git');
  });
});

describe("duration()", () => {
  test.each([
    [-5, "0 seconds"],
    [1_000, "1 second"],
    [89_000, "89 seconds"],
    [90_000, "1 minute"],
    [3 * 3_600_000, "3 hours"],
    [49 * 3_600_000, "2 days"],
  ])("of %i ms is %s", (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});
