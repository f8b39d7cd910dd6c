import { describe, expect, test } from "bun:test";
import type { UpdateOutcome } from "../../../src/server/index.ts";
import { UPDATE_BODY_BYTES, UPDATE_BURST } from "../../../src/webhook-limits.ts";
import { sampleBuild } from "../../support/sample-build.ts";
import { servedApp } from "../../support/served-app.ts";
import {
  githubHeaders,
  githubSignature,
  gitlabHeaders,
  NOW,
  ownHeaders,
  SECRET,
  updateApp,
} from "../../support/update-app.ts";

const COMMIT = "a".repeat(40);
const MINUTE_MS = 60_000;

describe("POST /api/update", () => {
  test("is not there while no secret is configured", async () => {
    for (const secret of [undefined, ""]) {
      const app = await updateApp({ secret });
      const unknown = await (await app.get("/api/nothing")).text();
      for (const method of ["POST", "GET", "PUT"]) {
        const response = await app.send(method, "/api/update");
        expect([response.status, await response.text()]).toEqual([404, unknown]);
      }
      // Signed with nothing, by somebody who guesses that the secret is empty.
      const body = "{}";
      expect((await app.post(body, ownHeaders(body, NOW, "x"))).status).toBe(404);
      expect(app.asked).toEqual([]);
    }
    const { send } = await servedApp();
    expect((await send("POST", "/api/update")).status).toBe(404);
  });

  test("asks for the secret each time", async () => {
    const app = await updateApp();
    expect((await app.own({})).status).toBe(200);
    app.setSecret("another one");
    app.advance(1000);
    expect((await app.own({})).status).toBe(401);
    app.setSecret(undefined);
    expect((await app.own({})).status).toBe(404);
  });

  test("answers below the base path too", async () => {
    const { request } = await updateApp({ config: { basePath: "/base" } });
    const headers = ownHeaders("{}", NOW);
    const response = await request("/base/api/update", { method: "POST", body: "{}", headers });
    expect(response.status).toBe(200);
  });

  test.each(["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])("does not take %s", async (method) => {
    const { send } = await updateApp();
    const response = await send(method, "/api/update", { origin: "https://evil.example" });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
    expect(response.headers.has("access-control-allow-origin")).toBe(false);
  });

  test("lets no other origin read its answers", async () => {
    const app = await updateApp({
      answer: () => {
        throw new Error("secret inside");
      },
    });
    const failed = await app.own({});
    expect(failed.status).toBe(500);
    expect(await failed.text()).not.toContain("secret");
    const good = await (await updateApp()).own({});
    for (const response of [failed, good, await app.post("{}")]) {
      expect(response.headers.has("access-control-allow-origin")).toBe(false);
      expect(response.headers.get("cache-control")).toBe("no-store");
    }
  });

  test("hands on the signal of the server, not of the client", async () => {
    const app = await updateApp();
    const client = new AbortController();
    const body = "{}";
    const sent = app.request("/api/update", {
      method: "POST",
      body,
      headers: ownHeaders(body, NOW),
      signal: client.signal,
    });
    client.abort();
    await sent;
    expect(app.signals.map(({ aborted }) => aborted)).toEqual([false]);
  });
});

describe("what came of an update", () => {
  const changed = { added: ["go:2.0.0"], changed: [], removed: [] };
  test.each<[UpdateOutcome, number]>([
    [{ state: "updated", generation: COMMIT, reasons: [], changed }, 200],
    [{ state: "unchanged", generation: COMMIT, reasons: [] }, 200],
    [{ state: "ignored", reasons: ["nothing to do"] }, 200],
    [{ state: "refused", generation: COMMIT, reasons: ["older"] }, 409],
    [{ state: "failed", reasons: ["stacks/go/devfile.yaml:3:1: no"], fault: "content" }, 422],
    [{ state: "failed", reasons: ["no route"], fault: "source" }, 502],
    [{ state: "failed", reasons: ["no route"], fault: "registry" }, 503],
    [{ state: "failed", reasons: ["disk full"] }, 503],
  ])("%j is %i", async (outcome, status) => {
    const app = await updateApp({ answer: () => outcome });
    const response = await app.own({});
    expect(response.status).toBe(status);
    const { fault: _, ...told } = outcome;
    expect(await response.json()).toEqual(told);
    expect(response.headers.has("retry-after")).toBe(status >= 500);
  });

  test("names the commit served where nothing was asked of the port", async () => {
    const sources = [{ url: "https://git.example/a", commit_hash: COMMIT }];
    const app = await updateApp({ build: await sampleBuild({ sources }) });
    const response = await app.post("{}", githubHeaders("{}", "ping"));
    expect(await response.json()).toEqual({
      state: "ignored",
      generation: COMMIT,
      reasons: ['"ping" is no push'],
    });
  });
});

describe("signatures", () => {
  const body = JSON.stringify({ commit: COMMIT });

  test.each<[string, Record<string, string>]>([
    ["none", {}],
    ["no timestamp", { "x-devreg-signature-256": githubSignature(body) }],
    ["another secret", ownHeaders(body, NOW, "wrong")],
    ["another body", ownHeaders(`${body} `, NOW)],
    ["no digest", { ...ownHeaders(body, NOW), "x-devreg-signature-256": "sha256=" }],
    ["another digest", { ...ownHeaders(body, NOW), "x-devreg-signature-256": "sha1=aa" }],
    ["another timestamp", { ...ownHeaders(body, NOW), "x-devreg-timestamp": "1772600768" }],
    ["a fraction", { ...ownHeaders(body, NOW), "x-devreg-timestamp": "1772600767.0" }],
    ["a forge's, another secret", { "x-hub-signature-256": githubSignature(body, "wrong") }],
    ["a forge's of old", { "x-hub-signature": "sha1=00" }],
    ["a wrong token", { "x-gitlab-token": `${SECRET}x` }],
    ["an empty token", { "x-gitlab-token": "" }],
    [
      "ours as the forge's",
      { "x-hub-signature-256": ownHeaders(body, NOW)["x-devreg-signature-256"] ?? "" },
    ],
    [
      "a wrong one beside a right one",
      { ...gitlabHeaders(), "x-devreg-signature-256": "sha256=00" },
    ],
  ])("%s: refused without a word why", async (_, headers) => {
    const app = await updateApp();
    const response = await app.post(body, { "content-type": "application/json", ...headers });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ status: "the signature is missing or wrong" });
    expect(app.asked).toEqual([]);
    expect(app.log.join("\n")).toContain("request for an update refused");
    expect(app.log.join("\n")).not.toContain(SECRET);
  });

  test("the timestamp may be five minutes from now, either way", async () => {
    const app = await updateApp();
    for (const [awayMs, status] of [
      [-5 * MINUTE_MS, 200],
      [-5 * MINUTE_MS - 1000, 401],
      [5 * MINUTE_MS, 200],
      [5 * MINUTE_MS + 1000, 401],
    ] as const) {
      const headers = ownHeaders(body, new Date(NOW.getTime() + awayMs));
      expect((await app.post(body, headers)).status).toBe(status);
    }
  });

  test("each of ours works once, for as long as its timestamp is believed", async () => {
    const app = await updateApp();
    const early = ownHeaders(body, new Date(NOW.getTime() + 5 * MINUTE_MS));
    expect((await app.post(body, early)).status).toBe(200);
    const upper = (early["x-devreg-signature-256"] ?? "").toUpperCase().replace("SHA", "sha");
    for (const waitMs of [0, 0, 5 * MINUTE_MS, 5 * MINUTE_MS, 1000]) {
      app.advance(waitMs);
      expect((await app.post(body, early)).status).toBe(401);
      expect((await app.post(body, { ...early, "x-devreg-signature-256": upper })).status).toBe(
        401,
      );
    }
    expect(app.asked).toHaveLength(1);
  });
});

test("a clock that jumps lets no signature work twice, and is followed at once", async () => {
  let jumpMs = 0;
  const app = await updateApp({ now: () => new Date(NOW.getTime() + jumpMs) });
  const headers = ownHeaders("{}", NOW);
  expect((await app.post("{}", headers)).status).toBe(200);
  for (const [jump, fresh] of [
    [365 * 24 * 60 * MINUTE_MS, 200],
    [0, 401],
    [-60 * MINUTE_MS, 200],
    [0, 401],
  ] as const) {
    jumpMs = jump;
    expect((await app.post("{}", headers)).status).toBe(401);
    expect((await app.own({})).status).toBe(fresh);
  }
  expect(app.asked).toHaveLength(3);
});

test("a token of any characters is compared by its bytes", async () => {
  const secret = "schlüssel €";
  const app = await updateApp({ secret });
  const token = Buffer.from(secret).toString("latin1");
  const body = JSON.stringify({ ref: "refs/heads/x", after: COMMIT });
  const response = await app.post(body, { ...gitlabHeaders(), "x-gitlab-token": token });
  expect(response.status).toBe(422);
});

describe("bounds", () => {
  test("a body that is too large is not read to its end", async () => {
    const app = await updateApp();
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(new Uint8Array(64 * 1024));
      },
    });
    expect((await app.post(endless, gitlabHeaders())).status).toBe(413);
    expect(pulled).toBeLessThan(10);
    const largest = `{"a":"${"x".repeat(UPDATE_BODY_BYTES - 8)}"}`;
    expect((await app.post(largest, ownHeaders(largest, NOW))).status).toBe(400);
    expect((await app.post(`${largest} `, ownHeaders(largest, NOW))).status).toBe(413);
    expect(app.asked).toEqual([]);
  });

  test("more requests than the rate allows are told to wait, signed or not", async () => {
    const app = await updateApp();
    for (let sent = 0; sent < UPDATE_BURST; sent++) await app.post("{}");
    const refused = await app.own({});
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
    app.advance(1000);
    // What was turned away was not used up.
    expect((await app.own({})).status).toBe(200);
  });
});

describe("strangers who send without end", () => {
  test("keep nobody else out", async () => {
    const app = await updateApp();
    const from = (address: string, headers: Readonly<Record<string, string>> = {}) =>
      app.request(
        "/api/update",
        { method: "POST", body: "{}", headers },
        {
          requestIP: () => ({ address }),
        },
      );
    for (let sent = 0; sent < UPDATE_BURST; sent++) await from("192.0.2.1");
    expect((await from("192.0.2.1")).status).toBe(429);
    expect((await from("198.51.100.1", ownHeaders("{}", NOW))).status).toBe(200);
  });

  test("are told apart behind a proxy that is trusted, and by nothing that they say", async () => {
    const app = await updateApp({ config: { trustedProxies: ["192.0.2.0/24"] } });
    const from = async (peer: string, forwarded: string) => {
      const headers = { "x-forwarded-for": forwarded };
      const answer = await app.request(
        "/api/update",
        { method: "POST", body: "{}", headers },
        { requestIP: () => ({ address: peer }) },
      );
      return answer.status;
    };
    for (let sent = 0; sent < UPDATE_BURST; sent++) await from("192.0.2.1", "203.0.113.9");
    expect(await from("192.0.2.1", "203.0.113.9")).toBe(429);
    expect(await from("192.0.2.1", "198.51.100.1, 203.0.113.9")).toBe(429);
    expect(await from("192.0.2.1", "203.0.113.10")).toBe(401);
    for (let sent = 0; sent < UPDATE_BURST; sent++) await from("203.0.113.7", `10.0.0.${sent}`);
    expect(await from("203.0.113.7", "10.9.9.9")).toBe(429);
  });
});

describe("metrics", () => {
  test("know the address as one of its own", async () => {
    const app = await updateApp();
    await app.own({});
    const { text } = await app.metrics.render();
    expect(text).toContain(
      'devreg_http_request_duration_seconds_count{route="update",status="200"} 1',
    );
  });
});
