import { describe, expect, test } from "bun:test";
import { proxyFor } from "../../src/net/proxy.ts";

const PROXY = { http: "http://proxy:3128", https: "http://secure-proxy:3128" };

describe("proxyFor()", () => {
  test("chooses by scheme and goes direct where none is set", () => {
    expect(proxyFor(new URL("http://a.example"), PROXY)).toBe("http://proxy:3128");
    expect(proxyFor(new URL("https://a.example"), PROXY)).toBe("http://secure-proxy:3128");
    expect(proxyFor(new URL("https://a.example"), { http: "http://proxy" })).toBeUndefined();
    expect(proxyFor(new URL("https://a.example"), undefined)).toBeUndefined();
  });
  test("takes a proxy without a scheme for http", () => {
    expect(proxyFor(new URL("http://a.example"), { http: "proxy:80" })).toBe("http://proxy:80");
  });
  test("never goes through a proxy to this machine", () => {
    expect(proxyFor(new URL("http://localhost:5000"), PROXY)).toBeUndefined();
    expect(proxyFor(new URL("http://[::1]:5000"), PROXY)).toBeUndefined();
  });

  const table: readonly (readonly [no: string, url: string, direct: boolean])[] = [
    ["*", "https://a.example", true],
    ["a.example", "https://a.example", true],
    ["A.EXAMPLE", "https://a.example", true],
    ["a.example", "https://b.a.example", true],
    ["a.example", "https://ba.example", false],
    [".a.example", "https://b.a.example", true],
    [".a.example", "https://a.example", false],
    ["*.a.example", "https://b.a.example", true],
    ["a.example:443", "https://a.example", true],
    ["a.example:8443", "https://a.example", false],
    ["a.example:8443", "https://a.example:8443", true],
    ["x.example, a.example", "https://a.example", true],
    ["10.0.0.0/8", "http://10.20.30.40:5000", true],
    ["10.0.0.0/8", "http://11.20.30.40:5000", false],
    ["10.96.0.0/12", "http://10.111.255.1", true],
    ["10.96.0.0/12", "http://10.112.0.1", false],
    ["10.0.0.1", "http://10.0.0.1", true],
    ["10.0.0.1", "http://10.0.0.11", false],
    ["fd00::/8", "http://[fd12::1]", true],
    ["[fd12::1]:5000", "http://[fd12::1]:5000", true],
    ["fd12::1", "http://[fd12::1]:5000", true],
    ["10.0.0.0/8", "http://a.example", false],
    ["", "http://a.example", false],
  ];
  for (const [no, url, direct] of table) {
    test(`with NO_PROXY "${no}" ${url} is ${direct ? "direct" : "proxied"}`, () => {
      expect(proxyFor(new URL(url), { ...PROXY, no }) === undefined).toBe(direct);
    });
  }
});
