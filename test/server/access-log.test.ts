import { describe, expect, test } from "bun:test";
import { DevregError } from "../../src/errors.ts";
import { PATH_CHARS } from "../../src/limits.ts";
import { createLogger, type LogLevel } from "../../src/log.ts";
import type { ReadonlyRegistry } from "../../src/oci-client/index.ts";
import { ABSENT_REPOSITORY } from "../../src/server/closed-registry.ts";
import type { ServerConfig } from "../../src/server/index.ts";
import { servedApp } from "../support/served-app.ts";

interface Asked {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly peer?: string;
}

/** Asks one address after another and gives what the log says of it. */
async function logged(
  asked: readonly Asked[],
  config: Partial<ServerConfig> = {},
  { format = "json", level = "info" }: { format?: "json" | "text"; level?: LogLevel } = {},
): Promise<readonly string[]> {
  const lines: string[] = [];
  const write = (line: string) => lines.push(line);
  const log = createLogger({ format, level, write, now: () => new Date(0) });
  const { request } = await servedApp({ config, deps: { log } });
  for (const { path, headers = {}, peer = "192.0.2.1" } of asked) {
    await request(path, { headers }, { requestIP: () => ({ address: peer }) });
  }
  return lines;
}

const parsed = (lines: readonly string[]) => lines.map((line) => JSON.parse(line));

describe("the access log", () => {
  test("tells of failures alone, unless told otherwise", async () => {
    const asked = [{ path: "/index" }, { path: "/nothing" }];
    expect(parsed(await logged(asked)).map(({ path }) => path)).toEqual(["/nothing"]);
    const all = await logged(asked, { accessLog: "all" });
    expect(parsed(all).map(({ path }) => path)).toEqual(["/index", "/nothing"]);
    expect(await logged(asked, { accessLog: "off" })).toEqual([]);
  });

  test("counts who left before there was an answer as that, not as a failure of ours", async () => {
    const lines: string[] = [];
    const write = (line: string) => lines.push(line);
    const log = createLogger({ format: "json", level: "info", write, now: () => new Date(0) });
    const visitor = new AbortController();
    const fail = async () => {
      visitor.abort();
      throw new DevregError("ABORTED", "Cannot go on: interrupted");
    };
    const registry: ReadonlyRegistry = {
      repositories: async function* none() {},
      repository: () => ({ ...ABSENT_REPOSITORY, resolve: fail }),
    };
    const { request, metrics } = await servedApp({ deps: { log, registry } });
    await request("/v2/team/app/manifests/1", { signal: visitor.signal });
    expect(parsed(lines)).toMatchObject([{ level: "info", status: 499 }]);
    const { text } = await metrics.render();
    expect(text).toMatch(/_count\{route="v2-manifests",status="499"\} 1/);
    expect(text).not.toContain('status="500"');
  });

  test("leaves nothing out for debugging", async () => {
    const asked = [{ path: "/index" }, { path: "/nothing" }];
    const lines = await logged(asked, { accessLog: "off" }, { level: "debug" });
    expect(parsed(lines).map(({ status, level }) => [status, level])).toEqual([
      [200, "debug"],
      [404, "debug"],
    ]);
  });

  test("is one line of text", async () => {
    const [line] = await logged(
      [{ path: "/index?name=x" }],
      { accessLog: "all" },
      { format: "text" },
    );
    expect(line).toBe(
      "00:00:00 INFO  request requestId=made-id method=GET path=/index route=index status=200 ms=0 bytes=2 from=192.0.2.1",
    );
  });

  test("never has a query, nor a line that a client wrote", async () => {
    const lines = await logged(
      [{ path: "/nothing?access_token=a-secret" }, { path: "/a%0ainfo%20forged" }],
      { accessLog: "all" },
      { format: "text" },
    );
    expect(lines).toHaveLength(2);
    expect(lines.join("\n")).not.toContain("a-secret");
    expect(lines.join("\n")).not.toContain("\ninfo forged");
  });

  test("has no more of a path than a path may have", async () => {
    const [line = ""] = await logged([{ path: `/${"p".repeat(60_000)}` }]);
    expect(JSON.parse(line)).toMatchObject({ status: 414, path: `/${"p".repeat(PATH_CHARS - 1)}` });
  });

  test("believes X-Forwarded-For as far as those who wrote it are trusted", async () => {
    const forwarded = "203.0.113.7, 10.1.2.3";
    const ask = (peer: string) => ({
      path: "/nothing",
      headers: { "x-forwarded-for": forwarded },
      peer,
    });
    const config = { trustedProxies: ["10.0.0.0/8"] };
    const lines = parsed(await logged([ask("10.0.0.1"), ask("192.0.2.1")], config));
    expect(lines.map(({ from }) => from)).toEqual(["203.0.113.7", "192.0.2.1"]);
  });

  test("takes over a request id that is one, and no other", async () => {
    const ids = [
      "a-good.id:1_2",
      "x".repeat(128),
      "x".repeat(129),
      "two words",
      "a\u00e9b",
      '"}',
      "",
    ];
    const asked = ids.map((id) => ({ path: "/nothing", headers: { "x-request-id": id } }));
    const lines = parsed(await logged(asked));
    expect(lines.map(({ requestId }) => requestId)).toEqual([
      "a-good.id:1_2",
      "x".repeat(128),
      ...Array.from({ length: 5 }, () => "made-id"),
    ]);
  });
});
