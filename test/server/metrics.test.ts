import { describe, expect, test } from "bun:test";
import { createMetrics, createMetricsApp } from "../../src/server/index.ts";
import { SAMPLE_FILES, sampleBuild } from "../support/sample-build.ts";
import { prepare, SINCE, servedApp } from "../support/served-app.ts";

async function lines(metrics: { render(): Promise<{ text: string }> }): Promise<string[]> {
  const { text } = await metrics.render();
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

describe("metrics", () => {
  test("keep the name that the Go server has for index requests", async () => {
    const { get, metrics } = await servedApp();
    await get("/index");
    await get("/v2index/all?name=go");
    await get("/index/nothing");
    const found = await lines(metrics);
    expect(found).toContain('index_http_request_duration_seconds_count{status="200"} 2');
    expect(found).toContain('index_http_request_duration_seconds_count{status="404"} 1');
  });

  test("group addresses into a closed set of routes", async () => {
    const { get, metrics } = await servedApp();
    for (const path of ["/made", "/up", "/constructor", "/devfiles/go", "/health"]) await get(path);
    const found = await lines(metrics);
    const count = (route: string, status: number) =>
      `devreg_http_request_duration_seconds_count{route="${route}",status="${status}"}`;
    expect(found).toContain(`${count("other", 404)} 3`);
    expect(found).toContain(`${count("devfiles", 200)} 1`);
    expect(found).toContain(`${count("health", 200)} 1`);
  });

  test("count bytes of /v2 and failures behind", async () => {
    const { get, send, metrics } = await servedApp();
    const response = await get("/v2/devfile-catalog/go/manifests/2.0.0");
    const length = Number(response.headers.get("content-length"));
    await send("HEAD", "/v2/devfile-catalog/go/manifests/2.0.0");
    metrics.upstreamFailed("unreachable");
    const found = await lines(metrics);
    expect(found).toContain(`devreg_http_response_bytes_total{route="v2-manifests"} ${length}`);
    expect(found).toContain('devreg_upstream_failures_total{kind="unreachable"} 1');
  });

  test("tell what is served and for how long", async () => {
    const generation = await prepare(await sampleBuild());
    let current: typeof generation | undefined;
    const state = {
      current: () => current,
      reasons: () => [{ part: "data", kind: "failed", detail: "disk full" } as const],
    };
    const metrics = createMetrics(state, () => new Date(SINCE.getTime() + 90_000));
    expect(await lines(metrics)).toContain("devreg_ready 0");
    current = generation;
    const found = await lines(metrics);
    for (const line of [
      "devreg_ready 1",
      "devreg_index_entries 3",
      "devreg_index_versions 3",
      "devreg_index_age_seconds 90",
      "devreg_degraded_reasons 1",
    ]) {
      expect(found).toContain(line);
    }
  });

  test("count requests under way, also those that fail", async () => {
    const during: string[][] = [];
    const { get, metrics } = await servedApp({
      deps: {
        starters: {
          open: async () => {
            during.push(await lines(metrics));
            throw new Error("broken");
          },
        },
      },
      build: await sampleBuild({
        files: {
          ...SAMPLE_FILES,
          "stacks/go/2.0.0/devfile.yaml": `schemaVersion: 2.2.0
metadata:
  name: go
starterProjects:
  - name: far
    zip:
      location: https://zips.example/far.zip
`,
        },
      }),
    });
    expect((await get("/devfiles/go/starter-projects/far")).status).toBe(500);
    expect(during[0]).toContain("devreg_http_requests_in_flight 1");
    const after = await lines(metrics);
    expect(after).toContain("devreg_http_requests_in_flight 0");
    const count = "devreg_http_request_duration_seconds_count";
    expect(after).toContain(`${count}{route="starters",status="500"} 1`);
  });

  test("count what caches had and had not", async () => {
    const { get, metrics } = await servedApp();
    const count = async (result: string) => {
      const start = `devreg_cache_requests_total{cache="index",result="${result}"} `;
      const line = (await lines(metrics)).find((each) => each.startsWith(start));
      return Number(line?.slice(start.length));
    };
    await get("/v2index?name=g");
    const [hits, misses] = [await count("hit"), await count("miss")];
    await get("/v2index?name=o");
    await get("/v2index?name=o");
    expect([await count("hit"), await count("miss")]).toEqual([hits + 1, misses + 1]);
  });

  test("tell what the caches of artifacts hold", async () => {
    const { get, metrics } = await servedApp();
    const value = async (name: string, cache: string, result?: string) => {
      const labels = [`cache="${cache}"`, ...(result === undefined ? [] : [`result="${result}"`])];
      const start = `devreg_cache_${name}{${labels.join(",")}} `;
      const line = (await lines(metrics)).find((each) => each.startsWith(start));
      return Number(line?.slice(start.length));
    };
    const read = async () => [
      await value("requests_total", "artifact-list", "hit"),
      await value("requests_total", "artifact-list", "miss"),
      await value("requests_total", "artifacts", "hit"),
      await value("requests_total", "artifacts", "miss"),
    ];
    const before = await read();
    for (const _ of [1, 2, 3]) expect((await get("/artifacts?n=2")).status).toBe(200);
    expect((await read()).map((each, at) => each - (before[at] ?? 0))).toEqual([2, 1, 2, 1]);
    // Others of this process may not be gone yet.
    expect(await value("entries", "artifact-list")).toBeGreaterThanOrEqual(3);
    expect(await value("bytes", "artifact-list")).toBeGreaterThan(1000);
    expect(await value("entries", "artifacts")).toBeGreaterThanOrEqual(1);
    expect(await value("bytes", "artifacts")).toBeGreaterThan(100);
  });

  test("have a port where nothing else is", async () => {
    const { metrics } = await servedApp();
    const app = createMetricsApp(metrics);
    expect((await app.request("/metrics")).status).toBe(200);
    expect((await app.request("/")).status).toBe(404);
    expect((await app.request("/metrics", { method: "POST" })).status).toBe(404);
  });
});
