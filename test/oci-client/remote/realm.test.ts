import { describe, expect, test } from "bun:test";
import { DevregError } from "../../../src/errors.ts";
import { checkRealm, isSameSite } from "../../../src/oci-client/remote/realm.ts";

const trust = (registry: string, realm: string, trusted: readonly string[] = []) => {
  try {
    const { takesCredentials } = checkRealm(new URL(registry), realm, new Set(trusted));
    return takesCredentials ? "credentials" : "anonymous";
  } catch (error) {
    if (error instanceof DevregError) return error.code;
    throw error;
  }
};

describe("checkRealm()", () => {
  const table: readonly (readonly [registry: string, realm: string, verdict: string])[] = [
    ["https://registry.example", "https://registry.example/token", "credentials"],
    ["https://registry.example:5000", "https://registry.example/token", "credentials"],
    ["https://registry.company.example", "https://auth.company.example/token", "credentials"],
    ["https://company.example", "https://auth.company.example/token", "credentials"],
    ["https://registry-1.docker.io", "https://auth.docker.io/token", "credentials"],
    ["https://a.co.uk", "https://b.co.uk/token", "anonymous"],
    ["https://x.a.co.uk", "https://y.a.co.uk/token", "credentials"],
    ["https://registry.example", "https://registry.example.evil.test/token", "anonymous"],
    ["https://registry.example", "https://evil.test/registry.example", "anonymous"],
    ["https://registry.example", "https://registry.example@evil.test/token", "anonymous"],
    ["https://8.8.8.8", "https://8.8.4.4/token", "anonymous"],
    ["https://registry.example", "http://registry.example/token", "UNAUTHORIZED"],
    ["http://registry.example", "http://registry.example/token", "credentials"],
    ["http://registry.example", "https://registry.example/token", "credentials"],
    ["https://registry.example", "https://127.0.0.1/token", "UNAUTHORIZED"],
    ["https://registry.example", "https://2130706433/token", "UNAUTHORIZED"],
    ["https://registry.example", "https://user@0x7f.1/token", "UNAUTHORIZED"],
    ["https://registry.example", "https://[::ffff:10.0.0.1]/token", "UNAUTHORIZED"],
    ["https://registry.example", "https://169.254.169.254/token", "UNAUTHORIZED"],
    ["https://registry.example", "https://0.0.0.0/token", "UNAUTHORIZED"],
    ["https://registry.example", "https://localhost/token", "UNAUTHORIZED"],
    ["http://127.0.0.1:5000", "http://127.0.0.1:5001/token", "UNAUTHORIZED"],
    ["http://127.0.0.1:5000", "http://127.0.0.1:5000/token", "credentials"],
    ["https://10.0.0.5", "https://10.0.0.5/service/token", "credentials"],
    ["https://registry.example", "/token", "UNAUTHORIZED"],
    ["https://registry.example", "file:///etc/passwd", "UNAUTHORIZED"],
  ];
  for (const [registry, realm, verdict] of table) {
    test(`${registry} may name ${realm}: ${verdict}`, () => {
      expect(trust(registry, realm)).toBe(verdict);
    });
  }

  test("trusts a host that is named as trusted, but never without TLS behind TLS", () => {
    const trusted = ["auth.test", "127.0.0.1:5001"];
    expect(trust("https://registry.example", "https://auth.test/token", trusted)).toBe(
      "credentials",
    );
    expect(trust("http://127.0.0.1:5000", "http://127.0.0.1:5001/t", trusted)).toBe("credentials");
    expect(trust("https://registry.example", "https://auth.test:444/", trusted)).toBe("anonymous");
    expect(trust("https://registry.example", "http://auth.test/", trusted)).toBe("UNAUTHORIZED");
  });

  test("drops user information from the address", () => {
    const { url } = checkRealm(new URL("https://a.example"), "https://u:p@a.example/t", new Set());
    expect(url.href).toBe("https://a.example/t");
  });
});

test("isSameSite() takes single labels for strangers", () => {
  expect(isSameSite("registry", "auth")).toBe(false);
  expect(isSameSite("registry", "registry")).toBe(true);
});
