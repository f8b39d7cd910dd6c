import { describe, expect, test } from "bun:test";
import { Hono } from "hono";
import type { ServerConfig, ServerEnv } from "../../../src/server/index.ts";
import { visitedBaseOf } from "../../../src/server/rest/visited-base.ts";
import { PLAIN_CONFIG, servedApp } from "../../support/served-app.ts";

describe("visitedBaseOf()", () => {
  const trusted = { trustedProxies: ["10.0.0.0/8"] };
  const prefixed = { host: "a.example", "x-forwarded-prefix": "/dev" };
  const publicUrl = "https://devfiles.example/team";
  const both = { publicUrl, basePath: "/team" };
  const atPublic = { host: "devfiles.example" };

  test.each<[string, Partial<ServerConfig>, Record<string, string>, string, string]>([
    ["nothing", {}, { host: "a.example" }, "/x", ""],
    ["the base path below it", { basePath: "/b" }, { host: "a.example" }, "/b/x", "/b"],
    ["the base path below it, whatever the host", { basePath: "/b" }, { host: "<" }, "/b/x", "/b"],
    ["nothing beside the base path", { basePath: "/b" }, { host: "a.example" }, "/x", ""],
    ["what a trusted proxy took away", trusted, prefixed, "/x", "/dev"],
    ["nothing that a stranger says", {}, prefixed, "/x", ""],
    ["the public path for its host", { publicUrl }, atPublic, "/x", "/team"],
    ["nothing past the public host", { publicUrl }, { host: "devreg.svc:8080" }, "/x", ""],
    ["the base path once", both, atPublic, "/team/x", "/team"],
    ["what the proxy says first", { publicUrl, ...trusted }, prefixed, "/x", "/dev"],
  ])("is %s", async (_name, config, headers, path, base) => {
    const app = new Hono<ServerEnv>();
    app.get("*", (c) => c.text(visitedBaseOf({ config: { ...PLAIN_CONFIG, ...config } }, c)));
    const request = new Request(`http://listening${path}`, { headers });
    const response = await app.fetch(request, { requestIP: () => ({ address: "10.0.0.7" }) });
    expect(await response.text()).toBe(base);
  });
});

describe("GET /", () => {
  test("leads below the path that a proxy took away", async () => {
    const { get } = await servedApp({ config: { publicUrl: "https://devfiles.example/team" } });
    const to = async (host: string) => (await get("/", { host })).headers.get("location");
    expect(await to("devfiles.example")).toBe("/team/index");
    expect(await to("devreg.svc:8080")).toBe("/index");
  });
});
