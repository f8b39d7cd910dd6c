import { describe, expect, test } from "bun:test";
import { isCompressible, mediaTypeOf } from "../../../src/server/http/index.ts";

describe("mediaTypeOf()", () => {
  test.each([
    ["stacks/go/devfile.yaml", "application/x-yaml"],
    ["logo.SVG", "image/svg+xml"],
    ["a.tar", "application/x-tar"],
    ["OWNERS", "application/octet-stream"],
    ["a.b/file", "application/octet-stream"],
    ["x.constructor", "application/octet-stream"],
    ["x.html", "application/octet-stream"],
  ])("%s", (path, expected) => {
    expect(mediaTypeOf(path)).toBe(expected);
  });
});

describe("isCompressible()", () => {
  test.each([
    ["text/plain; charset=utf-8", true],
    ["application/json; charset=utf-8", true],
    ["image/svg+xml", true],
    ["image/png", false],
    ["application/zip", false],
  ])("%s", (type, expected) => {
    expect(isCompressible(type)).toBe(expected);
  });
});
