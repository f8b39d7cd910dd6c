import { describe, expect, test } from "bun:test";
import type { Build, BuildSource } from "../../../src/generator/index.ts";
import { createMetrics, type Reason, type ServedState } from "../../../src/server/index.ts";
import { jsonOf } from "../../support/json-of.ts";
import { sampleBuild } from "../../support/sample-build.ts";
import { prepare, SINCE, servedApp } from "../../support/served-app.ts";
import { SAMPLE_LOG } from "../../support/update-log.ts";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const TIME = "2026-01-01T00:00:00Z";
const SOURCE: BuildSource = {
  url: "https://robot:s3cret@git.example/stacks.git",
  commit_hash: COMMIT,
  commit_time: TIME,
};
const REASON: Reason = { part: "source", kind: "unreachable", detail: "no route to 10.0.0.7" };
const REVISION = "x-devfile-registry-revision";

/** A build whose sources are as a running server knows them. */
async function buildOf(...sources: readonly BuildSource[]): Promise<Build> {
  const build = await sampleBuild();
  if (build.info === undefined) throw new Error("the sample build has no build.json");
  return { ...build, info: { ...build.info, sources, commit_time: TIME } };
}

describe("X-Devfile-Registry-Revision", () => {
  const INDEX_PATHS = ["/index", "/v2index/all", "/v2index?name=go", "/devfiles/index.json"];

  test("names the commit on every answer of an index route", async () => {
    const { get, send } = await servedApp({ build: await buildOf(SOURCE) });
    for (const path of INDEX_PATHS) {
      const whole = await get(path);
      expect(whole.headers.get(REVISION)).toBe(COMMIT);
      expect(whole.headers.get("access-control-expose-headers")).toBe("*");
      const same = await get(path, { "if-none-match": whole.headers.get("etag") ?? "" });
      expect([same.status, same.headers.get(REVISION)]).toEqual([304, COMMIT]);
      expect((await send("HEAD", path)).headers.get(REVISION)).toBe(COMMIT);
    }
    expect((await get("/v2index?arch=none")).headers.get(REVISION)).toBe(COMMIT);
    expect((await get("/health")).headers.has(REVISION)).toBe(false);
  });

  test("is one answer's alone, though answers are made ahead", async () => {
    const { get } = await servedApp({ build: await buildOf(SOURCE) });
    const other = await servedApp({ build: await buildOf({ ...SOURCE, commit_hash: "b" }) });
    expect((await get("/index")).headers.get(REVISION)).toBe(COMMIT);
    expect((await other.get("/index")).headers.get(REVISION)).toBe("b");
  });

  test("is left out where no commit is known, or none that fits a header", async () => {
    const { commit_hash: _, ...unknown } = SOURCE;
    for (const build of [
      await sampleBuild({ info: false }),
      await buildOf(unknown),
      await buildOf({ ...SOURCE, commit_hash: "a\r\nset-cookie: b" }),
      await buildOf({ ...SOURCE, commit_hash: "é".repeat(40) }),
    ]) {
      const { get } = await servedApp({ build });
      const response = await get("/v2index");
      expect([response.status, response.headers.has(REVISION)]).toEqual([200, false]);
    }
  });

  test("names the generation where there are several sources", async () => {
    const { get } = await servedApp({ build: await buildOf(SOURCE, { commit_hash: "b" }) });
    const revision = (await get("/index")).headers.get(REVISION);
    expect(revision).toMatch(/^[0-9a-f]{40}$/);
    const info = await jsonOf(await get("/info"));
    expect(info.generation).toBe(revision);
    expect(info).not.toHaveProperty("commit_hash");
  });
});

describe("/info", () => {
  test("tells the commit, its time, the source and how the last update ended", async () => {
    const generation = await prepare(await buildOf(SOURCE));
    const state: ServedState = {
      current: () => generation,
      reasons: () => [],
      updates: () => SAMPLE_LOG,
    };
    const { get } = await servedApp({ deps: { state } });
    expect(await jsonOf(await get("/info"))).toMatchObject({
      commit_hash: COMMIT,
      generation: COMMIT,
      commit_time: TIME,
      sources: [{ url: "https://git.example/stacks.git", commit_hash: COMMIT }],
      last_update: { state: "failed", at: "2026-01-02T03:04:06.250Z" },
    });
  });

  test("tells how updates went and when it looks next, names nothing unless it was asked for", async () => {
    const generation = await prepare(await buildOf(SOURCE));
    const state: ServedState = {
      current: () => generation,
      reasons: () => [],
      updates: () => SAMPLE_LOG,
    };
    const infoOf = async (statusDetails: boolean) => {
      const { get } = await servedApp({ deps: { state }, config: { statusDetails } });
      return await jsonOf(await get("/info"));
    };
    const began = SINCE.toISOString();
    expect(await infoOf(false)).toMatchObject({
      last_change: "2026-01-02T03:00:00.000Z",
      looks: [
        { of: "source", last: began, up_to_date: "2026-01-02T03:00:00.000Z" },
        { of: "registry", last: began, next: "2026-01-02T03:09:05.000Z" },
      ],
      updates: [
        {
          began,
          seconds: 1.25,
          asked_by: ["poll", "webhook"],
          state: "failed",
          reason: "unreachable",
          before: COMMIT,
          times: 12,
          first_began: "2026-01-02T03:00:00.000Z",
        },
        { began: "2026-01-02T03:00:00.000Z", seconds: 0, asked_by: ["start"], state: "updated" },
      ],
    });
    expect(JSON.stringify(await infoOf(false))).not.toMatch(/10\.0\.0\.7|no header/);
    expect(JSON.stringify(await infoOf(true))).toContain("no route to <b>10.0.0.7");
  });

  test("says nothing of updates where there were none", async () => {
    const { get } = await servedApp();
    const info = await jsonOf(await get("/info"));
    for (const name of ["last_update", "last_change", "looks", "updates"]) {
      expect(info).not.toHaveProperty(name);
    }
  });
});

describe("/readyz", () => {
  test("shows notes, which are no reason to be degraded", async () => {
    const generation = await prepare(await sampleBuild());
    const notes = ["went back to an older commit"];
    const state = { current: () => generation, reasons: () => [], notes: () => notes };
    const { get } = await servedApp({ deps: { state } });
    expect(await jsonOf(await get("/readyz"))).toEqual({ status: "ready", reasons: [], notes });
  });

  test("says why there is nothing to serve, and when to ask again", async () => {
    const { get } = await servedApp({ loaded: false, reasons: [REASON] });
    const response = await get("/readyz");
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "1"]);
    expect((await jsonOf(response)).reasons).toEqual(["source: unreachable"]);
    for (const path of ["/index", "/v2index/all", "/devfiles/index.json"]) {
      const index = await get(path);
      expect([index.status, index.headers.get("retry-after")]).toEqual([503, "1"]);
    }
  });
});

describe("the footer of the viewer", () => {
  const footerOf = async (build: Build) => {
    const { get } = await servedApp({ build });
    return /<footer[^>]*>.*?<p>(.*?)<\/p>/s.exec(await (await get("/viewer")).text())?.[1];
  };

  test("names the source and the commit, the whole of it in the title", async () => {
    expect(await footerOf(await buildOf(SOURCE))).toBe(
      "Served by devreg 1.2.3 from https://git.example/stacks.git at " +
        `<code class="revision" title="${COMMIT}">0123456789ab</code>`,
    );
  });

  test("names no host inside a network, unless it was asked for", async () => {
    const build = await buildOf({ ...SOURCE, url: "https://git.corp.internal/stacks.git" });
    expect(await footerOf(build)).not.toContain("internal");
    const { get } = await servedApp({ build });
    expect(await (await get("/info")).text()).not.toContain("internal");
    const { get: ask } = await servedApp({ build, config: { statusDetails: true } });
    expect(await (await ask("/info")).text()).toContain("https://git.corp.internal/stacks.git");
  });

  test("says what is known, escaped", async () => {
    const plain = "Served by devreg 1.2.3";
    expect(await footerOf(await sampleBuild())).toBe(plain);
    expect(await footerOf(await buildOf({ url: "/srv/secret/stacks" }))).toBe(plain);
    expect(await footerOf(await buildOf({ url: "https://git.example/<b>" }))).toContain(
      "from https://git.example/&lt;b&gt;",
    );
  });
});

describe("metrics", () => {
  test("count updates by how they ended, and failures to follow", async () => {
    const generation = await prepare(await buildOf(SOURCE));
    const state: ServedState = { current: () => generation, reasons: () => [] };
    const metrics = createMetrics(state, () => SINCE);
    metrics.updateEnded({ state: "updated", seconds: 0.3 });
    metrics.updateEnded({ state: "failed", seconds: 2 });
    metrics.followFailed();
    const found = (await metrics.render()).text.split("\n");
    for (const line of [
      'devreg_updates_total{state="updated"} 1',
      'devreg_updates_total{state="failed"} 1',
      'devreg_updates_total{state="refused"} 0',
      'devreg_update_duration_seconds_sum{state="updated"} 0.3',
      'devreg_update_duration_seconds_bucket{le="0.5",state="updated"} 1',
      "devreg_follow_errors_total 1",
      "devreg_index_age_seconds 0",
      `devreg_generation_info{revision="${COMMIT}",source="https://git.example/stacks.git"} 1`,
      `devreg_generation_commit_timestamp_seconds ${Date.parse(TIME) / 1000}`,
    ]) {
      expect(found).toContain(line);
    }
  });

  test("name one generation, and none where there is none", async () => {
    let current = await prepare(await buildOf(SOURCE));
    let served = true;
    const state = { current: () => (served ? current : undefined), reasons: () => [] };
    const metrics = createMetrics(state, () => SINCE);
    const named = async () =>
      [
        ...(await metrics.render()).text.matchAll(/^devreg_generation_info\{revision="(\w*)"/gm),
      ].map(([, revision]) => revision);
    expect(await named()).toEqual([COMMIT]);
    current = await prepare(await buildOf({ ...SOURCE, commit_hash: "b" }));
    expect(await named()).toEqual(["b"]);
    served = false;
    expect(await named()).toEqual([]);
  });
});
