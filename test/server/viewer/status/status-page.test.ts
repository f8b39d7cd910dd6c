import { describe, expect, test } from "bun:test";
import type { AppDeps, Reason, ServedState } from "../../../../src/server/index.ts";
import { duration } from "../../../../src/server/viewer/status/ago.ts";
import { sampleBuild } from "../../../support/sample-build.ts";
import { prepare, SINCE, servedApp } from "../../../support/served-app.ts";

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
    lastUpdate: () => ({ state: "failed", at: SINCE }),
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
