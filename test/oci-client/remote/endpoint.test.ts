import { describe, expect, test } from "bun:test";
import { DevregError } from "../../../src/errors.ts";
import { always, failureOf, openRemote } from "../../support/remote.ts";
import { blobOf } from "../../support/sample-content.ts";
import { stubTransport } from "../../support/stub-transport.ts";

describe("the scheme of a registry", () => {
  const table: readonly (readonly [location: string, plainHttp: boolean, url: string])[] = [
    ["a.example", false, "https://a.example/v2/"],
    ["a.example:443", false, "https://a.example/v2/"],
    ["a.example:5000", true, "http://a.example:5000/v2/"],
    ["localhost:5000", false, "http://localhost:5000/v2/"],
    ["127.0.0.1", false, "http://127.0.0.1/v2/"],
    ["[::1]:5000", false, "http://[::1]:5000/v2/"],
    ["registry.local:5000", false, "https://registry.local:5000/v2/"],
    ["localhost.evil.test", false, "https://localhost.evil.test/v2/"],
    ["10.0.0.1:5000", false, "https://10.0.0.1:5000/v2/"],
    ["docker.io", false, "https://registry-1.docker.io/v2/"],
  ];
  for (const [location, plainHttp, url] of table) {
    test(`of ${location}${plainHttp ? " over plain http" : ""} makes ${url}`, async () => {
      const { send, requests } = stubTransport(() => ({ status: 200 }));
      await openRemote(location, { send, plainHttp }).ping();
      expect(requests.map((request) => request.url)).toEqual([url]);
    });
  }
});

describe("a registry on this machine", () => {
  const credentials = always({ kind: "basic", username: "u", password: "p" });
  const WANTS_TLS = "Client sent an HTTP request to an HTTPS server.\n";

  /** A server that speaks TLS, and how it treats those who do not. */
  const overTls = (plain: () => { status: number; body?: string }) =>
    stubTransport(({ url, headers }) => {
      if (url.startsWith("http:")) return plain();
      return headers["authorization"] === undefined
        ? { status: 401, headers: { "www-authenticate": "Basic" } }
        : { status: 200 };
    });

  const rude = (): never => {
    throw new DevregError("NETWORK", "Cannot reach it: the connection broke off");
  };
  const plainAnswers = [
    ["says so", () => ({ status: 400, body: WANTS_TLS })],
    ["hangs up", rude],
  ] as const;
  for (const [name, plain] of plainAnswers) {
    test(`is spoken to over TLS once it ${name}, credentials only then`, async () => {
      const { send, requests } = overTls(plain);
      const registry = openRemote("localhost:5000", { send, credentials });
      await registry.ping();
      await registry
        .repository("r")
        .resolve("x")
        .catch(() => undefined);
      const schemes = requests.map(({ url, headers }) => [
        new URL(url).protocol,
        headers["authorization"] !== undefined,
      ]);
      expect(schemes.slice(0, 3)).toEqual([
        ["http:", false],
        ["https:", false],
        ["https:", true],
      ]);
      expect(schemes.slice(3).every(([protocol, signed]) => protocol === "https:" && signed)).toBe(
        true,
      );
    });
  }

  test("is spoken to over TLS when it says 400 to a HEAD, where it can say no more", async () => {
    const { send, requests } = overTls(() => ({ status: 400 }));
    const registry = openRemote("localhost:5000", { send, credentials });
    await registry.repository("r").exists(blobOf("x").descriptor);
    expect(requests.map(({ url }) => new URL(url).protocol)).toEqual(["http:", "https:", "https:"]);
  });

  test("keeps another 400 as it is", async () => {
    const { send, requests } = stubTransport(() => ({ status: 400, body: "bad day" }));
    const failure = await failureOf(openRemote("localhost:5000", { send }).ping());
    expect(failure.message).toContain("bad day");
    expect(requests).toHaveLength(1);
  });

  test("that is just failing is asked again over http", async () => {
    let failures = 2;
    const { send } = stubTransport(({ url }) => {
      if (url.startsWith("https:")) throw new DevregError("NETWORK", "Cannot reach it: no TLS");
      failures -= 1;
      if (failures >= 0) throw new DevregError("NETWORK", "Cannot reach it: reset");
      return { status: 200 };
    });
    await openRemote("localhost:5000", { send }).ping();
    expect(failures).toBe(-1);
  });
});
