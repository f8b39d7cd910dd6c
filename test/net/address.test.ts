import { describe, expect, test } from "bun:test";
import { isLoopbackHost, isPrivateHost, mayLeadTo, networkOf } from "../../src/net/index.ts";

describe("networkOf()", () => {
  const table: Readonly<Record<string, readonly string[]>> = {
    loopback: [
      "localhost",
      "LOCALHOST:5000",
      "localhost.",
      "registry.localhost",
      "127.0.0.1",
      "127.1",
      "0x7f.0.0.1",
      "0177.0.0.1",
      "2130706433",
      "0.0.0.0",
      "::1",
      "[::1]:5000",
      "[::]",
      "[::ffff:127.0.0.1]",
      "[64:ff9b::7f00:1]",
      "user:secret@127.0.0.1",
      "１２７.0.0.1",
      "%31%32%37.0.0.1",
    ],
    "link-local": [
      "169.254.169.254",
      "[fe80::1]",
      "[::ffff:169.254.169.254]",
      "100.100.100.200",
      "168.63.129.16",
      "192.0.0.192",
      "[fd00:ec2::254]",
      "[fd20:ce::254]",
    ],
    internal: [
      "10.1.2.3",
      "172.16.0.1",
      "172.31.255.255",
      "192.168.0.1:80",
      "100.64.0.1",
      "[fd00::1]",
      "[fec0::1]",
      "[2002:a00:1::]",
      "224.0.0.1",
      "255.255.255.255",
      "registry",
      "registry.apps.svc",
      "registry.apps.svc.cluster.local",
    ],
    public: [
      "registry.example",
      "8.8.8.8",
      "172.32.0.1",
      "100.128.0.1",
      "[2001:4860::1]",
      "localhost.example.org",
      "127.0.0.1.example.org",
    ],
  };
  for (const [network, hosts] of Object.entries(table)) {
    for (const host of hosts) {
      test(`finds "${host}" ${network}`, () => {
        expect(networkOf(host) as string).toBe(network);
      });
    }
  }
});

describe("isPrivateHost()", () => {
  test("holds for addresses that are not public and for this machine's names alone", () => {
    expect(["10.0.0.1", "localhost", "[::1]", "169.254.1.1"].map(isPrivateHost)).toEqual(
      new Array(4).fill(true),
    );
    expect(["registry", "registry.apps.svc", "8.8.8.8", ""].map(isPrivateHost)).toEqual(
      new Array(4).fill(false),
    );
  });
});

describe("isLoopbackHost()", () => {
  test("takes .local for another machine", () => {
    expect(isLoopbackHost("registry.local")).toBe(false);
  });
});

describe("mayLeadTo()", () => {
  const hop = (from: string, to: string) => mayLeadTo(new URL(from), new URL(to));
  test("lets anybody lead to a public address", () => {
    expect(hop("https://registry.example", "https://storage.example")).toBe(true);
    expect(hop("http://127.0.0.1:5000", "https://storage.example")).toBe(true);
  });
  test("lets nobody outside lead inside", () => {
    expect(hop("https://registry.example", "https://10.0.0.1")).toBe(false);
    expect(hop("https://registry.example", "https://minio.storage.svc")).toBe(false);
    expect(hop("https://registry.example", "http://2130706433")).toBe(false);
  });
  test("lets an internal host lead to an internal one, not to this machine or the metadata", () => {
    expect(hop("https://registry.apps.svc", "https://10.0.0.1:9000")).toBe(true);
    expect(hop("https://10.0.0.2", "https://localhost")).toBe(false);
    expect(hop("https://10.0.0.2", "http://169.254.169.254")).toBe(false);
    expect(hop("http://127.0.0.1:5000", "http://169.254.169.254")).toBe(false);
  });
});
