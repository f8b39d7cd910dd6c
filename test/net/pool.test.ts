import { afterAll, describe, expect, test } from "bun:test";
import { readAll, textOf, utf8 } from "../../src/bytes.ts";
import { createTransportPool, fetchBytes, isTransient } from "../../src/net/index.ts";
import { type FaultServer, type Script, startFaultServer } from "../support/fault-server.ts";
import { failureOf } from "../support/remote.ts";

const pool = createTransportPool({ userAgent: "devreg/test" });
const servers: FaultServer[] = [];
const start = async (script: Script) => {
  const server = await startFaultServer(script);
  servers.push(server);
  return server;
};
afterAll(async () => {
  await pool.close();
  for (const server of servers) await server.stop();
});

test("undici is the real one, not Bun's replacement", async () => {
  const { Agent, ProxyAgent } = await import("undici/index.js");
  expect(typeof Agent.prototype.dispatch).toBe("function");
  expect(typeof ProxyAgent.prototype.dispatch).toBe("function");
});

describe("createTransportPool()", () => {
  test("sends method, headers and bytes and gives status, headers and body", async () => {
    const server = await start(() => ({ status: 201, headers: { "X-One": "1" }, body: "hello" }));
    const url = new URL(`http://${server.host}/a%2Fb?x=%3D&y`);
    const response = await pool.send({ method: "PUT", url, headers: { a: "b" }, body: utf8("in") });
    expect([response.status, response.header("x-ONE"), response.header("none")]).toEqual([
      201,
      "1",
      undefined,
    ]);
    expect(textOf(await readAll(response.body, 100, "body"))).toBe("hello");
    expect(server.requests[0]).toMatchObject({
      method: "PUT",
      target: "/a%2Fb?x=%3D&y",
      headers: { a: "b", "user-agent": "devreg/test", "content-length": "2" },
      body: utf8("in"),
    });
  });

  test("streams a body with its length", async () => {
    const server = await start(() => ({ status: 200 }));
    const body = async function* () {
      yield utf8("one");
      yield utf8("two");
    };
    const url = new URL(`http://${server.host}/`);
    await (await pool.send({ method: "PUT", url, body, bodyBytes: 6 })).discard();
    expect(textOf(server.requests[0]?.body ?? utf8(""))).toBe("onetwo");
    expect(server.requests[0]?.headers["transfer-encoding"]).toBeUndefined();
  });

  test("passes on what the source of a body failed with", async () => {
    const server = await start(() => ({ status: 200 }));
    const body = async function* () {
      yield utf8("one");
      throw new Error("the source failed");
    };
    const url = new URL(`http://${server.host}/`);
    expect(pool.send({ method: "PUT", url, body, bodyBytes: 6 })).rejects.toThrow(
      "the source failed",
    );
  });

  test("uses connections again once bodies are discarded", async () => {
    const server = await start(() => ({ status: 200, body: "x".repeat(1000) }));
    const url = new URL(`http://${server.host}/`);
    for (let count = 0; count < 20; count += 1) {
      await (await pool.send({ method: "GET", url })).discard();
    }
    // The library may open a second one while it puts the first back.
    expect(server.requests).toHaveLength(20);
    expect(server.connections()).toBeLessThanOrEqual(2);
  });

  test("says what is wrong with a connection", async () => {
    const closed = await startFaultServer(() => ({ status: 200 }));
    await closed.stop();
    const refused = await failureOf(
      pool.send({ method: "GET", url: new URL(`http://${closed.host}/`) }),
    );
    expect(refused.message).toBe(`Cannot reach ${closed.host}: connection refused`);
    const server = await start(() => "reset");
    const reset = await failureOf(
      pool.send({ method: "GET", url: new URL(`http://${server.host}/`) }),
    );
    expect([refused.code, reset.code]).toEqual(["NETWORK", "NETWORK"]);
    expect([refused, reset].map(isTransient)).toEqual([true, true]);
  });

  test("says that the peer speaks no TLS, which no retry changes", async () => {
    const plain = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
    const failure = await failureOf(
      pool.send({ method: "GET", url: new URL(`https://127.0.0.1:${plain.port}/`) }),
    );
    await plain.stop(true);
    expect(failure.hint).toContain("--plain-http");
    expect(isTransient(failure)).toBe(false);
  });

  test("reports a body that breaks off", async () => {
    const server = await start(() => ({ status: 200, body: "0123456789", cutAfter: 4 }));
    const response = await pool.send({ method: "GET", url: new URL(`http://${server.host}/`) });
    expect((await failureOf(readAll(response.body, 100, "body"))).code).toBe("NETWORK");
  });

  test("ends with ABORTED when the caller stops it", async () => {
    const server = await start(() => ({ status: 200, body: "x".repeat(100_000), endless: true }));
    const stop = new AbortController();
    const url = new URL(`http://${server.host}/`);
    const response = await pool.send({ method: "GET", url, signal: stop.signal });
    const failure = await failureOf(
      (async () => {
        for await (const chunk of response.body) {
          expect(chunk.byteLength).toBeGreaterThan(0);
          stop.abort();
        }
      })(),
    );
    expect(failure.code).toBe("ABORTED");
  });

  test("refuses to send after it was closed", async () => {
    const closed = createTransportPool({ userAgent: "devreg/test" });
    await closed.close();
    const failure = await failureOf(closed.send({ method: "GET", url: new URL("http://a.test/") }));
    expect(failure.code).toBe("ABORTED");
  });

  test("goes through a proxy, except where NO_PROXY says otherwise", async () => {
    const proxy = await start(() => ({ status: 200, body: "from the proxy" }));
    const proxied = createTransportPool({
      userAgent: "devreg/test",
      proxy: { http: `http://user:secret@${proxy.host}`, no: "direct.invalid" },
    });
    const response = await proxied.send({ method: "GET", url: new URL("http://far.invalid/x") });
    expect(textOf(await readAll(response.body, 100, "body"))).toBe("from the proxy");
    expect(proxy.requests[0]?.target).toBe("http://far.invalid/x");
    const direct = await failureOf(
      proxied.send({ method: "GET", url: new URL("http://direct.invalid/") }),
    );
    expect(direct.message).toBe("Cannot reach direct.invalid: there is no such host");
    await proxied.close();
  });
});

describe("fetchBytes()", () => {
  const fetch = (url: string, limitBytes = 10) =>
    fetchBytes(pool.send, new URL(url), { limitBytes, timeoutMs: 5_000, what: "icon" });

  test("gives bytes, type and final address", async () => {
    const server = await start(({ target }) =>
      target === "/from"
        ? { status: 302, headers: { location: "/to" } }
        : { status: 200, headers: { "content-type": "Image/PNG; q=1" }, body: "png" },
    );
    const fetched = await fetch(`http://${server.host}/from`);
    expect(fetched.contentType).toBe("image/png");
    expect(textOf(fetched.bytes)).toBe("png");
    expect(fetched.url.pathname).toBe("/to");
  });

  test("stops at the limit, announced or not", async () => {
    const server = await start(({ target }) =>
      target === "/endless"
        ? { status: 200, body: "0123456789", endless: true }
        : { status: 200, body: "01234567890" },
    );
    for (const path of ["announced", "endless"]) {
      const failure = await failureOf(fetch(`http://${server.host}/${path}`));
      expect(failure.code).toBe("LIMIT_EXCEEDED");
    }
  });

  test("says what the server answered", async () => {
    const server = await start(({ target }) => ({ status: Number(target.slice(1)) }));
    const codes = [404, 403, 500].map(
      async (status) => (await failureOf(fetch(`http://${server.host}/${status}`))).code,
    );
    expect(await Promise.all(codes)).toEqual(["NOT_FOUND", "UNAUTHORIZED", "NETWORK"]);
  });

  test("fetches from web addresses only", async () => {
    expect((await failureOf(fetch("file:///etc/passwd"))).code).toBe("INPUT_INVALID");
  });
});
