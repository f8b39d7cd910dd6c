import { describe, expect, test } from "bun:test";
import { findAddresses, hostOf, isLoopback, isScp } from "../../../src/airgap/audit/address.ts";

describe("hostOf()", () => {
  test.each([
    ["https://Quay.io/a", "quay.io"],
    ["https://quay.io:443/a", "quay.io"],
    ["http://quay.io:80/a", "quay.io"],
    ["http://quay.io:8080/a", "quay.io:8080"],
    ["ssh://git@GitLab.example:2222/a.git", "gitlab.example:2222"],
    ["git@GitHub.com:org/repo.git", "github.com"],
    ["//cdn.example/a", "cdn.example"],
    ["https://[::1]:5000/a", "[::1]:5000"],
    ["https://{{host}}/a", ""],
    ["https://$HOST/a", ""],
    ["beside/file.zip", ""],
  ])("of %s is %p", (address, host) => {
    expect(hostOf(address)).toBe(host);
  });
});

describe("findAddresses()", () => {
  test("finds each with its place, without what ends a sentence", () => {
    const text = 'see https://a.example/x), "git@b.example:o/r.git" and git://c.example/r.';
    expect(findAddresses(text).map(({ text: found, at }) => [found, at])).toEqual([
      ["https://a.example/x", 4],
      ["git@b.example:o/r.git", 27],
      ["git://c.example/r", 54],
    ]);
  });

  test("finds none in words without a scheme", () => {
    expect(findAddresses("quay.io/a/b:1 mailto:a@b.example jdbc:h2:mem file:///etc")).toEqual([]);
  });
});

test("isScp() tells git@host:path from addresses and paths", () => {
  expect(isScp("git@github.com:org/repo")).toBe(true);
  expect(isScp("https://user@host:80/path")).toBe(false);
  expect(isScp("a/b")).toBe(false);
});

test.each([
  ["localhost:8080", true],
  ["127.0.0.1", true],
  ["[::1]:80", true],
  ["0.0.0.0:1", true],
  ["*:8080", true],
  ["localhost.example", false],
  ["128.0.0.1", false],
])("isLoopback(%p) is %p", (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
