import { describe, expect, test } from "bun:test";
import { uriFault } from "../../../../src/generator/validate/devfile/uri.ts";

describe("uriFault()", () => {
  test.each([
    "deploy.yaml",
    "../deploy/a b.yaml",
    "/deploy.yaml",
    "./a:b",
    "a/b:c",
    "*",
    "?%zz",
    "deploy.yaml#part",
    "http:opaque",
    "mailto:%zz",
    "x:",
    "///deploy.yaml",
    "https://files.example",
    "https://files.example:8080/deploy.yaml?a=%zz",
    "https://user:p%40ss@files.example/",
    "https://[::1]:80/",
    "https://bücher.example/",
    "https://h%C3%BC.example/",
    "https://a:b:80/",
  ])("has nothing to say of %p", (uri) => {
    expect(uriFault(uri)).toBeUndefined();
  });

  test.each([
    ["a%2", '"%2" is no escaped character'],
    ["a#%zz", '"%zz" is no escaped character'],
    [":a", "the scheme before the colon is missing"],
    ["a b:c", "a colon stands in its first part"],
    ["1a:b/c", "a colon stands in its first part"],
    ["a\u007f", "it holds a control character"],
    ["httpx", "it begins with http but is no address"],
    ["http", "it begins with http but is no address"],
    ["https://files example/", '"files example" is no host'],
    ["https://files.example#part", '"files.example#part" is no host'],
    ["https://%41.example/", '"%41.example" is no host'],
    ["https://h:x/", '"x" is no port'],
    ["https://a[::1]/", "the brackets of its host are wrong"],
    ["https://[::1/", "the brackets of its host are wrong"],
    ["https://u ser@h/", "the user in it is written wrongly"],
    ["https://h/%2", '"%2" is no escaped character'],
    ["//h h/a", '"h h" is no host'],
  ])("says what is wrong with %p", (uri, fault) => {
    expect(uriFault(uri)).toBe(fault);
  });
});
