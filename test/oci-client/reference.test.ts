import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  formatReference,
  isRegistryHost,
  isRepositoryName,
  isTag,
  parseReference,
  parseRegistryLocation,
  type Reference,
  repositoryAt,
} from "../../src/oci-client/index.ts";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}` as const;

describe("isRegistryHost()", () => {
  const table: Readonly<Record<string, boolean>> = {
    localhost: true,
    "localhost:5000": true,
    "127.0.0.1:5000": true,
    "registry.example.com": true,
    "Registry.Example.COM": true,
    "[::1]:5000": true,
    "[2001:db8::1]": true,
    "my-host": true,
    "1host:443": true,
    "host:65535": true,
    "": false,
    "host:0": false,
    "host:65536": false,
    "host:": false,
    "host:http": false,
    ":5000": false,
    "::1": false,
    "[::1": false,
    "-host": false,
    "host-": false,
    "host..example": false,
    ".host": false,
    under_score: false,
    "user@host": false,
    "https://host": false,
    "host/path": false,
    "host name": false,
    "host\n": false,
    "höst.example": false,
  };
  for (const [text, valid] of Object.entries(table)) {
    test(`${valid ? "takes" : "refuses"} ${JSON.stringify(text)}`, () => {
      expect(isRegistryHost(text)).toBe(valid);
    });
  }
});

describe("isRepositoryName()", () => {
  const table: Readonly<Record<string, boolean>> = {
    go: true,
    "devfile-catalog/go": true,
    "a/b/c/d": true,
    "java-quarkus": true,
    a__b: true,
    "a---b": true,
    "a.b_c-d": true,
    "docker.io/library/busybox": true,
    [`a${"/a".repeat(127)}`]: true,
    [`a${"/a".repeat(128)}`]: false,
    "": false,
    Go: false,
    "/go": false,
    "go/": false,
    "a//b": false,
    "..": false,
    "a/../b": false,
    "./a": false,
    "a/.": false,
    "-a": false,
    "a-": false,
    "a..b": false,
    a___b: false,
    "a/_b": false,
    "a:b": false,
    "a@b": false,
    "a b": false,
    "a\n": false,
    "a%2fb": false,
    ä: false,
  };
  for (const [text, valid] of Object.entries(table)) {
    test(`${valid ? "takes" : "refuses"} ${JSON.stringify(text.slice(0, 40))}`, () => {
      expect(isRepositoryName(text)).toBe(valid);
    });
  }

  test("answers a long hostile name at once", () => {
    expect(isRepositoryName(`${"a-".repeat(120)}!`)).toBe(false);
    expect(isRepositoryName("a".repeat(1_000_000))).toBe(false);
  });
});

describe("isTag()", () => {
  const table: Readonly<Record<string, boolean>> = {
    latest: true,
    "2.0.0": true,
    _x: true,
    "V1.0-rc.1_b": true,
    [`t${"x".repeat(127)}`]: true,
    [`t${"x".repeat(128)}`]: false,
    "": false,
    ".hidden": false,
    "-x": false,
    "a/b": false,
    "a:b": false,
    "1.0+build": false,
    "a\n": false,
    "..": false,
  };
  for (const [text, valid] of Object.entries(table)) {
    test(`${valid ? "takes" : "refuses"} ${JSON.stringify(text.slice(0, 40))}`, () => {
      expect(isTag(text)).toBe(valid);
    });
  }
});

describe("parseReference()", () => {
  const table: readonly (readonly [string, Reference])[] = [
    ["host/go", { registry: "host", repository: "go" }],
    ["host:5000/go", { registry: "host:5000", repository: "go" }],
    ["host:5000/a/b:1.0", { registry: "host:5000", repository: "a/b", tag: "1.0" }],
    ["[::1]:5000/go:1", { registry: "[::1]:5000", repository: "go", tag: "1" }],
    ["HOST.example/go:Tag", { registry: "HOST.example", repository: "go", tag: "Tag" }],
    [`host/go@${DIGEST}`, { registry: "host", repository: "go", digest: DIGEST }],
    [`host/go:1@${DIGEST}`, { registry: "host", repository: "go", tag: "1", digest: DIGEST }],
  ];
  for (const [text, reference] of table) {
    test(`reads ${text.slice(0, 50)}`, () => expect(parseReference(text)).toEqual(reference));
  }

  const refused = [
    "",
    "go",
    "go:1.0",
    "host/",
    "/go",
    "host/Go",
    "host/go:",
    "host/go@",
    "host/go@sha256:123",
    `host/go@${DIGEST}:1`,
    `host/go@${DIGEST}@${DIGEST}`,
    "host/a:b:c",
    "host/go:a/b",
    "https://host/go",
    "user:secret@host/go",
    "host/../go",
    "host/go\n",
  ];
  for (const text of refused) {
    test(`refuses ${JSON.stringify(text.slice(0, 50))}`, () => {
      expect(() => parseReference(text)).toThrow("Cannot read reference");
    });
  }

  test("reads back whatever formatReference() writes", () => {
    const part = fc.stringMatching(/^[a-z0-9]+(?:[._-][a-z0-9]+){0,2}$/);
    const host = fc.tuple(
      fc.constantFrom("localhost", "registry.example.com", "10.0.0.1", "[2001:db8::1]"),
      fc.option(fc.integer({ min: 1, max: 65_535 })),
    );
    const reference = fc.record(
      {
        registry: host.map(([name, port]) => (port === null ? name : `${name}:${port}`)),
        repository: fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/")),
        tag: fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,20}$/),
        digest: fc.constant(DIGEST),
      },
      { requiredKeys: ["registry", "repository"] },
    );
    fc.assert(
      fc.property(reference, (parts) => {
        expect(parseReference(formatReference(parts))).toEqual(parts);
      }),
    );
  });

  test("throws nothing but its own error, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        try {
          expect(formatReference(parseReference(text))).toBe(text);
        } catch (error) {
          expect(error).toMatchObject({ code: "USAGE" });
        }
      }),
    );
  });
});

describe("parseRegistryLocation()", () => {
  const table: readonly (readonly [string, string, string])[] = [
    ["host", "host", ""],
    ["host:5000", "host:5000", ""],
    ["host/", "host", ""],
    ["host/team/devfiles", "host", "team/devfiles"],
    ["[::1]:5000/team/", "[::1]:5000", "team"],
  ];
  for (const [text, registry, prefix] of table) {
    test(`reads ${text}`, () => expect(parseRegistryLocation(text)).toEqual({ registry, prefix }));
  }

  for (const text of ["", "host/Team", "host//team", "host/..", "user@host", "host/team:tag"]) {
    test(`refuses ${JSON.stringify(text)}`, () => {
      expect(() => parseRegistryLocation(text)).toThrow("Cannot read registry");
    });
  }

  test("says to leave the scheme out", () => {
    expect(() => parseRegistryLocation("https://host")).toThrow(
      expect.objectContaining({ code: "USAGE", hint: expect.stringContaining("without a scheme") }),
    );
  });

  test("repositoryAt() puts names below the prefix", () => {
    expect(repositoryAt(parseRegistryLocation("host"), "go")).toBe("go");
    expect(repositoryAt(parseRegistryLocation("host/team/a"), "go")).toBe("team/a/go");
  });
});
