import { describe, expect, test } from "bun:test";
import { slugOf } from "../../../src/server/viewer/slug.ts";

describe("slugOf()", () => {
  // What the library of today's viewer gives.
  test.each([
    ["go", "go"],
    ["Go Runtime", "go-runtime"],
    ["Devfile registry", "devfile-registry"],
    ["fooBar", "foo-bar"],
    ["APIs", "apis"],
    ["JSONParser2", "json-parser2"],
    ["UPPER12 case", "upper-12-case"],
    ["nodejs-18", "nodejs-18"],
    ["a__b", "a-b"],
    ["--x--", "x"],
    ["Don't stop", "dont-stop"],
    ["R&D", "r-and-d"],
    ["C++", "c"],
    [".NET 8.0", "net-8-0"],
    ["javaEE7", "java-ee-7"],
    ["Überraschung", "ueberraschung"],
    ["Straße", "strasse"],
    ["café", "cafe"],
    ["smörgåsbord", "smoergasbord"],
    ["日本", ""],
    ["foo/bar", "foo-bar"],
    ["", ""],
    ["x'sY", "xs-y"],
    ["HTTPServer", "http-server"],
    ["iOS12App", "i-os-12-app"],
    ["I love it's", "i-love-its"],
  ])("%p → %p", (name, slug) => {
    expect(slugOf(name)).toBe(slug);
  });

  test("looks at so much of a name only", () => {
    expect(slugOf("a".repeat(10_000))).toBe("a".repeat(200));
  });
});
