import { describe, expect, test } from "bun:test";
import { utf8 } from "../../src/bytes.ts";
import { redirecting } from "../../src/net/index.ts";
import { failureOf } from "../support/remote.ts";
import { type StubAnswer, stubTransport } from "../support/stub-transport.ts";

const SECRET = { authorization: "Bearer canary", cookie: "canary", "x-custom": "canary" };

function leading(hops: Readonly<Record<string, StubAnswer | string>>) {
  const stub = stubTransport(({ url }) => {
    const hop = hops[url] ?? { status: 200 };
    return typeof hop === "string" ? { status: 307, headers: { location: hop } } : hop;
  });
  const follow = redirecting(stub.send);
  const get = (url: string) =>
    follow({ method: "GET", url: new URL(url), headers: { accept: "a/b", range: "r", ...SECRET } });
  return { ...stub, follow, get };
}

describe("redirecting()", () => {
  test("follows to another origin without credentials, cookies and headers of ours", async () => {
    const { get, requests } = leading({ "https://a.example/": "https://b.example/x" });
    const response = await get("https://a.example/");
    expect(response.url.href).toBe("https://b.example/x");
    expect(requests[1]?.headers).toEqual({ accept: "a/b", range: "r" });
  });

  const origins = [
    ["another port", "https://a.example/", "https://a.example:8443/"],
    ["another scheme", "http://a.example/", "https://a.example/"],
    ["a sub-domain", "https://a.example/", "https://b.a.example/"],
    ["the same host after user information", "https://a.example/", "https://a.example@b.example/"],
  ] as const;
  for (const [name, from, to] of origins) {
    test(`takes ${name} for another origin`, async () => {
      const { get, requests } = leading({ [from]: to });
      await get(from);
      expect(JSON.stringify(requests[1]?.headers)).not.toContain("canary");
    });
  }

  test("keeps headers on the same origin, also behind a relative Location", async () => {
    const { get, requests } = leading({ "https://a.example/x/y": "../z?q=1#part" });
    await get("https://a.example/x/y");
    expect(requests[1]).toMatchObject({ url: "https://a.example/z?q=1", headers: SECRET });
  });

  test("does not get headers back on the way home", async () => {
    const { get, requests } = leading({
      "https://a.example/": "https://b.example/",
      "https://b.example/": "https://a.example/back",
    });
    await get("https://a.example/");
    expect(requests[2]?.headers).toEqual({ accept: "a/b", range: "r" });
  });

  const refused = [
    ["from https to http", "https://a.example/", "http://a.example/"],
    ["from outside to a private address", "https://a.example/", "https://192.168.1.1/"],
    ["from outside to loopback in hexadecimal", "https://a.example/", "https://0x7f000001/"],
    ["from outside to the metadata address", "http://a.example/", "http://169.254.169.254/"],
    ["to a file", "https://a.example/", "file:///etc/passwd"],
    ["to no address at all", "https://a.example/", "https://"],
  ] as const;
  for (const [name, from, to] of refused) {
    test(`refuses to go ${name}`, async () => {
      const { get, requests } = leading({ [from]: to });
      expect((await failureOf(get(from))).code).toBe("NETWORK");
      expect(requests).toHaveLength(1);
    });
  }

  test("stops after ten redirects", async () => {
    const stub = stubTransport(({ url }) => ({ status: 302, headers: { location: `${url}x` } }));
    const follow = redirecting(stub.send);
    const failure = await failureOf(follow({ method: "GET", url: new URL("https://a.example/") }));
    expect(failure.message).toContain("more than 10 redirects");
    expect(stub.requests).toHaveLength(11);
  });

  test("sends a body again where the method is kept, and not otherwise", async () => {
    const kept = leading({ "https://a.example/": "https://a.example/other" });
    const put = { method: "PUT", url: new URL("https://a.example/"), body: utf8("bytes") };
    await kept.follow(put);
    expect(kept.requests[1]).toMatchObject({ method: "PUT", body: "bytes" });
    const changed = leading({
      "https://a.example/": { status: 302, headers: { location: "https://a.example/other" } },
    });
    expect((await changed.follow(put)).status).toBe(302);
    expect(changed.requests).toHaveLength(1);
  });
});
